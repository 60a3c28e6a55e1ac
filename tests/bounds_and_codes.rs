//! `dam theory bound`, `dam codes` and the experiment `closest-pair`.

use crate::folder::{Folder, assert_contains};

/// The rows of a csv without its header, as cells.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().skip(1);
    lines.map(|line| line.split(',').collect()).collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap()
}

#[test]
fn bounds_print_the_published_numbers() {
    let folder = Folder::new();
    let bound = |arguments: &str| {
        let words = format!("theory bound {arguments} --format csv");
        folder.succeed(&words.split(' ').collect::<Vec<_>>())
    };
    let text =
        bound("ramsauer --beta 1 --radius-factor 3 --dimension 20 --failure-probability 0.001");
    assert!(text.starts_with(
        "beta,radius_factor,failure_probability,dimension,growth,log_capacity,capacity,vacuous"
    ));
    let row = &rows(&text)[0];
    assert!((number(row[4]) - 3.154611).abs() < 1e-6 && (number(row[6]) - 7.413).abs() < 1e-3);
    assert_eq!(row[7], "");
    let text = bound("ramsauer --beta 1 --growth 0.4,2");
    assert!(rows(&text)[0][6].starts_with("no solution") && rows(&text)[1][6] == "exceeded above");
    let text = bound("kernelized --beta 100 --dimension 100 --retrieval-radius 0.01");
    assert!((number(rows(&text)[0][5]) - 1.4351).abs() < 1e-4);
    let text = bound("kernelized --beta 100 --dimension 100 --retrieval-radius 0.2");
    assert_eq!(rows(&text)[0][10], "growth constant at most 1");
    let text = bound("spherical-code --dimension 3 --count 12");
    let row = &rows(&text)[0];
    assert!((number(row[3]) - 63.4349488).abs() < 1e-7);
    assert!(
        (number(row[4]) - 1.0 / 18.0).abs() < 1e-12 && (number(row[5]) - 2.0 / 3.0).abs() < 1e-12
    );
    let text = bound("well-separation --beta 100 --count 10,1000");
    assert_eq!(rows(&text).len(), 2);
    let text = bound("optimal --beta 100 --dimension 10,100");
    assert!(number(rows(&text)[1][3]) < number(rows(&text)[1][4]));
}

#[test]
fn bad_bounds_and_codes_are_refused_with_status_2() {
    let folder = Folder::new();
    for (arguments, expected) in [
        ("theory bound ramsauer --beta -1 --dimension 20", "β = -1"),
        ("theory bound ramsauer --beta 1", "--dimension"),
        ("theory bound ramsauer --beta 1 --growth 0", "growth = 0"),
        ("theory bound spherical-code --dimension 3 --angle 190", "θ"),
        (
            "theory bound spherical-code --dimension 3.5 --count 12",
            "dimension = 3.5",
        ),
        ("theory bound optimal --beta 9 --count 1", "count = 1"),
        ("theory bound figure --lambda -1 --output out", "λ = -1"),
        ("codes --dimension 1 --points 3", "--dimension"),
        ("codes --dimension 3 --points 1", "--points"),
    ] {
        let text = folder.fail(2, &arguments.split(' ').collect::<Vec<_>>());
        assert!(text.contains(expected), "{arguments}:\n{text}");
    }
    assert!(folder.listing().is_empty());
}

#[test]
fn a_code_comes_with_bounds_status_coordinates_and_figure() {
    let folder = Folder::new();
    let arguments = "codes --dimension 3 --points 9 --restarts 8 --output out --format csv";
    let text = folder.succeed(&arguments.split(' ').collect::<Vec<_>>());
    let row = &rows(&text)[0];
    assert!(
        (number(row[2]) - 70.5287794).abs() < 1e-6 && row[7] == "proven",
        "{text}"
    );
    assert!(number(row[4]) < number(row[2]) && number(row[2]) < number(row[5]));
    for file in ["csv", "figure.svg", "figure.png", "figure.csv"] {
        assert!(
            folder.path(&format!("out/code.d3.m9.{file}")).exists(),
            "{file}"
        );
    }
    let coordinates = folder.read("out/code.d3.m9.csv");
    assert_eq!(rows(&coordinates).len(), 9);
    for point in rows(&coordinates) {
        let squared: f64 = point.iter().map(|cell| number(cell).powi(2)).sum();
        assert!((squared - 1.0).abs() < 1e-14);
    }
}

#[test]
fn the_capacity_figure_is_drawn() {
    let folder = Folder::new();
    folder.succeed(&["theory", "bound", "figure", "--output", "out"]);
    let table = folder.read("out/capacity-bounds.lambda1.csv");
    assert_contains(
        &table,
        &["Ramsauer", "kernelized", "covering", "caps", "REM"],
    );
}

#[test]
fn the_closest_of_random_patterns_are_as_near_as_theory_says() {
    let folder = Folder::new();
    folder.write(
        "pair.toml",
        "[job]\nname = \"pair\"\nexperiment = \"closest-pair\"\n[patterns]\nensemble = \"gaussian\"\n\
         [sweep]\nalpha = [0.25]\nsize = [12, 20]\n[sampling]\nsamples = 400\n",
    );
    folder.succeed(&["run", "pair.toml", "--output", "out"]);
    assert!(folder.path("out/pair.closest-pair.svg").exists());
    let text = folder.succeed(&["compare", "pair.toml", "--output", "out", "--format", "csv"]);
    assert_eq!(rows(&text).len(), 4);
    for row in rows(&text) {
        // measured, standard error, interval, theory at finite N, its error, deviation, N = ∞
        let (measured, theory, limit) = (number(row[4]), number(row[8]), number(row[11]));
        assert!(number(row[10]).abs() < 4.0, "{row:?}");
        assert!((measured / theory - 1.0).abs() < 0.03 && (measured / limit - 1.0).abs() > 0.03);
    }
}
