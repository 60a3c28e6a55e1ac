//! The house rules that a text can show: no circles of files, names of kinds in their own files only,
//! short functions and files, every declared dependency used.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates: folder, name in `use` lines.
const CRATES: [(&str, &str); 12] = [
    ("theory", "dam_theory"),
    ("sims/statistics", "dam_statistics"),
    ("sims/memory", "dam_memory"),
    ("sims/learning", "dam_learning"),
    ("sims/layers", "dam_layers"),
    ("sims/runs", "dam_runs"),
    ("sims/experiments", "dam_experiments"),
    ("sims/learning-experiments", "dam_learning_experiments"),
    ("plots", "dam_plots"),
    ("plots/report", "dam_report"),
    (".", "dam"),
    ("python", "dam_python"),
];
/// Lines of code that a function, and lines that a file may have.
const LONGEST_FUNCTION: usize = 80;
const LONGEST_FILE: usize = 500;
/// Files that may be longer.
const LONG_FILES: usize = 4;

/// Words that name something else where they stand: the corruption by Gaussian noise.
const HOMONYMS: [(&str, &str); 1] = [("memory_comparison/corruption.rs", "gaussian")];

/// One source file: its module path within its crate and its text without unit tests.
struct Source {
    file: PathBuf,
    module: Vec<String>,
    text: String,
    lines: usize,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sources of a crate.
fn sources(folder: &str) -> Vec<Source> {
    let top = root().join(folder).join("src");
    let mut found = Vec::new();
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(source(&top, path));
            }
        }
    }
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found
}

fn source(top: &Path, file: PathBuf) -> Source {
    let relative = file.strip_prefix(top).unwrap().with_extension("");
    let mut module: Vec<String> = relative
        .components()
        .map(|part| part.as_os_str().to_str().unwrap().to_owned())
        .collect();
    if ["mod", "lib", "main"].contains(&module.last().unwrap().as_str()) {
        module.pop();
    }
    let text = fs::read_to_string(&file).unwrap();
    let lines = text.lines().count();
    let code = text.split("\n#[cfg(test)]\n").next().unwrap();
    let code: Vec<&str> = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    Source {
        module,
        text: code.join("\n"),
        lines,
        file,
    }
}

/// All paths of a `use` tree such as `a::{b, c::{d, e as f}}`.
fn expand(tree: &str, prefix: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap().trim();
        if !path.is_empty() {
            paths.push(format!("{prefix}{path}"));
        }
        return;
    };
    let prefix = format!("{prefix}{}", &tree[..open]);
    let inner = tree[open + 1..].trim_end().trim_end_matches('}');
    let (mut depth, mut begin) = (0, 0);
    // a group that holds groups keeps their closing braces
    let inner = &tree[open + 1..open + 1 + inner_length(&tree[open + 1..], inner.len())];
    for (position, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&inner[begin..position], &prefix, paths);
                begin = position + 1;
            }
            _ => {}
        }
    }
    expand(&inner[begin..], &prefix, paths);
}

/// Length of the text up to the brace that closes the group.
fn inner_length(text: &str, otherwise: usize) -> usize {
    let mut depth = 0;
    for (position, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return position,
            '}' => depth -= 1,
            _ => {}
        }
    }
    otherwise
}

/// The `use` statements of a text: whether re-exported, and the path.
fn imports(text: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    for (begin, _) in text.match_indices("use ") {
        let line = text[..begin].rfind('\n').map_or(0, |end| end + 1);
        let before = text[line..begin].trim();
        if !(before.is_empty() || before.starts_with("pub")) {
            continue;
        }
        let Some(end) = text[begin..].find(';') else {
            continue;
        };
        let mut paths = Vec::new();
        let mut tree = text[begin + 4..begin + end].replace('\n', " ");
        // Within a module in the same file `super` is that file.
        if text[line..].starts_with(' ') && tree.starts_with("super::") {
            tree.replace_range(.."super::".len(), "self::");
        }
        expand(&tree, "", &mut paths);
        found.extend(
            paths
                .into_iter()
                .map(|path| (before.starts_with("pub"), path)),
        );
    }
    found
}

/// The absolute path of an import within its crate, where it stays in the crate.
fn absolute(
    module: &[String],
    path: &str,
    children: &BTreeSet<Vec<String>>,
) -> Option<Vec<String>> {
    let parts: Vec<String> = path
        .split("::")
        .map(|part| part.trim().to_owned())
        .collect();
    let join = |base: &[String], rest: &[String]| Some([base, rest].concat());
    match parts[0].as_str() {
        "crate" => join(&[], &parts[1..]),
        "self" => join(module, &parts[1..]),
        "super" => {
            let up = parts.iter().take_while(|part| *part == "super").count();
            join(&module[..module.len().checked_sub(up)?], &parts[up..])
        }
        first => {
            let child = [module, &[first.to_owned()]].concat();
            children.contains(&child).then(|| [module, &parts].concat())
        }
    }
}

