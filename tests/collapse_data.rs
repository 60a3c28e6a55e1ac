//! `dam collapse --data`: curves from elsewhere.

use std::path::Path;

use crate::folder::{Folder, assert_contains};

/// Bond percolation by `scripts/percolation.py`: p_c = 1/2, ν = 4/3, ζ = 0.
fn percolation() -> Folder {
    let folder = Folder::new();
    let file = "sims/statistics/references/percolation.csv";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::copy(path, folder.path("percolation.csv")).unwrap();
    folder
}

/// The rows of a csv by column.
fn rows(table: &str) -> Vec<Vec<(String, String)>> {
    let mut lines = table.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<String> = lines.next().unwrap().collect();
    lines
        .map(|line| header.iter().cloned().zip(line).collect())
        .collect()
}

fn number(row: &[(String, String)], name: &str) -> f64 {
    let (_, value) = row.iter().find(|(column, _)| column == name).unwrap();
    value.parse().unwrap()
}

#[test]
fn percolation_is_collapsed_to_its_exact_exponents_and_drawn() {
    let folder = percolation();
    let line = "collapse --data percolation.csv --resamples 40 --corrections --format csv";
    let table = rows(&folder.line(line));
    assert_eq!(table.len(), 6, "lines and spline of three forms");
    for row in &table[..2] {
        for (name, exact) in [("lambda_c", 0.5), ("nu", 4.0 / 3.0), ("zeta", 0.0)] {
            let error = number(row, &format!("{name}_error"));
            assert!((number(row, name) - exact).abs() < 2.5 * error, "{row:?}");
        }
    }
    // box and dual box leave no correction to find
    let b = &table[3];
    assert!(number(b, "b").abs() < 2.5 * number(b, "b_error"), "{b:?}");
    for ending in ["svg", "png", "csv"] {
        let name = format!("results/percolation.collapse.{ending}");
        assert!(folder.path(&name).is_file(), "{name} is missing");
    }
}

#[test]
fn what_is_known_is_held() {
    let folder = percolation();
    let line = "collapse --data percolation.csv --resamples 20 --fix nu=1.25 --fix zeta=0 --bounds lambda_c=0.4:0.6";
    let table = rows(&folder.line(&format!("{line} --format csv")));
    for row in &table {
        assert_eq!((number(row, "nu"), number(row, "zeta")), (1.25, 0.0));
        assert!(
            row.iter()
                .any(|(name, value)| name == "nu_error" && value.is_empty())
        );
        assert!((number(row, "lambda_c") - 0.5).abs() < 0.01, "{row:?}");
    }
    let people = folder.line(line);
    assert_contains(&people, &["spline", "results/percolation.collapse.png"]);
}

#[test]
fn data_that_do_not_tell_are_refused() {
    let folder = percolation();
    let error = folder.fail(
        1,
        &[
            "collapse",
            "--data",
            "percolation.csv",
            "--bounds",
            "lambda_c=0.3:0.48",
        ],
    );
    assert_contains(
        &error,
        &[
            "no minimum within the bounds",
            "lambda_c = 0.48",
            "the data have no collapse",
        ],
    );
    let point = |size: i32, k: i32| format!("{size},0.{k},1,0.1\n");
    let points =
        [8, 16, 32].map(|size| (0..9).map(|k| point(size, k)).collect::<Vec<_>>().concat());
    let flat = format!("size,x,y,error\n{}", points.concat());
    folder.write("flat.csv", &flat);
    let error = folder.fail(1, &["collapse", "--data", "flat.csv"]);
    assert_contains(&error, &["undetermined", "the data have no collapse"]);
}

#[test]
fn bad_csv_files_are_refused() {
    let folder = Folder::new();
    let head = "size,x,y,error\n";
    for (text, part) in [
        (
            "size,x,y\n1,2,3\n",
            "has no column \"error\" among size, x, y",
        ),
        ("size,x,y,error\n1,2,3,a\n", "line 2: \"a\" is not a number"),
        (
            "size,x,y,error\n1,2,3,0\n",
            "line 2: error 0 is not positive",
        ),
        (
            "size,x,y,error\n0,2,3,1\n",
            "line 2: size 0 is not positive",
        ),
        (
            "size,x,y,error\n1,2,3,nan\n",
            "line 2: \"nan\" is not a number",
        ),
        (
            "size,x,y,error\n1,2,3,1\n1,2,4,1\n",
            "has x = 2 twice at size 1",
        ),
        (
            "size,x,y,error\n1,2,3,1\n2,2,4,1\n",
            "has 2 sizes; 3 are needed",
        ),
        ("size,x,y,error\n1,2,3\n", "is no csv"),
        (head, "has 0 sizes"),
    ] {
        folder.write("d.csv", text);
        let error = folder.fail(2, &["collapse", "--data", "d.csv"]);
        assert_contains(&error, &["error: d.csv: ", part]);
        assert_eq!(folder.listing(), ["d.csv"]);
    }
    for (words, part) in [
        ("--fix nu", "write NAME=VALUE"),
        (
            "--fix mu=1",
            "\"mu\" is no parameter; known: lambda_c, nu, zeta, b, omega, shift",
        ),
        ("--bounds nu=2:1", "2 is not below 1"),
        ("--start nu=x", "\"x\" is not a number"),
    ] {
        let words = format!("collapse --data d.csv {words}");
        let error = folder.fail(2, &words.split(' ').collect::<Vec<_>>());
        assert_contains(&error, &[part]);
    }
}
