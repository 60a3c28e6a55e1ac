//! Random streams that depend on what they are for, never on threads or order.

use std::collections::BTreeMap;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

/// What numbers depend on besides the parameter point, by dotted key of the job file.
pub type Settings = BTreeMap<String, serde_json::Value>;

/// Names a random stream: the SHA-256 digest of (seed, parameters, sample, purpose).
///
/// Streams with any differing part are independent; equal parts give equal numbers on
/// every machine, for any thread count, shard, restart or order of tasks.
///
/// ```
/// use dam_memory::streams::StreamKey;
/// use rand::RngExt;
/// let key = StreamKey::new(1).with_text("ensemble", "spherical").with_integer("size", 40);
/// let draw: u64 = key.rng("patterns").random();
/// assert_eq!(draw, key.rng("patterns").random::<u64>());
/// assert_ne!(draw, key.rng("start").random::<u64>());
/// ```
#[derive(Clone, Debug)]
pub struct StreamKey(Sha256);

impl StreamKey {
    /// The root of all streams of one seed.
    pub fn new(seed: u64) -> Self {
        Self(Sha256::new()).with_integer("seed", seed)
    }

    /// Adds a text parameter.
    pub fn with_text(self, name: &str, value: &str) -> Self {
        self.with_bytes(name, value.as_bytes())
    }

    /// Adds a whole-number parameter.
    pub fn with_integer(self, name: &str, value: u64) -> Self {
        self.with_bytes(name, &value.to_le_bytes())
    }

    /// Adds a real parameter, by its exact bits.
    pub fn with_real(self, name: &str, value: f64) -> Self {
        self.with_reals(name, &[value])
    }

    /// Adds a list of real parameters, by their exact bits.
    pub fn with_reals(self, name: &str, values: &[f64]) -> Self {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_bits().to_le_bytes())
            .collect();
        self.with_bytes(name, &bytes)
    }

    fn with_bytes(mut self, name: &str, value: &[u8]) -> Self {
        // Lengths keep ("ab", "c") apart from ("a", "bc").
        for part in [name.as_bytes(), value] {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
        self
    }

    /// The 256-bit seed of the stream for `purpose`.
    pub fn seed(&self, purpose: &str) -> [u8; 32] {
        self.clone()
            .with_text("purpose", purpose)
            .0
            .finalize()
            .into()
    }

    /// The generator of the stream for `purpose`.
    pub fn rng(&self, purpose: &str) -> Xoshiro256PlusPlus {
        Xoshiro256PlusPlus::from_seed(self.seed(purpose))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_join_to_the_same_bytes_are_different_streams() {
        let first = StreamKey::new(1).with_text("ab", "c").seed("patterns");
        let second = StreamKey::new(1).with_text("a", "bc").seed("patterns");
        assert_ne!(first, second);
    }

    #[test]
    fn the_streams_of_a_released_version_never_change() {
        // SHA-256 of the length-prefixed parts, computed with Python's hashlib.
        let key = StreamKey::new(1)
            .with_text("ensemble", "spherical")
            .with_integer("size", 40);
        let python_digest = [
            0x04, 0xe5, 0xe3, 0xb7, 0x97, 0xba, 0x72, 0xad, 0xe9, 0x77, 0x70, 0x47, 0x02, 0x91,
            0x5c, 0x69, 0x8f, 0xa2, 0xcf, 0x14, 0x82, 0x27, 0xd7, 0xa6, 0x2b, 0x06, 0x78, 0x35,
            0x7d, 0xdd, 0xc4, 0xe5,
        ];
        assert_eq!(key.seed("patterns"), python_digest);
    }
}
