//! `dam theory` and `dam phase-diagram`.

use crate::folder::Folder;

#[test]
fn thresholds_print_exactly_the_columns_of_the_contract() {
    let folder = Folder::new();
    let text = folder.succeed(&[
        "theory",
        "thresholds",
        "--ensemble",
        "spherical",
        "--lambda",
        "0.5,1,2",
        "--format",
        "csv",
    ]);
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
    let text = folder.succeed(&[
        "theory",
        "inverse",
        "--ensemble",
        "gaussian",
        "--alpha",
        "0.1:0.3:3",
        "--format",
        "csv",
    ]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "ensemble,alpha,epsilon_star,lambda_star,lambda_1");
    assert!(lines[3].starts_with("gaussian,0.3,0.77459666924148"));
    let text = folder.succeed(&[
        "theory",
        "basin",
        "--ensemble",
        "spherical",
        "--alpha",
        "0.2",
        "--lambda",
        "0.1,0.5",
        "--format",
        "csv",
    ]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "ensemble,alpha,lambda,free_entropy,theta_c_degrees"
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
    assert!(
        text.contains("size = 42") && text.contains("N = 40 or 44"),
        "{text}"
    );
    let text = folder.fail(2, &query("1,2", "40"));
    assert!(text.contains("divide every eigenvalue by 1.5"), "{text}");
}
