//! Tells the program the commit that it is built from: `DAM_COMMIT` where it is set, else what the package of a registry
//! says, else what git says.

use std::process::Command;

/// The file in which `cargo package` notes the commit.
const PACKAGED: &str = ".cargo_vcs_info.json";

/// The commit that a package was made from, in twelve digits.
fn packaged() -> Option<String> {
    let text = std::fs::read_to_string(PACKAGED).ok()?;
    let (_, rest) = text.split_once("\"sha1\": \"")?;
    rest.get(..12).map(str::to_owned)
}

fn main() {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    println!("cargo::rerun-if-env-changed=DAM_COMMIT");
    for path in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", path]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let given = std::env::var("DAM_COMMIT").ok();
    let commit = given.or_else(packaged);
    let commit = commit.or_else(|| git(&["rev-parse", "--short=12", "HEAD"]));
    let commit = commit.unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=DAM_COMMIT={commit}");
}