/// Which file each file of a crate imports from; a re-exported name leads to the file that defines it.
fn graph(sources: &[Source]) -> Vec<BTreeSet<usize>> {
    let modules: BTreeMap<Vec<String>, usize> = sources
        .iter()
        .enumerate()
        .filter(|(_, source)| !source.file.ends_with("src/main.rs"))
        .map(|(index, source)| (source.module.clone(), index))
        .collect();
    let known: BTreeSet<Vec<String>> = modules.keys().cloned().collect();
    let mut exported: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
    for (index, source) in sources.iter().enumerate() {
        for (is_public, path) in imports(&source.text) {
            if is_public && let Some(target) = absolute(&source.module, &path, &known) {
                exported.insert((index, target.last().unwrap().clone()), target);
            }
        }
    }
    let resolve = |mut path: Vec<String>| {
        for _ in 0..8 {
            let end = (0..=path.len())
                .rev()
                .find(|&end| modules.contains_key(&path[..end]))?;
            let file = modules[&path[..end]];
            match path
                .get(end)
                .and_then(|item| exported.get(&(file, item.clone())))
            {
                Some(target) if *target != path => {
                    path = [target.as_slice(), &path[end + 1..]].concat();
                }
                _ => return Some(file),
            }
        }
        None
    };
    sources
        .iter()
        .enumerate()
        .map(|(index, source)| {
            let used = imports(&source.text)
                .into_iter()
                .filter(|(is_public, _)| !is_public);
            let inline = inline_paths(&source.text);
            used.map(|(_, path)| path)
                .chain(inline)
                .filter_map(|path| resolve(absolute(&source.module, &path, &known)?))
                .filter(|&target| target != index)
                .collect()
        })
        .collect()
}

/// Paths such as `crate::kernel::Batch` in the code itself; groups of a `use` line are read as such.
fn inline_paths(text: &str) -> Vec<String> {
    let is_path = |character: char| character.is_alphanumeric() || "_:".contains(character);
    text.match_indices("crate::")
        .filter(|(begin, _)| !text[..*begin].ends_with(['$', ':', '_']))
        .map(|(begin, _)| {
            let path = &text[begin..];
            let end = path.find(|character| !is_path(character));
            path[..end.unwrap_or(path.len())].to_owned()
        })
        .filter(|path| !path.ends_with(':'))
        .collect()
}

/// The files that import each other in a circle, by Tarjan-like reachability (crates are small).
fn circles(graph: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let reach: Vec<BTreeSet<usize>> = (0..graph.len())
        .map(|start| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
            while let Some(file) = open.pop() {
                open.extend(graph[file].iter().filter(|&&next| seen.insert(next)));
            }
            seen
        })
        .collect();
    let mut found: Vec<BTreeSet<usize>> = Vec::new();
    for file in 0..graph.len() {
        if reach[file].contains(&file) && !found.iter().any(|circle| circle.contains(&file)) {
            let together = reach[file]
                .iter()
                .filter(|&&other| reach[other].contains(&file));
            found.push(together.copied().collect());
        }
    }
    found
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut faults = Vec::new();
    for (folder, _) in CRATES {
        let sources = sources(folder);
        for circle in circles(&graph(&sources)) {
            let files: Vec<String> = circle.iter().map(|&file| shown(&sources[file])).collect();
            faults.push(files.join(" ⇄ "));
        }
    }
    assert!(
        faults.is_empty(),
        "{} circles:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn a_circle_of_files_is_found_through_re_exports() {
    let source = |module: &str, text: &str| Source {
        file: PathBuf::from(module),
        module: module
            .split("::")
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect(),
        text: text.to_owned(),
        lines: 0,
    };
    let of = |leaf: &str| {
        let sources = [
            source("a", "mod b;\nmod c;\npub use b::B;\nuse c::C;\n"),
            source("a::b", "pub struct B;\n"),
            source("a::c", leaf),
        ];
        circles(&graph(&sources)).len()
    };
    assert_eq!(of("use super::B;\n"), 0);
    assert_eq!(of("use crate::a::{B, Other};\n"), 1);
    assert_eq!(of("fn f() { crate::a::g() }\n"), 1);
}

fn shown(source: &Source) -> String {
    source
        .file
        .strip_prefix(root())
        .unwrap()
        .display()
        .to_string()
}

