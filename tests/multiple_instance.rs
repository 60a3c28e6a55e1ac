//! The experiment `multiple-instance-learning`.

use std::fmt::Write;

use crate::folder::{Folder, assert_contains, changed};

const JOB: &str = r#"
[job]
name = "bags"
experiment = "multiple-instance-learning"
seed = 4

[bags]
path = ["strong.csv", "weak.csv"]

[learning]
models = ["logistic-mean", "set-kernel", "mean-pooling", "hopfield", "hopfield+kernel", "hopfield+u-hop-plus", "u-hop-plus-as-published"]
width = 6
heads = 2
hidden_size = 3
epochs = 8
stage_one_epochs = 1

[grid]
beta = [1]
dropout = [0, 0.5]
learning_rate = [1e-2]

[validation]
folds = 3
inner_folds = 2

[sampling]
samples = 2
"#;

/// 24 bags of 1 to 4 instances of 4 features, one of which is larger by `shift` in positive bags, and one constant.
fn bags(shift: f64) -> String {
    let mut state = 1_u64;
    let mut number = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let mut text = String::new();
    for bag in 0..24 {
        for _ in 0..=bag / 2 % 4 {
            let label = bag % 2;
            let shifted = number() + shift * f64::from(label);
            let (second, third) = (number(), number());
            writeln!(text, "{label},{bag},{shifted},{second},{third},7").unwrap();
        }
    }
    text
}

fn folder(job: &str) -> Folder {
    let folder = Folder::with_job(job);
    folder.write("strong.csv", &bags(2.0));
    folder.write("weak.csv", &bags(0.0));
    folder
}

#[test]
fn models_are_judged_alike_by_any_threads_and_shards_and_told_apart() {
    let whole = folder(JOB);
    let printed = whole.line("run job.toml --threads 1");
    assert_contains(
        &printed,
        &[
            "strong: areas under the curve, greatest first, with the corrected error of 6 folds",
            "strong against mean-pooling, on the same folds",
            "hopfield+u-hop-plus against hopfield+kernel (the same without Stage I)",
            "u-hop-plus-as-published against hopfield (the same without Stage I)",
            "hopfield against mean-pooling over 2 sets",
        ],
    );
    let csv = whole.read("results/bags.csv");
    let area = |set: &str, model: &str| -> f64 {
        let mut lines = csv.lines();
        let names: Vec<&str> = lines.next().unwrap().split(',').collect();
        let column = |name: &str| names.iter().position(|known| *known == name).unwrap();
        let own = lines
            .map(|line| line.split(',').collect::<Vec<_>>())
            .find(|cells| {
                cells[column("ensemble")] == set
                    && cells[column("quantity")] == "area"
                    && cells[column("model")] == model
            });
        own.unwrap()[column("mean")].parse().unwrap()
    };
    for model in ["logistic-mean", "set-kernel", "mean-pooling", "hopfield"] {
        assert!(
            area("strong", model) > 0.9,
            "{model} {}",
            area("strong", model)
        );
        // 12 and 12 bags in 6 folds: an error of .12
        assert!((area("weak", model) - 0.5).abs() < 0.4, "{model}");
    }
    let figure = whole.read("results/bags.multiple-instance-learning.csv");
    assert_contains(
        &figure,
        &["strong", "weak", "hopfield+kernel", "area under the curve"],
    );

    let parts = folder(JOB);
    for shard in ["1/2", "2/2"] {
        parts.line(&format!("run job.toml --threads 2 --shard {shard}"));
    }
    parts.line("merge job.toml");
    assert_eq!(parts.read("results/bags.csv"), csv);

    // another set is another task, and the same set under another name has the same numbers
    std::fs::copy(whole.path("strong.csv"), whole.path("other.csv")).unwrap();
    let more = changed(JOB, "\"weak.csv\"]", "\"weak.csv\", \"other.csv\"]");
    whole.write("job.toml", &more);
    let printed = whole.line("run job.toml");
    assert_contains(
        &printed,
        &["strong and other share 24 of their 24 and 24 bags"],
    );
    let grown = whole.read("results/bags.csv");
    let of = |name: &str| -> Vec<String> {
        let lines = grown
            .lines()
            .filter(|line| line.contains(&format!(",{name},")));
        lines
            .map(|line| line.split(',').skip(2).take(9).collect())
            .collect()
    };
    assert!(!of("other").is_empty());
    assert_eq!(of("other"), of("strong"));
}

