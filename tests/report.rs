//! `dam report`: one file that holds all, whatever the texts are, and says what is missing.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::folder::{Folder, QUICK_JOB, SMALL_JOB, assert_contains, changed};

/// What stands in the element that begins with `opening`.
fn inside<'a>(page: &'a str, opening: &str, closing: &str) -> &'a str {
    let (_, rest) = page.split_once(opening).unwrap();
    rest.split_once(closing).unwrap().0
}

fn data(page: &str) -> serde_json::Value {
    let text = inside(
        page,
        "<script type=\"application/json\" id=\"data\">",
        "</script>",
    );
    serde_json::from_str(text).unwrap()
}

/// Bytes of base64.
fn decoded(text: &str) -> Vec<u8> {
    let place = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = text.trim_end_matches('=').bytes().map(place).collect();
    let group = |group: &[u8]| {
        let joined = group
            .iter()
            .fold(0_u32, |joined, &six| (joined << 6) | u32::from(six));
        let joined = joined << (6 * (4 - group.len()));
        joined.to_be_bytes()[1..group.len()].to_vec()
    };
    letters.chunks(4).flat_map(group).collect()
}

#[test]
fn a_page_holds_the_figures_the_table_of_compare_the_samples_and_the_job() {
    let folder = Folder::finished(SMALL_JOB);
    let said = folder.line("report job.toml");
    assert_eq!(said, "wrote results/small.report.html\n");
    let page = folder.read("results/small.report.html");
    // nothing to load: the only addresses are names of namespaces, licences and data
    for attribute in ["src=", "@import", "url("] {
        assert!(!page.contains(attribute), "{attribute}");
    }
    let links = page
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    assert!(
        links
            .clone()
            .all(|link| link.starts_with("data:") || link.starts_with('#'))
    );
    // what `dam compare` prints stands there, cell by cell
    let compared = folder.line("compare job.toml");
    let table = inside(&page, "<table>", "</table>");
    let cells: Vec<&str> = table
        .split("</td>")
        .map(|cell| cell.rsplit('>').next().unwrap())
        .collect();
    let rows = compared.lines().skip(1);
    let printed: Vec<&str> = rows.flat_map(str::split_whitespace).collect();
    assert!(printed.len() > 50);
    assert_eq!(&cells[..cells.len() - 1], printed);
    // points of the figure are those of its csv
    let data = data(&page);
    let figure = &data["entries"][0]["figures"]["figure-0-crossover"];
    let layers = figure["panels"][0]["layers"].as_array().unwrap();
    let points = layers
        .iter()
        .find(|layer| layer["kind"] == "points")
        .unwrap();
    let csv = folder.read("results/small.crossover.csv");
    let row = csv.lines().find(|row| row.contains(",points,")).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    for (column, key) in [(2, "x"), (3, "y"), (6, "y_low"), (7, "y_high")] {
        let number: f64 = cells[column].parse().unwrap();
        assert_eq!(points[key][0].as_f64(), Some(number), "{key}");
    }
    // every sample is counted
    let counted = &data["entries"][0]["histograms"][0]["of"][0];
    let counts = counted["counts"].as_array().unwrap().iter();
    let sum: u64 = counts.filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(sum + counted["missing"].as_u64().unwrap(), 20);
    // the table of the download is that of the run
    let csv = inside(&page, "data:text/csv;charset=utf-8;base64,", "\"");
    let there = folder.read("results/small.csv");
    assert_eq!(String::from_utf8(decoded(csv)).unwrap(), there);
    assert_contains(
        &page,
        &[
            "<title>small</title>",
            "within 3 standard errors",
            "id=\"deviations-0\"",
            "experiment = &quot;crossover&quot;",
            "<dt>seed</dt><dd>7</dd>",
            "<dt>shown from</dt><dd>the results file</dd>",
            "MIT License",
        ],
    );
}

#[test]
fn theory_is_left_out_on_request_and_where_it_has_parameters() {
    let folder = Folder::finished(QUICK_JOB);
    folder.line("report job.toml --page with.html");
    folder.line("report job.toml --page without.html --without-theory");
    let module = |page: &str| page.contains("<script type=\"text/plain\" id=\"theory\">");
    let (with, without) = (folder.read("with.html"), folder.read("without.html"));
    assert!(module(&with) && !module(&without));
    let bytes = decoded(inside(&with, "id=\"theory\">", "</script>"));
    assert!(bytes.starts_with(b"\x1f\x8b"), "not packed by gzip");
    assert!(with.len() - without.len() >= bytes.len() * 4 / 3);
}

#[test]
fn no_text_of_a_job_is_read_as_part_of_the_page() {
    let name = "</script><img src=x onerror=alert(1)>.toml".replace('/', "");
    let folder = Folder::finished(QUICK_JOB);
    let comment = "# </script><script>alert(1)</script><!-- <img src=x> '\" & \u{2028}\n";
    folder.write(&name, &format!("{comment}{QUICK_JOB}"));
    folder.succeed(&["report", &name, "--page", "page.html"]);
    let page = folder.read("page.html");
    assert!(!page.contains("<script>alert") && !page.contains("<img"));
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"));
    // as many elements as without it
    folder.line("report job.toml --page plain.html");
    let plain = folder.read("plain.html");
    for tag in ["<script", "</script>", "<!--", "<section", "<td", "<dt>"] {
        assert_eq!(
            page.matches(tag).count(),
            plain.matches(tag).count(),
            "{tag}"
        );
    }
}

