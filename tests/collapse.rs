//! `dam collapse` on small jobs.

use crate::folder::{Folder, SMALL_JOB, assert_contains};

const JOB: &str = "[job]\nname = \"curves\"\nexperiment = \"retrieval\"\nseed = 3\n[patterns]\nensemble = \
                   \"spherical\"\n[sweep]\nalpha = [0.2]\nsize = [16, 20, 24]\nlambda = { start = 0.2, stop = 0.6, \
                   count = 33 }\n[sampling]\nsamples = 100\n";

#[test]
fn curves_of_three_sizes_are_collapsed_and_drawn() {
    let folder = Folder::finished(JOB);
    let text = folder.succeed(&["collapse", "job.toml"]);
    assert_contains(
        &text,
        &["lambda_c_error", "nu_error", "zeta", "quality", "lambda_1"],
    );
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
