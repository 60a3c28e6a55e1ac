//! Jobs and queries on patterns of one's own.

use std::fs;
use std::path::Path;

use dam::memory::files::{npy_bytes, read_table};
use dam::memory::images::{ImageSet, Pictures};

use crate::folder::{Folder, assert_contains, changed, refused};

const JOB: &str = r#"
[job]
name = "own"
experiment = "retrieval"

[patterns]
ensemble = "file"
path = "digits.npy"
unit = 255
pooling = 2
centering = "set"
normalization = "sphere"

[sweep]
alpha = [0.02, 0.03]
lambda = [0.05, 0.4]

[sampling]
samples = 4
"#;

fn digits() -> ImageSet {
    let path = "sims/data/mnist-1500-images-idx3-ubyte.gz";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    ImageSet::read_idx(&path, None, 10).unwrap()
}

/// The digits of the repository as NumPy saves an array of bytes.
fn digits_npy(set: &ImageSet) -> Vec<u8> {
    let header = format!(
        "{{'descr': '|u1', 'fortran_order': False, 'shape': ({}, 28, 28), }}",
        set.count()
    );
    let header = format!("{header:117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend((0..set.count()).flat_map(|index| set.image(index)));
    bytes
}

/// The measured columns of a results table: all but the ensemble's name and the settings.
fn numbers(table: &str) -> Vec<Vec<String>> {
    let mut lines = table
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect());
    let header: Vec<String> = lines.next().unwrap();
    let is_number = |name: &String| {
        !(name == "ensemble" || name.starts_with("patterns.") || name.starts_with("job."))
    };
    let kept: Vec<usize> = (0..header.len())
        .filter(|&column| is_number(&header[column]))
        .collect();
    let rows =
        lines.map(|line: Vec<String>| kept.iter().map(|&column| line[column].clone()).collect());
    rows.collect()
}

#[test]
fn the_digits_as_npy_give_the_numbers_of_the_images_to_the_bit() {
    let folder = Folder::with_job(JOB);
    fs::write(folder.path("digits.npy"), digits_npy(&digits())).unwrap();
    folder.succeed(&["run", "job.toml"]);
    let images = format!(
        "ensemble = \"images\"\npath = {:?}",
        format!(
            "{}/sims/data/mnist-1500-images-idx3-ubyte.gz",
            env!("CARGO_MANIFEST_DIR")
        )
    );
    let job = changed(
        JOB,
        "ensemble = \"file\"\npath = \"digits.npy\"\nunit = 255",
        &images,
    );
    folder.write("images.toml", &changed(&job, "\"own\"", "\"images\""));
    folder.succeed(&["run", "images.toml"]);
    let [own, images] = ["own", "images"].map(|name| folder.read(&format!("results/{name}.csv")));
    assert!(own.contains("retrieval,file,0.02,196,50,"), "{own}");
    let own = numbers(&own);
    assert!(own.len() > 10);
    assert_eq!(own, numbers(&images));
}

#[test]
fn a_changed_file_is_noticed() {
    let folder = Folder::with_job(&changed(JOB, "pooling = 2", "pooling = 7"));
    let job = changed(&folder.read("job.toml"), "[0.02, 0.03]", "[0.2]");
    folder.write("job.toml", &job);
    let mut bytes = digits_npy(&digits());
    fs::write(folder.path("digits.npy"), &bytes).unwrap();
    folder.succeed(&["run", "job.toml"]);
    let last = bytes.len() - 400;
    bytes[last] ^= 1;
    fs::write(folder.path("digits.npy"), &bytes).unwrap();
    let text = folder.fail(2, &["run", "job.toml"]);
    assert!(text.contains("patterns.file"), "{text}");
}

#[test]
fn bad_files_are_refused_before_any_work() {
    let refuse = |from: &str, to: &str, parts: &[&str]| refused(&changed(JOB, from, to), parts);
    let path = "path = \"digits.npy\"";
    refuse(path, "", &["patterns.path", "missing", ".npy"]);
    refuse(
        path,
        path,
        &["line 8, patterns.path", "digits.npy", "cannot be read"],
    );
    refuse(
        path,
        "path = \"/dev/zero\"",
        &["patterns.path", "no regular file"],
    );
    refuse(
        path,
        "path = \"job.toml\"",
        &["patterns.path", "job.toml", "not a number"],
    );
    refuse(path, "path = \".\"", &["patterns.path", ".png"]);
    let folder = Folder::with_job(JOB);
    fs::write(
        folder.path("digits.npy"),
        npy_bytes(&[2, 2], &[1.0, 2.0, 3.0, 4.0]),
    )
    .unwrap();
    for (from, to, part) in [
        (
            "unit = 255",
            "unit = 0.0",
            "line 9, patterns.unit: 0 is not a positive number",
        ),
        (
            "unit = 255",
            "labels = \"job.toml\"",
            "line 9, patterns.labels: ",
        ),
        ("unit = 255", "array = \"x\"", "patterns.path: "),
        (
            "pooling = 2",
            "classes = 3",
            "belongs to ensemble = \"images\"",
        ),
        (
            "pooling = 2",
            "unti = 3",
            "unknown key; did you mean \"unit\"?",
        ),
        (
            "pooling = 2",
            "pooling = 2",
            "blocks of 2×2 do not tile images of 1×2",
        ),
        ("pooling = 2\n", "", "N = 2"),
    ] {
        folder.write("job.toml", &changed(JOB, from, to));
        let text = folder.fail(2, &["run", "job.toml"]);
        assert!(text.contains(part), "{part:?} is missing in: {text}");
        assert_eq!(folder.listing(), ["digits.npy", "job.toml"]);
    }
}

