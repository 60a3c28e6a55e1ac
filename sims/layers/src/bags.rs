//! Bags of any size, without padding.

use std::ops::Range;

/// Rows of one matrix, those of a bag one after the other.
///
/// ```
/// let bags = dam_layers::Bags::of_sizes([1, 4, 6]);
/// assert_eq!(bags.rows().of(1), 1..5);
/// assert_eq!((bags.count(), bags.row_count()), (3, 11));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bags {
    offsets: Vec<usize>,
}

impl Bags {
    /// Bags of so many rows each.
    pub fn of_sizes(sizes: impl IntoIterator<Item = usize>) -> Self {
        let mut bags = Self::default();
        bags.refill(sizes);
        bags
    }

    /// Other bags in the same storage.
    pub fn refill(&mut self, sizes: impl IntoIterator<Item = usize>) {
        self.offsets.clear();
        self.offsets.push(0);
        let mut end = 0;
        self.offsets.extend(sizes.into_iter().map(|size| {
            end += size;
            end
        }));
    }

    /// How many bags.
    pub fn count(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// How many rows all bags have.
    pub fn row_count(&self) -> usize {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// Which rows each bag has.
    pub fn rows(&self) -> Rows<'_> {
        Rows(Belong::Own(&self.offsets))
    }
}

/// Which rows of a matrix belong to which bag.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a>(Belong<'a>);

#[derive(Clone, Copy, Debug)]
enum Belong<'a> {
    Own(&'a [usize]),
    All(usize),
}

impl Rows<'_> {
    /// The same rows for every bag, all `count` that there are.
    pub fn shared(count: usize) -> Self {
        Self(Belong::All(count))
    }

    /// The rows of a bag.
    ///
    /// # Panics
    /// If there is no such bag.
    pub fn of(self, bag: usize) -> Range<usize> {
        match self.0 {
            Belong::Own(offsets) => offsets[bag]..offsets[bag + 1],
            Belong::All(count) => 0..count,
        }
    }

    /// How many rows the matrix has.
    pub fn row_count(self) -> usize {
        match self.0 {
            Belong::Own(offsets) => offsets.last().copied().unwrap_or(0),
            Belong::All(count) => count,
        }
    }

    /// How many bags, where rows belong to some only.
    pub fn bag_count(self) -> Option<usize> {
        match self.0 {
            Belong::Own(offsets) => Some(offsets.len().saturating_sub(1)),
            Belong::All(_) => None,
        }
    }
}

/// Which states retrieve from which rows.
#[derive(Clone, Copy, Debug)]
pub struct Pairing<'a> {
    /// Which rows each bag has stored.
    pub stored: Rows<'a>,
    /// Which states each bag has.
    pub states: Rows<'a>,
    /// The factors of dropout in training, one for each weight of each state and head, as many as
    /// [`Association::mask_length`](crate::Association::mask_length) says.
    pub mask: Option<&'a [f64]>,
}

impl<'a> Pairing<'a> {
    /// Without dropout.
    pub fn new(stored: Rows<'a>, states: Rows<'a>) -> Self {
        Self {
            stored,
            states,
            mask: None,
        }
    }

    /// How many bags there are.
    pub(crate) fn bag_count(&self) -> usize {
        let counts = (self.stored.bag_count(), self.states.bag_count());
        counts.0.or(counts.1).unwrap_or(1)
    }

    /// How many rows the states of all bags have, one after the other.
    pub(crate) fn output_rows(&self) -> usize {
        let copies = match self.states.bag_count() {
            None => self.bag_count(),
            Some(_) => 1,
        };
        copies * self.states.row_count()
    }
}
