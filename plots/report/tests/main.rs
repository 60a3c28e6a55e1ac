//! The page of the crate: what is vendored and compiled is what it says it is.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn vendored_files_are_those_of_the_hashes_beside_them() {
    let vendor = root().join("vendor");
    let list = fs::read_to_string(vendor.join("SHA256SUMS")).unwrap();
    let mut listed = Vec::new();
    for line in list.lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        assert_eq!(
            sha256(&fs::read(vendor.join(name)).unwrap()),
            hash,
            "{name}"
        );
        listed.push(name.to_owned());
    }
    listed.push("SHA256SUMS".to_owned());
    listed.sort();
    let there = fs::read_dir(vendor).unwrap();
    let mut there: Vec<String> = there
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    assert_eq!(there, listed);
}