/// Three patterns, of which the second is short: no λ gives it back from itself.
#[test]
fn queries_tell_why_a_pattern_is_not_given_back() {
    let folder = Folder::new();
    folder.write("p.csv", "2,0\n1,0\n0,2\n");
    folder.write("q.csv", "2,0\n1,1.5\n");
    let table = folder.succeed(&[
        "retrieve",
        "--patterns",
        "p.csv",
        "--pattern",
        "0,1",
        "--lambda",
        "1,3",
        "--format",
        "csv",
        "--output",
        "x.npy",
    ]);
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(rows.len(), 1 + 2 * 2 * 3);
    let column = |name: &str| rows[0].iter().position(|&found| found == name).unwrap();
    let value = |row: usize, name: &str| rows[row][column(name)].parse::<f64>().unwrap();
    // query 0 at λ = 1: products 4, 2, 0
    let e = f64::exp;
    let weight = e(4.0) / (e(4.0) + e(2.0) + 1.0);
    assert!((value(1, "initial_weight") - weight).abs() < 1e-12);
    let energy = 2.0 - (e(4.0) + e(2.0) + 1.0).ln();
    assert!((value(1, "initial_energy") - energy).abs() < 1e-12);
    // e^{4λ} = e^{2λ} + 1: e^{2λ} is the golden ratio
    let golden = 0.5 * (1.0 + 5.0_f64.sqrt());
    assert!((value(1, "lambda_half") - 0.5 * golden.ln()).abs() < 1e-12);
    // the short pattern: its products are 2, 1, 0, and the first pattern wins
    let first = 1 + 2 * 3 + 3;
    assert_eq!(rows[first][column("pattern")], "0");
    let short = (first..first + 3)
        .find(|&row| rows[row][column("pattern")] == "1")
        .unwrap();
    assert_eq!(rows[short][column("lambda_half")], "");
    let states = read_table(&folder.path("x.npy"), None).unwrap();
    assert_eq!(states.dimensions, [4, 2]);
    let norm = value(first, "squared_norm");
    assert!((0.5 * states.values[6..].iter().map(|v| v * v).sum::<f64>() - norm).abs() < 1e-12);
    let people = folder.line("retrieve --patterns p.csv --query q.csv --lambda 0.5 --largest 1");
    assert_contains(&people, &["lambda_half", "entropy", "converged"]);
    let json = folder.line("retrieve --patterns p.csv --query q.csv --lambda 0.5 --format json");
    assert_contains(&json, &["\"sharers\":", "\"query\": 1"]);
}

#[test]
fn queries_that_cannot_be_asked_are_refused() {
    let folder = Folder::new();
    folder.write("p.csv", "2,0\n1,0\n0,2\n");
    folder.write("q.csv", "1,2,3\n");
    folder.write("o.csv", "0,0\n");
    for (line, part) in [
        (
            "--patterns p.csv --query q.csv --lambda 1",
            "q.csv holds 1×3; a query has 2 numbers",
        ),
        (
            "--patterns p.csv --pattern 3 --lambda 1",
            "--pattern 3: there are 3 patterns, counted from 0",
        ),
        (
            "--patterns p.csv --pattern 1 --lambda 0",
            "--lambda 0 is not a positive number",
        ),
        (
            "--patterns p.csv --pattern 1 --lambda 1e300",
            "leaves the range of doubles",
        ),
        (
            "--patterns p.csv --pattern 1 --lambda 1 --unit 0",
            "--unit 0 is not a positive number",
        ),
        ("--patterns p.csv --lambda 1", "--query"),
        (
            "--patterns p.csv --pattern 1 --query q.csv --lambda 1",
            "cannot be used with",
        ),
        (
            "--patterns p.csv --pattern 1 --lambda 1 --centering x",
            "expected one of `none`",
        ),
        (
            "--patterns p.csv --pattern 1 --lambda 1 --pooling 2",
            "do not tile images of 1×2",
        ),
        (
            "--patterns p.csv --query o.csv --lambda 1 --normalization sphere",
            "of the queries, counted from 0, image 0 is 0 everywhere",
        ),
        (
            "--patterns no.csv --pattern 1 --lambda 1",
            "no.csv cannot be read",
        ),
    ] {
        let words: Vec<&str> = ["retrieve"].into_iter().chain(line.split(' ')).collect();
        let text = folder.fail(2, &words);
        assert!(text.contains(part), "{part:?} is missing in: {text}");
    }
}
