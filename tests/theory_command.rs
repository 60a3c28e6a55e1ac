//! `dam theory` and `dam phase-diagram`.

use crate::folder::{Folder, assert_contains, first_line};

#[test]
fn thresholds_print_exactly_the_columns_of_the_contract() {
    let folder = Folder::new();
    let text = folder.line("theory thresholds --ensemble spherical --lambda 0.5,1,2 --format csv");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "ensemble,lambda,cgf,saddle_overlap,alpha_1,alpha_star,alpha_c_lower_bound"
    );
    assert_eq!(lines.len(), 4);
    let last: Vec<&str> = lines[3].split(',').collect();
    assert_eq!((last[0], last[1]), ("spherical", "2"));
    // α₁(2) = α_c on the sphere.
    let alpha_1: f64 = last[4].parse().unwrap();
    assert!((alpha_1 - 0.9087540082447741).abs() < 1e-15);
    assert_eq!(last[4], last[6]);
}

#[test]
fn inverse_and_basin_print_their_columns_and_leave_missing_basins_empty() {
    let folder = Folder::new();
    let text = folder.line("theory inverse --ensemble gaussian --alpha 0.1:0.3:3 --format csv");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "ensemble,alpha,epsilon_star,lambda_star,lambda_1");
    assert!(lines[3].starts_with("gaussian,0.3,0.77459666924148"));
    let text =
        folder.line("theory basin --ensemble spherical --alpha 0.2 --lambda 0.1,0.5 --format csv");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "ensemble,alpha,lambda,start,free_entropy,theta_c_degrees"
    );
    assert!(
        lines[1].ends_with(','),
        "below λ₁ there is no basin: {}",
        lines[1]
    );
    let angle: f64 = lines[2].rsplit(',').next().unwrap().parse().unwrap();
    assert!((angle - 51.24532119361498).abs() < 1e-12);
}

#[test]
fn the_crossover_from_an_angle_inverts_the_basin() {
    let folder = Folder::new();
    let crossover = |ensemble: &str, angle: &str| {
        let mut arguments = vec!["theory", "crossover", "--ensemble", ensemble];
        arguments.extend(["--alpha", "0.2", "--size", "60", "--angle", angle]);
        arguments.extend(["--format", "csv"]);
        folder.succeed(&arguments)
    };
    for ensemble in ["spherical", "gaussian", "rademacher"] {
        let mut arguments = vec!["theory", "basin", "--ensemble", ensemble, "--alpha", "0.2"];
        arguments.extend(["--lambda", "0.35", "--size", "60", "--format", "csv"]);
        arguments.extend(["--start", "pattern"]);
        let basin = folder.succeed(&arguments);
        let row: Vec<&str> = basin.lines().nth(1).unwrap().split(',').collect();
        assert_eq!(*row.last().unwrap(), "averaged");
        let (limit, angle) = (row[5], row[7]);
        let text = crossover(ensemble, &format!("0,{angle},{limit},180"));
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(
            rows[0].join(","),
            "ensemble,alpha,size,angle_degrees,lambda_crossover,lambda_1,noise_variance"
        );
        let number = |row: usize, column: usize| rows[row][column].parse::<f64>().unwrap();
        assert!((number(2, 4) - 0.35).abs() < 1e-10, "{text}");
        assert!((number(3, 5) - 0.35).abs() < 1e-10, "{text}");
        assert!(number(2, 6) < 0.1 && number(1, 4) < 0.35, "{text}");
        // nothing is retrieved from the far side
        assert_eq!((rows[4][4], rows[4][5], rows[4][6]), ("", "", ""));
    }
    for (ensemble, angle, expected) in [
        ("spherical", "190", "180 degrees"),
        ("uniform", "10", "fair signs"),
    ] {
        let mut arguments = vec!["theory", "crossover", "--ensemble", ensemble];
        arguments.extend(["--alpha", "0.2", "--size", "60", "--angle", angle]);
        let text = folder.fail(2, &arguments);
        assert!(text.contains(expected), "{text}");
    }
}

