//! Stored patterns that are learned: a table in which states look up.

use crate::bags::{Pairing, Rows};
use crate::error::LayerError;
use crate::hopfield::{Hopfield, HopfieldInput};
use crate::options::{HopfieldOptions, START, checked_quantity};
use crate::parameters::{Parameters, Span, named};

/// Every row retrieves from `quantity` learned patterns (the `HopfieldLayer` of `hflayers`), with
/// learned pattern projections of their own where they are separated.
#[derive(Debug)]
pub struct HopfieldLayer {
    hopfield: Hopfield,
    lookup_weights: Span,
    target_weights: Span,
    quantity: usize,
}

/// What a [`HopfieldLayer`] learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupOptions {
    /// How many stored patterns.
    pub quantity: usize,
    /// Whether they are trained.
    pub trainable: bool,
    /// Whether pattern projections are a block of their own, `target_weights`.
    pub lookup_weights_as_separated: bool,
    /// Whether that block is trained.
    pub lookup_targets_as_trainable: bool,
}

impl Default for LookupOptions {
    /// Those of `hflayers`.
    fn default() -> Self {
        Self {
            quantity: 1,
            trainable: true,
            lookup_weights_as_separated: false,
            lookup_targets_as_trainable: true,
        }
    }
}

impl HopfieldLayer {
    /// A layer for rows of `input_size` numbers.
    ///
    /// # Errors
    /// As [`Hopfield::new`].
    pub fn new(
        parameters: &mut Parameters,
        name: &str,
        input_size: usize,
        options: &HopfieldOptions,
        lookup: LookupOptions,
    ) -> Result<Self, LayerError> {
        let sizes = options.sizes(input_size)?;
        let quantity = checked_quantity(lookup.quantity)?;
        let mut block = |part: &str, size: usize, trainable: bool| {
            let dimensions = [1, quantity, size];
            parameters.add_block(&named(name, part), &dimensions, START, trainable)
        };
        let is_separated = lookup.lookup_weights_as_separated;
        if !is_separated && sizes.stored != sizes.projection {
            let (stored, projection) = (sizes.stored, sizes.projection);
            return Err(LayerError::Misfit {
                what: format!("stored patterns of {stored}, projections of {projection} numbers"),
                mend: "set lookup_weights_as_separated, or make them equally long",
            });
        }
        let lookup_weights = block("lookup_weights", sizes.stored, lookup.trainable);
        let target_weights = if is_separated {
            let trainable = lookup.lookup_targets_as_trainable;
            block("target_weights", sizes.projection, trainable)
        } else {
            lookup_weights
        };
        let hopfield = Hopfield::new(parameters, &named(name, "hopfield"), input_size, options)?;
        Ok(Self {
            hopfield: hopfield.learning([Some(lookup_weights), None, Some(target_weights)]),
            lookup_weights,
            target_weights,
            quantity,
        })
    }

    /// The layer underneath, as of [`HopfieldPooling`](crate::HopfieldPooling).
    pub fn hopfield(&self) -> &Hopfield {
        &self.hopfield
    }

    /// What the layer underneath takes of rows, whichever bags they belong to.
    pub fn input<'a>(
        &self,
        parameters: &'a [f64],
        rows: &'a [f64],
        states: Rows<'a>,
        mask: Option<&'a [f64]>,
    ) -> HopfieldInput<'a> {
        HopfieldInput {
            stored: self.lookup_weights.of(parameters),
            states: rows,
            projections: self.target_weights.of(parameters),
            pairing: Pairing {
                mask,
                ..Pairing::new(Rows::shared(self.quantity), states)
            },
        }
    }
}
