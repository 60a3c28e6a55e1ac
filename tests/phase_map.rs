//! `phase-map`, and measured boundaries and own points on the theory figure.

use crate::folder::{Folder, assert_contains, changed, drawn, job, refused_changes};

const MAP: &str = job!("map": "phase-map", seed 3, "spherical"; "
alpha = [0.15, 0.2, 0.25]
size = [16, 20]
lambda = { start = 0.2, stop = 0.8, count = 4 }

[sampling]
samples = 20
");

#[test]
fn a_map_is_drawn_for_each_size_with_contours_and_theory() {
    let layers = [
        "\n1,map,0.2015,",
        "\"measured ¼, ¾, 1\"",
        "\"finite-N theory, 1\"",
        "\"α_{1} = α_{c}, N = ∞\"",
        "\n2,measured ½,",
        "uncondensed",
    ];
    let printed = ["lambda_half", "retrieval_probability"];
    let folder = drawn(MAP, &printed, "map.phase-map", &layers);
    let rows = folder.read("results/map.phase-map.csv");
    let cells = |panel: &str| {
        let rows = rows.lines();
        rows.filter(|row| row.starts_with(panel) && row.contains(",map,"))
            .count()
    };
    // three rows of two hundred columns for each N
    assert_eq!([cells("1,"), cells("2,")], [600, 600], "{}", &rows[..400]);

    // the measured contour and own points on the theory figure
    folder.write(
        "own.csv",
        "lambda,alpha,lambda_error,series\n0.5,0.25,0.02,mine\n0.4,0.2,,mine\n",
    );
    let line = "phase-diagram --ensemble spherical --output results --measured job.toml --points own.csv --lambda 0:1 --alpha 0:0.5";
    folder.line(line);
    let csv = folder.read("results/spherical.phase-diagram.csv");
    let parts = [
        "\"N = 16, measured\"",
        "\"N = 20, measured\"",
        "\n1,mine,",
        "\n1,α_{*},",
    ];
    assert_contains(&csv, &parts);

    // and own points on a figure of the job
    folder.write("own.csv", "x,y,y_error,panel\n0.5,0.2,0.01,2\n");
    folder.line("plot job.toml --points own.csv");
    assert_contains(
        &folder.read("results/map.phase-map.csv"),
        &["\n2,own points,"],
    );
}

#[test]
fn maps_of_all_patterns_and_of_basins_are_drawn() {
    let small = changed(MAP, "samples = 20", "samples = 4");
    for (of, layers) in [
        ("all", ["\n2,measured ½,", "\"α_{1} = α_{c}, N = ∞\""]),
        (
            "basins",
            ["\"measured 60°, 1\"", "\"α_{1} = α_{c}, N = ∞\""],
        ),
    ] {
        drawn(
            &format!("{small}\n[phase-map]\nof = \"{of}\"\n"),
            &[],
            "map.phase-map",
            &layers,
        );
    }
}

#[test]
fn what_makes_no_map_is_refused() {
    refused_changes(
        MAP,
        r#"
        lambda = { start = 0.2, stop = 0.8, count = 4 } | lambda = [0.3] | one value makes no map; give at least two
        [sampling] | [phase-map]\nof = "some"\n[sampling] | unknown name some | typical, all, basins
        [sampling] | [phase-map]\nfor = "all"\n[sampling] | unknown key for
        "#,
    );
}

#[test]
fn measurements_that_do_not_belong_on_the_figure_are_refused() {
    let folder = Folder::with_job(MAP);
    let refuse = |line: &str, words: &[&str]| {
        let text = folder.fail(2, &line.split(' ').collect::<Vec<_>>());
        assert_contains(&text, words);
        assert!(!folder.path("results").exists(), "{line}");
    };
    let diagram = "phase-diagram --ensemble spherical";
    refuse(
        "phase-diagram --ensemble gaussian --measured job.toml",
        &[
            "job.toml: its patterns are \"spherical\", not \"gaussian\"",
            "--ensemble",
        ],
    );
    refuse(
        &format!("{diagram} --measured job.toml"),
        &["no task of \"map\" is finished"],
    );
    let basins = format!("{MAP}\n[phase-map]\nof = \"basins\"\n");
    folder.write("basins.toml", &basins);
    let words = [
        "basins.toml: experiment = \"phase-map\" measures no boundary",
        "\"crossover\"",
    ];
    refuse(&format!("{diagram} --measured basins.toml"), &words);
    for (text, words) in [
        ("x,z\n1,2\n", ["unknown column \"z\"", "x, y, x_error"]),
        ("x\n1\n", ["the column y is missing", "add y or alpha"]),
        (
            "x,lambda,y\n1,1,2\n",
            ["\"lambda\" stands there twice", "delete one"],
        ),
        (
            "x,y\n1,a\n",
            ["line 2: y = \"a\" is not a finite number", "correct it"],
        ),
        (
            "x,y,y_error\n1,1,\n1,2,-1\n",
            ["line 3: y_error = -1 is negative", "one standard error"],
        ),
        (
            "x,y,panel\n1,1,0\n",
            ["line 2: panel = \"0\"", "whole number from 1"],
        ),
        ("x,y,panel\n1,1,3\n", ["panel 3 is asked for", "has 1"]),
        (
            "x,y,figure\n1,1,other\n",
            ["no figure is named \"other\"", "there are phase-diagram"],
        ),
        ("x,y\n", ["there is no point below the header", "add some"]),
    ] {
        folder.write("own.csv", text);
        refuse(&format!("{diagram} --points own.csv"), &words);
    }
    refuse(
        &format!("{diagram} --points none.csv"),
        &["none.csv", "No such file"],
    );
}
