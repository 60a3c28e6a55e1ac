//! All numbers that training changes, in one list with named blocks.

use std::iter;
use std::ops::Range;

use dam_memory::streams::StreamKey;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal, Uniform};

/// Where a block, or a part of one, lies in the list; gradients are lists of the same places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    first: usize,
    length: usize,
}

impl Span {
    /// Its numbers.
    ///
    /// # Panics
    /// If the list is too short.
    pub fn of(self, numbers: &[f64]) -> &[f64] {
        &numbers[self.range()]
    }

    /// Its numbers, to be changed.
    ///
    /// # Panics
    /// If the list is too short.
    pub fn of_mut(self, numbers: &mut [f64]) -> &mut [f64] {
        &mut numbers[self.range()]
    }

    /// The `length` numbers from the `first` of it.
    ///
    /// # Panics
    /// If they are not all within it.
    #[must_use]
    pub fn part(self, first: usize, length: usize) -> Self {
        assert!(first + length <= self.length, "a part lies within");
        Self {
            first: self.first + first,
            length,
        }
    }

    /// How many numbers.
    pub fn length(self) -> usize {
        self.length
    }

    /// Their places.
    pub fn range(self) -> Range<usize> {
        self.first..self.first + self.length
    }
}

/// The law of the numbers that a block begins with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initial {
    /// All are the same.
    Constant(f64),
    /// Normal with mean 0.
    Normal {
        /// The standard deviation.
        deviation: f64,
    },
    /// Uniform on [−bound, bound].
    Uniform {
        /// The bound > 0.
        bound: f64,
    },
}

impl Initial {
    /// Uniform on ±1/√n for n inputs, the start of linear layers in common libraries.
    pub fn of_inputs(count: usize) -> Self {
        Self::Uniform {
            bound: (count as f64).sqrt().recip(),
        }
    }

    fn draw(self, count: usize, rng: &mut impl Rng) -> Vec<f64> {
        match self {
            Self::Constant(value) => vec![value; count],
            Self::Normal { deviation } => iter::repeat_with(|| {
                let normal: f64 = StandardNormal.sample(rng);
                deviation * normal
            })
            .take(count)
            .collect(),
            Self::Uniform { bound } => {
                let law = Uniform::new_inclusive(-bound, bound).expect("a finite bound");
                law.sample_iter(rng).take(count).collect()
            }
        }
    }
}

/// A named block of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its name in files, such as `hopfield.association_core.in_proj_weight`.
    pub name: String,
    /// Its dimensions, the rows first.
    pub dimensions: Vec<usize>,
    /// Where it lies.
    pub span: Span,
    /// Whether training changes it.
    pub is_trainable: bool,
}

/// All numbers of a network.
///
/// What a block begins with depends on the key and its name alone, so that networks that share
/// names begin alike.
///
/// ```
/// use dam_layers::{Initial, Parameters};
/// use dam_memory::streams::StreamKey;
/// let mut parameters = Parameters::new(StreamKey::new(1));
/// let map = parameters.add("map", &[2, 3], Initial::Normal { deviation: 0.1 });
/// let bias = parameters.add("bias", &[2], Initial::Constant(0.0));
/// assert_eq!(bias.of(parameters.values()), [0.0, 0.0]);
/// assert_eq!(map.length() + bias.length(), parameters.values().len());
/// ```
#[derive(Clone, Debug)]
pub struct Parameters {
    key: StreamKey,
    blocks: Vec<Block>,
    values: Vec<f64>,
}

impl Parameters {
    /// None yet; blocks draw what they begin with from the streams of the key.
    pub fn new(key: StreamKey) -> Self {
        Self {
            key,
            blocks: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Adds a block that is trained.
    ///
    /// # Panics
    /// If there is a block of this name.
    pub fn add(&mut self, name: &str, dimensions: &[usize], initial: Initial) -> Span {
        self.add_block(name, dimensions, initial, true)
    }

    /// Adds a block, trained or not.
    ///
    /// # Panics
    /// If there is a block of this name.
    pub fn add_block(
        &mut self,
        name: &str,
        dimensions: &[usize],
        initial: Initial,
        is_trainable: bool,
    ) -> Span {
        assert!(
            self.block(name).is_none(),
            "two blocks have the name {name}"
        );
        let span = Span {
            first: self.values.len(),
            length: dimensions.iter().product(),
        };
        let drawn = initial.draw(span.length, &mut self.key.rng(name));
        self.values.extend(drawn);
        self.blocks.push(Block {
            name: name.to_owned(),
            dimensions: dimensions.to_vec(),
            span,
            is_trainable,
        });
        span
    }

    /// The blocks, in the order of the list.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The block of a name.
    pub fn block(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.name == name)
    }

    /// The list.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The list, to be changed.
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }
}

/// The name of a part of a module; modules without a name add nothing to it.
pub(crate) fn named(module: &str, part: &str) -> String {
    if module.is_empty() {
        part.to_owned()
    } else {
        format!("{module}.{part}")
    }
}