#[test]
fn names_of_kinds_stand_in_their_own_files_only() {
    let ensembles = dam::theory::ensembles::ENSEMBLES
        .iter()
        .map(|kind| kind.name);
    let experiments = dam::experiments::catalogue();
    let experiments = experiments.kinds().iter().map(|kind| kind.name);
    let names: Vec<&str> = ensembles.chain(experiments).collect();
    let mut faults = Vec::new();
    for source in CRATES.iter().flat_map(|(folder, _)| sources(folder)) {
        for name in &names {
            let literal = format!("\"{name}\"");
            let own = format!("name: {literal}");
            let is_other = HOMONYMS
                .iter()
                .any(|(file, word)| word == name && source.file.ends_with(file));
            if source.text.contains(&literal) && !source.text.contains(&own) && !is_other {
                faults.push(format!("{} names {name}", shown(&source)));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The functions of a text that rustfmt has formatted, with their lines.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (begin, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let head = line.trim_start();
        let words = [
            "fn ",
            "pub fn ",
            "pub(crate) fn ",
            "pub(super) fn ",
            "const fn ",
            "unsafe fn ",
        ];
        if !words.iter().any(|word| head.starts_with(word)) {
            continue;
        }
        let close = format!("{}}}", " ".repeat(indent));
        if let Some(length) = lines[begin..].iter().position(|line| *line == close) {
            found.push((head.to_owned(), length + 1));
        }
    }
    found
}

#[test]
fn functions_and_files_are_short() {
    let mut long = Vec::new();
    let mut files = Vec::new();
    for source in CRATES.iter().flat_map(|(folder, _)| sources(folder)) {
        for (head, lines) in functions(&source.text) {
            if lines > LONGEST_FUNCTION {
                long.push(format!("{}: {head} has {lines} lines", shown(&source)));
            }
        }
        if source.lines > LONGEST_FILE {
            files.push(format!("{} has {} lines", shown(&source), source.lines));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
    assert!(
        files.len() <= LONG_FILES,
        "{} files:\n{}",
        files.len(),
        files.join("\n")
    );
}

#[test]
fn every_declared_dependency_is_used() {
    let mut faults = Vec::new();
    for (folder, _) in CRATES {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let dependencies = manifest
            .split("\n[")
            .filter(|section| section.starts_with("dependencies]") || section.contains("cfg("));
        let text: String = sources(folder)
            .into_iter()
            .map(|source| source.text)
            .collect();
        for line in dependencies.flat_map(str::lines) {
            if let Some(name) = line.split(".workspace").next().filter(|name| *name != line)
                && !text.contains(&name.replace('-', "_"))
            {
                faults.push(format!("{folder}/Cargo.toml declares {name}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let root = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for package in [
        "nalgebra",
        "rand",
        "rand_xoshiro",
        "rayon",
        "statrs",
        "plotters",
        "serde",
        "toml",
    ] {
        assert!(
            root.contains(&format!("\n{package} = ")),
            "the mission names {package}"
        );
    }
}

/// Numbers of a version, for comparison; what follows a hyphen does not count.
fn version(text: &str) -> Vec<u64> {
    let release = text.split(['-', '+']).next().unwrap_or_default();
    let part = |number: &str| number.parse().unwrap_or(u64::MAX);
    release.split('.').map(part).collect()
}

/// Packages of a lock file, each with its version.
fn locked(lock: &str) -> Vec<(&str, &str)> {
    let packages = lock.split("[[package]]\nname = \"").skip(1);
    packages
        .filter_map(|package| {
            let (name, rest) = package.split_once("\"\nversion = \"")?;
            Some((name, rest.split_once('"')?.0))
        })
        .collect()
}

/// Which advisories of the list `scripts/advisories.csv` packages of a lock file fall under.
fn advised_against(advisories: &str, lock: &str) -> Vec<String> {
    let packages = locked(lock);
    let mut faults = Vec::new();
    for line in advisories.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let &[advisory, name, fixed, why] = fields.as_slice() else {
            panic!("scripts/advisories.csv: {line}");
        };
        for (package, locked) in &packages {
            if *package == name && (fixed.is_empty() || version(locked) < version(fixed)) {
                faults.push(format!("{advisory}: {name} {locked} is {why}"));
            }
        }
    }
    faults
}

#[test]
fn no_locked_package_is_advised_against() {
    let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
    let advisories = read("scripts/advisories.csv");
    for (file, least) in [
        ("Cargo.lock", 50),
        ("fuzz/Cargo.lock", 50),
        ("theory/wasm/Cargo.lock", 8),
    ] {
        let lock = read(file);
        assert!(locked(&lock).len() > least, "{file} was not understood");
        let faults = advised_against(&advisories, &lock);
        assert!(faults.is_empty(), "{file}:\n{}", faults.join("\n"));
    }
    let old = "[[package]]\nname = \"crossbeam-epoch\"\nversion = \"0.9.18\"\n";
    assert_eq!(advised_against(&advisories, old).len(), 1);
    let mended = old.replace("0.9.18", "0.9.20");
    assert!(advised_against(&advisories, &mended).is_empty());
}
