//! Every wrong input of `wrong_inputs.txt` is refused with exactly the text that stands there, before anything is written.

use crate::folder::{Folder, SMALL_JOB, changed};

const TABLE: &str = include_str!("wrong_inputs.txt");

/// Blocks of an input, `> from | to` for a change of the job or `> dam …` for a command line, and what is said of it.
fn blocks() -> impl Iterator<Item = (&'static str, &'static str)> {
    let blocks = TABLE.trim_end().split("\n\n> ");
    blocks.map(|block| block.trim_start_matches("> ").split_once('\n').unwrap())
}

#[test]
fn wrong_inputs_are_refused_in_these_words() {
    assert!(blocks().count() >= 150);
    for (input, expected) in blocks() {
        let (job, line) = match input.split_once(" |") {
            Some((from, to)) => {
                let [from, to] = [from, to.trim()].map(|text| text.replace("\\n", "\n"));
                (changed(SMALL_JOB, &from, &to), "run job.toml")
            }
            None => (SMALL_JOB.to_owned(), input.trim_start_matches("dam ")),
        };
        let folder = Folder::with_job(&job);
        let text = folder.fail(2, &line.split(' ').collect::<Vec<_>>());
        assert_eq!(text.trim_end(), expected, "{input}");
        assert_eq!(folder.listing(), ["job.toml"], "{input}");
    }
}