/// `--samples`, `--seed` and `--tolerance` of the sampled basin.
#[test]
fn sampled_basins_repeat_with_their_seed_and_tell_their_error() {
    let folder = Folder::new();
    let arguments = |more: &[&'static str]| {
        let mut arguments = vec![
            "theory",
            "basin",
            "--ensemble",
            "spherical",
            "--alpha",
            "0.2",
        ];
        arguments.extend(["--lambda", "0.8", "--size", "24", "--format", "csv"]);
        arguments.extend(more);
        arguments
    };
    let row = |more: &[&'static str]| {
        let text = folder.succeed(&arguments(more));
        let header = "ensemble,alpha,lambda,start,free_entropy,theta_c_degrees,size,theta_c_degrees_finite_size,\
                      theta_c_degrees_error,cos_theta_c_finite_size,cos_theta_c_error,basin_probability,method";
        assert_eq!(first_line(&text), header);
        let row = text.lines().nth(1).unwrap().split(',');
        row.map(str::to_owned).collect::<Vec<String>>()
    };
    let (angle, error) = (7, 8);
    let number = |text: &String| text.parse::<f64>().unwrap();
    let few = row(&["--samples", "50", "--seed", "7"]);
    assert_eq!(few, row(&["--samples", "50", "--seed", "7"]));
    assert_eq!(few.last().unwrap(), "sampled");
    let other = row(&["--samples", "50", "--seed", "8"]);
    assert_ne!(few[angle], other[angle]);
    // the error falls as 1/√samples, and both seeds agree within it
    let many = row(&["--samples", "800", "--seed", "7"]);
    let ratio = number(&few[error]) / number(&many[error]);
    assert!((2.5..6.0).contains(&ratio), "{ratio}");
    for found in [&few, &other] {
        let reach = 4.0 * number(&found[error]).hypot(number(&many[error]));
        assert!((number(&found[angle]) - number(&many[angle])).abs() < reach);
    }
    // another ε draws other patterns, of the same law
    let coarse = row(&["--samples", "800", "--seed", "7", "--tolerance", "0.9"]);
    assert_ne!(coarse[angle], many[angle]);
    let reach = 4.0 * number(&coarse[error]).hypot(number(&many[error]));
    assert!((number(&coarse[angle]) - number(&many[angle])).abs() < reach + 0.5);
    for (more, expected) in [
        (&["--samples", "1"][..], "--samples"),
        (&["--samples", "many"], "--samples"),
        (&["--seed", "-3"], "--seed"),
        (&["--tolerance", "0"], "tolerance"),
        (&["--tolerance", "1"], "tolerance"),
        (&["--tolerance", "-0.1"], "tolerance"),
    ] {
        let text = folder.fail(2, &arguments(more));
        assert!(text.contains(expected), "{more:?}: {text}");
    }
}

#[test]
fn json_holds_the_same_numbers_as_csv() {
    let folder = Folder::new();
    let query = [
        "theory",
        "thresholds",
        "--ensemble",
        "rademacher",
        "--lambda",
        "0.3",
    ];
    let csv = folder.succeed(&[&query[..], &["--format", "csv"]].concat());
    let json = folder.succeed(&[&query[..], &["--format", "json"]].concat());
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    let expected = csv.lines().nth(1).unwrap().split(',').nth(2).unwrap();
    assert_eq!(rows[0]["cgf"].as_f64().unwrap().to_string(), expected);
}

#[test]
fn the_phase_diagram_appears_as_svg_png_and_csv() {
    let folder = Folder::new();
    for ensemble in ["spherical", "gaussian", "rademacher", "uniform"] {
        folder.succeed(&[
            "phase-diagram",
            "--ensemble",
            ensemble,
            "--output",
            "figures",
        ]);
        for figure in ["phase-diagram", "rate-function"] {
            for ending in ["svg", "png", "csv"] {
                let path = folder.path(&format!("figures/{ensemble}.{figure}.{ending}"));
                assert!(path.metadata().unwrap().len() > 500, "{}", path.display());
            }
        }
    }
}

#[test]
fn a_spectrum_is_a_list_and_n_a_multiple_of_its_length() {
    let folder = Folder::new();
    let query = |spectrum: &'static str, size: &'static str| {
        [
            "theory",
            "crossover",
            "--ensemble",
            "correlated-gaussian",
            "--spectrum",
            spectrum,
            "--alpha",
            "0.1",
            "--size",
            size,
            "--format",
            "csv",
        ]
    };
    let text = folder.succeed(&query(".5,.5,1,2", "60,400"));
    let lines: Vec<&str> = text.lines().collect();
    // theory/references/more_ensembles.py, 20 digits
    for (line, expected) in lines[1..]
        .iter()
        .zip([0.162_271_506_766_572_44, 0.121_388_292_707_094_07])
    {
        let found: f64 = line.split(',').nth(3).unwrap().parse().unwrap();
        assert!((found - expected).abs() < 1e-10, "{line}");
    }
    let text = folder.fail(2, &query(".5,.5,1,2", "60,42"));
    assert_contains(&text, &["size = 42", "N = 40 or 44"]);
    let text = folder.fail(2, &query("1,2", "40"));
    assert!(text.contains("divide every eigenvalue by 1.5"), "{text}");
}
