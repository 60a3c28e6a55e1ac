//! `dam collapse` on small jobs.

use crate::folder::{Folder, SMALL_JOB, assert_contains};

const JOB: &str = "[job]\nname = \"curves\"\nexperiment = \"retrieval\"\nseed = 3\n[patterns]\nensemble = \
                   \"spherical\"\n[sweep]\nalpha = [0.2]\nsize = [16, 20, 24]\nlambda = { start = 0.2, stop = 0.6, \
                   count = 33 }\n[sampling]\nsamples = 100\n";

/// A column of a csv.
fn column(table: &str, name: &str) -> Vec<f64> {
    let place = table
        .lines()
        .next()
        .unwrap()
        .split(',')
        .position(|found| found == name);
    let cell = |line: &str| {
        line.split(',')
            .nth(place.unwrap())
            .unwrap()
            .parse()
            .unwrap()
    };
    table.lines().skip(1).map(cell).collect()
}

#[test]
fn curves_of_three_sizes_are_collapsed_and_drawn() {
    let folder = Folder::finished(JOB);
    let text = folder.succeed(&["collapse", "job.toml"]);
    assert_contains(
        &text,
        &["lambda_c_error", "nu_error", "zeta", "quality", "lambda_1"],
    );
    let table = folder.succeed(&["collapse", "job.toml", "--format", "csv"]);
    let methods: Vec<&str> = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(4))
        .collect();
    assert_eq!(methods, ["lines", "spline"]);
    for half_width in column(&table, "lambda_c_error")
        .into_iter()
        .chain(column(&table, "lambda_c_contour"))
    {
        assert!(half_width > 1e-3, "{table}");
    }
    for ending in ["svg", "png", "csv"] {
        let name = format!("results/curves.collapse.{ending}");
        assert!(folder.path(&name).is_file(), "{name} is missing");
        assert!(text.contains(&name), "{name} is not announced in:\n{text}");
    }
}

#[test]
fn only_retrieval_curves_are_collapsed() {
    let folder = Folder::with_job(SMALL_JOB);
    let error = folder.fail(2, &["collapse", "job.toml"]);
    assert!(error.contains("retrieval"), "{error}");
}

/// Curves too coarse to tell λ_c: it ran to −104.7 ± .004 with ν = 708.
#[test]
fn a_collapse_that_runs_out_of_the_scanned_range_is_refused() {
    let folder = Folder::with_job(
        "[job]\nname = \"cc\"\nexperiment = \"retrieval\"\nseed = 1\n[patterns]\nensemble = \"spherical\"\n\
         [sweep]\nalpha = [0.2, 0.25]\nsize = [20, 24, 28]\nlambda = {start=0.2,stop=0.5,count=7}\n[sampling]\n\
         samples = 60\nprecision = \"f64\"\n",
    );
    folder.succeed(&["run", "job.toml"]);
    let error = folder.fail(1, &["collapse", "job.toml"]);
    assert!(
        error.contains("outside the scanned range") || error.contains("undetermined"),
        "{error}"
    );
    assert!(error.contains("no load has a collapse"), "{error}");
}

/// S jumps at its minimum: its curvature gave λ_c = .291617 ± 4.5e-6. The region where it is at most S_min + 1 is wider than
/// ± 5e-3; the samples hardly tell λ_c.
#[test]
fn jumps_of_the_quality_make_no_small_errors() {
    let folder = Folder::with_job(
        "[job]\nname = \"k4\"\nexperiment = \"retrieval\"\nseed = 1\n[patterns]\nensemble = \"spherical\"\n\
         [sweep]\nalpha = [0.2]\nsize = [20, 24, 28]\nlambda = {start=0.25,stop=0.45,count=21}\n[sampling]\n\
         samples = 100\nprecision = \"f64\"\n",
    );
    folder.succeed(&["run", "job.toml"]);
    let output = folder.dam(&["collapse", "job.toml", "--format", "csv"]);
    let [table, said] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    if output.status.success() {
        let [errors, contours] =
            ["lambda_c_error", "lambda_c_contour"].map(|name| column(&table, name));
        assert!(errors.iter().all(|&error| error > 5e-3), "{table}");
        assert!(contours[0] > 5e-3, "{table}");
    } else {
        assert!(said.contains("leave lambda_c undetermined"), "{said}");
    }
}
