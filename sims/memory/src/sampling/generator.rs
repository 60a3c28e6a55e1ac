//! Eight xoshiro256++ generators side by side, one per vector lane.
//!
//! D. Blackman, S. Vigna, Scrambled linear pseudorandom number generators,
//! ACM Trans. Math. Softw. 47 (2021), 36.

#![expect(
    clippy::inline_always,
    reason = "to take the vector instructions of the caller"
)]

/// The golden ratio's fraction, odd: the increment of SplitMix64.
const INCREMENT: u64 = 0x9E37_79B9_7F4A_7C15;

/// The output function of SplitMix64, a bijection in which every bit depends on all.
const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// The state of the eight generators, word by word.
#[derive(Clone, Debug)]
pub(super) struct Generator([[u64; 8]; 4]);

impl Generator {
    /// The generators of one stream.
    ///
    /// Each of the four state words depends on all of seed, tile and kind by its own
    /// chain of mixings, so that two streams coincide with probability 2^−256.
    pub(super) fn new(seed: &[u8; 32], tile: u64, kind: u64) -> Self {
        let mut parts = [tile; 5];
        for (part, bytes) in parts.iter_mut().zip(seed.as_chunks::<8>().0) {
            *part = u64::from_le_bytes(*bytes);
        }
        let mut state = [[0; 8]; 4];
        for (index, words) in (0..).zip(&mut state) {
            let mut key = mix((4 * kind + index).wrapping_mul(INCREMENT));
            for part in parts {
                key = mix(key.wrapping_add(INCREMENT) ^ part);
            }
            for word in words {
                key = key.wrapping_add(INCREMENT);
                *word = mix(key);
            }
        }
        Self(state)
    }

    /// Fills whole steps of the eight generators, in order.
    #[inline(always)]
    pub(super) fn fill<const N: usize>(&mut self, words: &mut [u64; N]) {
        let (steps, rest) = words.as_chunks_mut::<8>();
        debug_assert!(rest.is_empty(), "whole steps only");
        for words in steps {
            *words = self.next();
        }
    }

    /// The next 64 bits of each generator.
    #[inline(always)]
    pub(super) fn next(&mut self) -> [u64; 8] {
        // One operation on all lanes at a time, for the compiler to see the vectors.
        let [s0, s1, s2, s3] = self.0;
        let words = lanes(|l| {
            let sum = s0[l].wrapping_add(s3[l]);
            sum.rotate_left(23).wrapping_add(s0[l])
        });
        let shifted = lanes(|l| s1[l] << 17);
        let s2 = lanes(|l| s2[l] ^ s0[l]);
        let s3 = lanes(|l| s3[l] ^ s1[l]);
        let s1 = lanes(|l| s1[l] ^ s2[l]);
        let s0 = lanes(|l| s0[l] ^ s3[l]);
        let s2 = lanes(|l| s2[l] ^ shifted[l]);
        let s3 = lanes(|l| s3[l].rotate_left(45));
        self.0 = [s0, s1, s2, s3];
        words
    }
}

#[inline(always)]
fn lanes(operation: impl Fn(usize) -> u64) -> [u64; 8] {
    let mut words = [0; 8];
    for (lane, word) in words.iter_mut().enumerate() {
        *word = operation(lane);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Generator;

    #[test]
    fn each_lane_is_xoshiro256_plus_plus() {
        // The reference program's first outputs from the state 1, 2, 3, 4.
        let mut generator = Generator([[1; 8], [2; 8], [3; 8], [4; 8]]);
        let right: [u64; 10] = [
            41943041,
            58720359,
            3588806011781223,
            3591011842654386,
            9228616714210784205,
            9973669472204895162,
            14011001112246962877,
            12406186145184390807,
            15849039046786891736,
            10450023813501588000,
        ];
        for word in right {
            assert_eq!(generator.next(), [word; 8]);
        }
    }
}
