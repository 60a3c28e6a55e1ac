//! What the reader of TOML says, in the words of someone who writes job files.

use crate::suggestion::did_you_mean;

/// Types by their names in Rust, and what belongs there.
const TYPES: [(&str, &str); 10] = [
    ("usize", "a whole number of at least 0"),
    ("u64", "a whole number of at least 0"),
    ("u32", "a whole number of at least 0"),
    (
        "numbers: a list such as [0.1, 0.2] or { start = 0.1, stop = 0.5, count = 5 }",
        "a list such as [0.1, 0.2] or { start = 0.1, stop = 0.5, count = 5 }",
    ),
    ("f64", "a number"),
    ("a boolean", "true or false"),
    ("a string", "text in quotes"),
    ("a sequence", "a list in brackets"),
    ("a map", "a table of keys"),
    ("string or map", "text in quotes"),
];

/// Beginnings of what the reader says of the syntax, and what it means.
const SYNTAX: [(&str, &str); 10] = [
    (
        "duplicate key",
        "this key stands there twice; keep one of them",
    ),
    (
        "string values must be quoted",
        "this is no value: text stands in quotes, several numbers stand in brackets",
    ),
    ("invalid float", "this is not a number"),
    ("unclosed table", "the name of a section ends with ]"),
    ("key with no value", "a key and = stand before every value"),
    (
        "missing comma between array elements",
        "the list before lacks its ] or a comma",
    ),
    (
        "wanted string or table",
        "one of the known names in quotes belongs here",
    ),
    (
        "unknown field `$__toml_private_datetime`",
        "a date stands where numbers belong",
    ),
    (
        "data did not match any variant of untagged enum Names",
        "one name in quotes belongs here, or a list of them",
    ),
    (
        "data did not match any variant of untagged enum Paths",
        "one path in quotes belongs here, or a list of them",
    ),
];

/// Values as the reader names them, and what they are.
const VALUES: [(&str, &str); 7] = [
    ("floating point ", "the number "),
    ("integer ", "the number "),
    ("string ", "the text "),
    ("boolean ", "the truth value "),
    ("sequence", "a list"),
    ("map", "a table of keys"),
    ("unit", "nothing"),
];

/// The message of a reader's error in plain words, with the mend where it is plain too.
pub(super) fn plain(message: &str) -> String {
    let message = message.trim();
    if let Some((_, ours)) = SYNTAX
        .iter()
        .find(|(theirs, _)| message.starts_with(theirs))
    {
        return (*ours).to_owned();
    }
    let of_kind = |beginning: &str| message.strip_prefix(beginning);
    if let Some(rest) = of_kind("invalid type: ").or_else(|| of_kind("invalid value: "))
        && let Some((value, expected)) = rest.split_once(", expected ")
    {
        return wrong_value(value, expected);
    }
    if let Some(rest) = of_kind("unknown field `").or_else(|| of_kind("unknown variant `")) {
        let is_key = message.starts_with("unknown field");
        return unknown_word(rest, if is_key { "key" } else { "name" });
    }
    if let Some(key) = of_kind("missing field `") {
        return format!("the key {} is missing; add it", key.trim_end_matches('`'));
    }
    message.to_owned()
}

fn wrong_value(value: &str, expected: &str) -> String {
    let named = VALUES.iter().find_map(|(theirs, ours)| {
        let rest = value.strip_prefix(theirs)?;
        let rest = rest
            .trim_end_matches(" as i128")
            .trim_end_matches(" as u128");
        Some(format!("{ours}{}", rest.replace('`', "")))
    });
    let found = named.unwrap_or_else(|| value.replace('`', ""));
    let known = TYPES.iter().find(|(theirs, _)| *theirs == expected);
    let belongs = known.map_or(expected, |(_, ours)| ours);
    let whole = found
        .strip_prefix("the number ")
        .and_then(|number| number.parse::<f64>().ok())
        .filter(|number| number.fract() == 0.0 && (0.0..1e15).contains(number));
    let mend = match whole {
        Some(number) if belongs.starts_with("a whole number") => format!("; write {number}"),
        _ => String::new(),
    };
    format!("{found} stands where {belongs} belongs{mend}")
}

/// Of `word`, expected …
fn unknown_word(rest: &str, what: &str) -> String {
    let (word, expected) = rest.split_once('`').unwrap_or((rest, ""));
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let near = did_you_mean(word, known.iter().copied());
    let known = known.join(", ");
    format!(
        "unknown {what} {word}{near}{}{known}",
        if near.is_empty() {
            "; known: "
        } else {
            " known: "
        }
    )
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn types_of_the_language_are_named_as_their_writer_names_them() {
        for (theirs, ours) in [
            (
                "invalid type: floating point `100.0`, expected usize",
                "the number 100.0 stands where a whole number of at least 0 belongs; write 100",
            ),
            (
                "invalid value: integer `-3`, expected usize",
                "the number -3 stands where a whole number of at least 0 belongs",
            ),
            (
                "invalid type: string \"7\", expected u64",
                "the text \"7\" stands where a whole number of at least 0 belongs",
            ),
            (
                "unknown field `sampels`, expected `samples` or `precision`",
                "unknown key sampels; did you mean \"samples\"? known: samples, precision",
            ),
            ("missing field `name`", "the key name is missing; add it"),
        ] {
            assert_eq!(plain(theirs), ours);
        }
    }
}