#[test]
fn several_jobs_make_a_gallery_that_tells_what_is_missing() {
    let folder = Folder::finished(&changed(QUICK_JOB, "\"curve\"", "\"whole\""));
    folder.write("other.toml", QUICK_JOB);
    folder.write("none.toml", &QUICK_JOB.replace("\"curve\"", "\"none\""));
    folder.succeed(&["run", "other.toml"]);
    let tasks = fs::read_dir(folder.path("results/curve.data")).unwrap();
    let mut tasks: Vec<PathBuf> = tasks.map(|entry| entry.unwrap().path()).collect();
    tasks.retain(|path| path.extension().is_some_and(|end| end == "json"));
    fs::remove_file(&tasks[0]).unwrap();
    let said = folder.line("report job.toml other.toml none.toml");
    assert_eq!(said, "wrote results/report.html\n");
    let page = folder.read("results/report.html");
    let index = inside(&page, "<nav", "</nav>");
    assert_eq!(index.matches("<svg class=\"thumbnail\"").count(), 2);
    assert_contains(
        index,
        &[
            "href=\"#job-2\"",
            "<b>1 of 2</b>",
            "<b>2 of 2</b>",
            "none of 2",
            " σ",
        ],
    );
    assert_contains(
        &page,
        &[
            "Incomplete: 1 of 2 tasks are not finished and not shown.",
            "Incomplete: None of its 2 tasks is finished.",
            "Nothing is measured yet.",
        ],
    );
    assert_eq!(data(&page)["entries"].as_array().unwrap().len(), 3);
    // a second page replaces the first
    folder.line("report job.toml --page results/report.html");
    assert!(!folder.read("results/report.html").contains("<nav"));
}

#[test]
fn wrong_input_is_one_error_before_anything_is_written() {
    let folder = Folder::finished(QUICK_JOB);
    folder.write("none.toml", &changed(QUICK_JOB, "\"curve\"", "\"none\""));
    folder.write("twin.toml", QUICK_JOB);
    folder.write("mine.html", "<!doctype html>\n<p>mine");
    let before = folder.listing();
    for (line, words) in [
        (
            "report none.toml",
            "no task of \"none\" is finished in results; simulate it with `dam run`",
        ),
        (
            "report job.toml twin.toml",
            "twin.toml: another of these jobs is called \"curve\" too; name each job once",
        ),
        (
            "report job.toml --page mine.html",
            "mine.html is no page of dam report; move it away, or give another place with --page",
        ),
        (
            "report job.toml --page results",
            "results is no page of dam report; move it away, or give another place with --page",
        ),
        ("report absent.toml", "absent.toml"),
        ("report job.toml none.toml absent.toml", "absent.toml"),
    ] {
        let text = folder.fail(2, &line.split(' ').collect::<Vec<_>>());
        let errors: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("error: "))
            .collect();
        assert_eq!(errors.len(), 1, "{line}: {text}");
        assert!(errors[0].contains(words), "{line}: {text}");
        assert_eq!(folder.listing(), before, "{line}");
    }
    assert_eq!(folder.read("mine.html"), "<!doctype html>\n<p>mine");
}

/// All files below a path, as `find -type f` lists them.
fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        return found.push(path.to_owned());
    }
    for entry in fs::read_dir(path).unwrap() {
        files(&entry.unwrap().path(), found);
    }
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[test]
fn the_theory_of_pages_is_compiled_from_the_sources_that_stand_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for part in [
        "theory/src",
        "theory/wasm/src",
        "theory/Cargo.toml",
        "theory/wasm/Cargo.toml",
        "theory/wasm/Cargo.lock",
    ] {
        files(&root.join(part), &mut sources);
    }
    let mut sources: Vec<(String, String)> = sources
        .iter()
        .map(|path| {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            (name, sha256(&fs::read(path).unwrap()))
        })
        .collect();
    sources.sort();
    let lines = sources.iter();
    let lines: Vec<String> = lines
        .map(|(name, digest)| format!("{digest}  {name}\n"))
        .collect();
    let recorded = fs::read_to_string(root.join("plots/report/theory/sources.sha256")).unwrap();
    assert_eq!(
        recorded.trim(),
        sha256(lines.concat().as_bytes()),
        "theory/src or theory/wasm has changed: run scripts/wasm.sh and commit plots/report/theory"
    );
}

#[test]
fn vendored_files_are_those_of_the_hashes_beside_them() {
    let vendor = Path::new(env!("CARGO_MANIFEST_DIR")).join("plots/report/vendor");
    let list = fs::read_to_string(vendor.join("SHA256SUMS")).unwrap();
    let mut listed = vec!["SHA256SUMS".to_owned()];
    for line in list.lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        assert_eq!(
            sha256(&fs::read(vendor.join(name)).unwrap()),
            hash,
            "{name}"
        );
        listed.push(name.to_owned());
    }
    let there = fs::read_dir(vendor).unwrap();
    let there = there.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut there: Vec<String> = there.collect();
    there.sort();
    listed.sort();
    assert_eq!(there, listed);
}
