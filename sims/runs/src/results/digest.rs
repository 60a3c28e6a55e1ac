//! Digests that show every damage: of a whole file, and of the record of each sample.
//!
//! A file of ours is `{"format":"…","digest":"…",` and the rest, whose SHA-256 the digest is. Earlier builds wrote none.

use sha2::{Digest, Sha256};

use crate::hexadecimal::hexadecimal;
use crate::record::Record;

const KEY: &str = r#""digest":""#;
/// Behind the format in files without a digest.
const UNDIGESTED: &[u8] = br#""schema":"#;
/// Hexadecimal digits of a file's digest, and of a sample's.
const LENGTH: usize = 64;
const SAMPLE_LENGTH: usize = 16;

/// What the digest of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seal {
    Right,
    Broken,
    /// Of an earlier build.
    Missing,
    /// The file does not begin as one of ours.
    Foreign,
}

/// The document of ours that begins with `opening`, with its digest.
pub(super) fn sealed(opening: &str, document: &[u8]) -> Vec<u8> {
    let rest = &document[opening.len()..];
    let digest = hexadecimal(&Sha256::digest(rest));
    [opening, KEY, &digest, "\","]
        .map(str::as_bytes)
        .concat()
        .into_iter()
        .chain(rest.iter().copied())
        .collect()
}

/// Holds a file against its digest. One that agrees is ours even where the bytes before it are damaged.
pub(super) fn seal(bytes: &[u8], opening: &str) -> Seal {
    let reach = bytes.len().min(opening.len() + KEY.len() + 8);
    let key = bytes[..reach]
        .windows(KEY.len())
        .position(|window| window == KEY.as_bytes());
    let agrees = key.is_some_and(|at| {
        let found = &bytes[at + KEY.len()..];
        found
            .split_at_checked(LENGTH)
            .is_some_and(|(digest, rest)| {
                rest.strip_prefix(b"\",")
                    .is_some_and(|rest| hexadecimal(&Sha256::digest(rest)).as_bytes() == digest)
            })
    });
    match bytes.strip_prefix(opening.as_bytes()) {
        Some(_) if agrees && key == Some(opening.len()) => Seal::Right,
        Some(rest) if rest.starts_with(UNDIGESTED) => Seal::Missing,
        None if !agrees => Seal::Foreign,
        _ => Seal::Broken,
    }
}

/// The digest of what one sample gave.
pub(super) fn of_sample(index: usize, record: &Record) -> String {
    let text = serde_json::json!([index, record]).to_string();
    let mut digest = hexadecimal(&Sha256::digest(text.as_bytes()));
    digest.truncate(SAMPLE_LENGTH);
    digest
}

/// The digest of all samples of a task, the same on every machine and for every schedule.
pub(super) fn of_samples(samples: &[Record]) -> String {
    let mut hash = Sha256::new();
    for (index, record) in samples.iter().enumerate() {
        hash.update(of_sample(index, record).as_bytes());
    }
    hexadecimal(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENING: &str = r#"{"format":"dam-task","#;
    const DOCUMENT: &[u8] = br#"{"format":"dam-task","schema":1,"samples":[0.371]}"#;

    #[test]
    fn every_flipped_bit_deleted_byte_and_changed_digit_breaks_the_seal() {
        let file = sealed(OPENING, DOCUMENT);
        assert_eq!(seal(&file, OPENING), Seal::Right);
        for position in 0..file.len() {
            for bit in 0..8 {
                let mut flipped = file.clone();
                flipped[position] ^= 1 << bit;
                assert!(is_noticed(&flipped), "bit {bit} of byte {position}");
            }
            let mut shorter = file.clone();
            shorter.remove(position);
            assert!(is_noticed(&shorter), "without byte {position}");
            assert!(is_noticed(&file[..position]), "the first {position} bytes");
        }
    }

    fn is_noticed(file: &[u8]) -> bool {
        matches!(seal(file, OPENING), Seal::Broken | Seal::Foreign)
    }

    #[test]
    fn files_of_earlier_builds_and_of_strangers_are_told_apart() {
        assert_eq!(seal(DOCUMENT, OPENING), Seal::Missing);
        assert_eq!(seal(b"garbage", OPENING), Seal::Foreign);
    }
}
