//! The pages of docs/ as a book: each has its place, and links lead somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder of the repository.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

/// The lines that are text: what stands between fences is not.
fn prose(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            lines.push(line.to_owned());
        }
    }
    assert!(!is_code, "{}: a fence is not closed", page.display());
    lines
}

/// Targets of the links and pictures of a page.
fn links(page: &Path) -> Vec<String> {
    let lines = prose(page);
    let targets = lines.iter().flat_map(|line| {
        line.split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')').map(|(target, _)| target.to_owned()))
    });
    targets.collect()
}

/// The anchors of a page's headings, as forges and mdBook make them.
fn anchors(page: &Path) -> BTreeSet<String> {
    let lines = prose(page);
    let headings = lines.iter().filter(|line| line.starts_with('#'));
    let anchor = |heading: &String| -> String {
        heading
            .trim_start_matches('#')
            .trim()
            .chars()
            .flat_map(char::to_lowercase)
            .filter_map(|letter| match letter {
                ' ' => Some('-'),
                _ if letter.is_alphanumeric() || letter == '-' || letter == '_' => Some(letter),
                _ => None,
            })
            .collect()
    };
    headings.map(anchor).collect()
}

/// What is wrong with the links of a page that must stay within `bounds`.
fn faults(page: &Path, bounds: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for link in links(page) {
        if link.starts_with("https://") || link.starts_with("http://") {
            continue;
        }
        let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
        let target = page.parent().unwrap().join(path);
        let target = if path.is_empty() {
            page.to_owned()
        } else if let Ok(target) = target.canonicalize() {
            target
        } else {
            faults.push(format!("{}: {link} is not there", page.display()));
            continue;
        };
        if !target.starts_with(bounds) {
            faults.push(format!("{}: {link} leads out of the book", page.display()));
        } else if !anchor.is_empty() && !anchors(&target).contains(anchor) {
            faults.push(format!("{}: {link} has no such heading", page.display()));
        }
    }
    faults
}

#[test]
fn links_lead_somewhere_and_those_of_the_book_stay_in_it() {
    let root = root().canonicalize().unwrap();
    let book = root.join("docs");
    let mut wrong: Vec<String> = files(&book)
        .iter()
        .filter(|path| is_page(path))
        .flat_map(|page| faults(page, &book))
        .collect();
    for page in ["README.md", "CHANGELOG.md", "python/README.md"] {
        wrong.extend(faults(&root.join(page), &root));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_has_its_place_in_the_book() {
    let book = root().join("docs").canonicalize().unwrap();
    let summary = book.join("SUMMARY.md");
    let named: Vec<PathBuf> = links(&summary)
        .iter()
        .map(|link| book.join(link).canonicalize().unwrap())
        .collect();
    let placed: BTreeSet<&PathBuf> = named.iter().collect();
    assert_eq!(
        placed.len(),
        named.len(),
        "a page stands twice in SUMMARY.md"
    );
    let pages = files(&book);
    let pages: BTreeSet<&PathBuf> = pages
        .iter()
        .filter(|path| is_page(path) && **path != summary)
        .collect();
    assert_eq!(pages, placed, "docs/SUMMARY.md names each page once");
}

#[test]
fn every_figure_of_the_book_is_shown_and_said_in_words() {
    let book = root().join("docs").canonicalize().unwrap();
    let pages = files(&book);
    let pages = pages.iter().filter(|path| is_page(path));
    let text: String = pages
        .map(|page| fs::read_to_string(page).unwrap())
        .collect();
    assert!(
        !text.contains("![]("),
        "a picture has no words for who does not see it"
    );
    for figure in files(&book.join("figures")) {
        let name = figure.file_name().unwrap().to_str().unwrap();
        if name.starts_with("tutorial-") {
            assert!(
                text.contains(&format!("figures/{name})")),
                "{name} is not shown"
            );
            let size = fs::metadata(&figure).unwrap().len();
            assert!(size < 80 * 1024, "{name} has {size} bytes");
        }
    }
}