#[test]
fn bad_keys_are_refused_with_their_line_and_the_mend() {
    for (from, to, words) in [
        (
            "\"set-kernel\"",
            "\"set-kernal\"",
            &[
                "learning.models",
                "unknown model \"set-kernal\"",
                "did you mean \"set-kernel\"",
            ][..],
        ),
        (
            "\"set-kernel\"",
            "\"hopfield\"",
            &["learning.models", "stands there twice"],
        ),
        ("width = 6", "width = 0", &["learning.width", "at least 1"]),
        ("width = 6", "wide = 6", &["wide", "width"]),
        ("beta = [1]", "beta = []", &["grid.beta", "give one value"]),
        (
            "beta = [1]",
            "beta = [0]",
            &["grid.beta", "not a positive number"],
        ),
        (
            "dropout = [0, 0.5]",
            "dropout = [0, 1]",
            &["grid.dropout", "[0, 1)"],
        ),
        (
            "folds = 3",
            "folds = 1",
            &["validation.folds", "at least 2"],
        ),
        (
            "folds = 3",
            "folds = 13",
            &[
                "validation.folds",
                "strong has 12 positive and 12 negative bags",
                "fewer folds",
            ],
        ),
        (
            "samples = 2",
            "samples = 200",
            &["sampling.samples", "at most 100"],
        ),
        (
            "\"weak.csv\"]",
            "\"strong.csv\"]",
            &["bags.path", "two sets are called strong"],
        ),
        ("\"weak.csv\"]", "\"none.csv\"]", &["bags.path", "none.csv"]),
        (
            "[bags]",
            "[bags]\ndata = \"files\"",
            &[
                "bags.data",
                "unknown bags \"files\"",
                "did you mean \"file\"",
            ],
        ),
        (
            "[bags]",
            "[bags]\nstandardize = \"none\"",
            &["bags.standardize", "did you mean \"standardise\""],
        ),
        (
            "[bags]",
            "[sweep]\nsize = 3\n\n[bags]",
            &["section [sweep]", "delete it"],
        ),
        (
            "[bags]",
            "[patterns]\nensemble = \"gaussian\"\n\n[bags]",
            &["section [patterns]", "delete it"],
        ),
        (
            "[bags]\npath = [\"strong.csv\", \"weak.csv\"]",
            "",
            &["section [bags]", "missing"],
        ),
    ] {
        let folder = folder(&changed(JOB, from, to));
        let text = folder.fail(2, &["run", "job.toml"]);
        assert_contains(&text, &["error: job.toml"]);
        assert_contains(&text, words);
        assert!(!folder.listing().contains(&"results".to_owned()), "{text}");
    }
}

#[test]
fn bad_bags_are_refused_with_file_and_row() {
    let good = bags(1.0);
    let one_class = good.replace("\n1,", "\n0,");
    for (text, words) in [
        (
            good.replacen("\n1,7,", "\n0,7,", 1),
            &["another label in row 18"][..],
        ),
        (good.replacen(",7", ",nan", 1), &["row 1, column 6"]),
        (one_class, &["of one class"]),
        (good.replacen(",7", "", 1), &["line 2"]),
        (String::new(), &["is empty"]),
        ("1,1\n0,2\n".to_owned(), &["features"]),
    ] {
        let folder = folder(JOB);
        folder.write("weak.csv", &text);
        let found = folder.fail(2, &["run", "job.toml"]);
        assert_contains(&found, &["error: job.toml", "bags.path", "weak.csv"]);
        assert_contains(&found, words);
    }
}
