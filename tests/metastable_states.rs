//! The experiment `metastable-states`.

use dam::sims::Quantity;

use crate::folder::{Folder, first_line, job, refused_changes};
use crate::measurements::{matching, measured};

const JOB: &str = job!("states": "metastable-states", seed 5, "gaussian"; r#"
size = 5
pattern_count = 10
beta = [0.1, 50]

[memory]
separation = ["softmax", "sparsemax"]

[metastable-states]
queries = 30

[sampling]
samples = 20
"#);

fn at<'a>(
    quantities: &'a [Quantity],
    name: &str,
    separation: &str,
    beta: f64,
) -> Vec<&'a Quantity> {
    matching(quantities, name, ("separation", separation), ("beta", beta))
}

#[test]
fn weights_spread_over_all_patterns_at_small_beta_and_settle_on_one_at_large() {
    let (_, quantities) = measured(JOB);
    let mean = |separation, beta| {
        at(&quantities, "mean_support", separation, beta)[0]
            .mean
            .unwrap()
    };
    assert!(mean("softmax", 0.1) > 9.5, "{}", mean("softmax", 0.1));
    // sparsemax leaves out patterns even where softmax keeps all
    assert!(mean("sparsemax", 0.1) < 8.0, "{}", mean("sparsemax", 0.1));
    for separation in ["softmax", "sparsemax"] {
        assert!(mean(separation, 50.0) < 1.05, "{}", mean(separation, 50.0));
        for beta in [0.1, 50.0] {
            let shares: f64 = at(&quantities, "support_share", separation, beta)
                .iter()
                .map(|quantity| quantity.mean.unwrap())
                .sum();
            assert!((shares - 1.0).abs() < 1e-12);
            let unconverged = at(&quantities, "unconverged_share", separation, beta);
            assert_eq!(unconverged[0].mean, Some(0.0));
        }
    }
}

#[test]
fn labels_stand_in_every_table_and_the_figure_is_drawn() {
    let folder = Folder::with_job(JOB);
    let printed = folder.succeed(&["run", "job.toml"]);
    assert!(
        first_line(&printed).contains("separation  similarity"),
        "{printed}"
    );
    let table = folder.read("results/states.csv");
    assert!(
        first_line(&table).contains(",count,beta,support,separation,similarity,theory_"),
        "{table}"
    );
    assert!(table.contains(",sparsemax,dot,"));
    assert!(
        folder
            .read("results/states.results.json")
            .contains(r#""separation":"sparsemax""#)
    );
    for ending in ["svg", "png", "csv"] {
        assert!(
            folder
                .path(&format!("results/states.metastable-states.{ending}"))
                .exists()
        );
    }
}

#[test]
fn parts_that_do_not_exist_or_do_not_go_together_are_told_with_their_line() {
    refused_changes(
        JOB,
        r#"
        "sparsemax" | "softmin" | line 16, memory.separation | entmax-1.5
        "sparsemax" | "softmax" | twice
        "sparsemax" | "entmax-0.5" | ≥ 1
        separation = ["softmax", "sparsemax"] | similarity = "euclidean"\nseparation = "polynomial-10" | farthest
        pattern_count = 10 | pattern_count = 1.5 | sweep.pattern_count | whole number
        pattern_count = 10 | alpha = 0.2 | alpha | delete
        queries = 30 | queries = 0 | queries
        [sampling] | [dynamics]\ncriterion = "distance"\n[sampling] | no target
"#,
    );
}
