//! State patterns that are learned: what a bag holds, in a fixed number of rows.

use crate::bags::{Bags, Pairing, Rows};
use crate::error::LayerError;
use crate::hopfield::{Hopfield, HopfieldInput};
use crate::options::{HopfieldOptions, START, checked_quantity};
use crate::parameters::{Parameters, Span, named};

/// Pools the rows of every bag: `quantity` learned state patterns retrieve from them (the
/// `HopfieldPooling` of `hflayers`). The learned patterns are the R of [`Hopfield`], W_Q still goes
/// before the association unless states are static: then they are q itself.
#[derive(Debug)]
pub struct HopfieldPooling {
    hopfield: Hopfield,
    pooling_weights: Span,
    quantity: usize,
}

impl HopfieldPooling {
    /// A layer for rows of `input_size` numbers; `pooling_weights` are trained if they are told to
    /// be.
    ///
    /// # Errors
    /// As [`Hopfield::new`].
    pub fn new(
        parameters: &mut Parameters,
        name: &str,
        input_size: usize,
        options: &HopfieldOptions,
        quantity: usize,
        trainable: bool,
    ) -> Result<Self, LayerError> {
        let size = options.sizes(input_size)?.state;
        let weights = named(name, "pooling_weights");
        let dimensions = [1, checked_quantity(quantity)?, size];
        let pooling_weights = parameters.add_block(&weights, &dimensions, START, trainable);
        let hopfield = Hopfield::new(parameters, &named(name, "hopfield"), input_size, options)?;
        Ok(Self {
            hopfield: hopfield.learning([None, Some(pooling_weights), None]),
            pooling_weights,
            quantity,
        })
    }

    /// The layer underneath, for [`energies`](Hopfield::energies),
    /// [`associations`](Hopfield::associations) and the like of an [`input`](Self::input).
    pub fn hopfield(&self) -> &Hopfield {
        &self.hopfield
    }

    /// Numbers of an output row, one a bag: those of all states side by side.
    pub fn output_size(&self) -> usize {
        self.quantity * self.hopfield.output_size()
    }

    /// What the layer underneath takes of the rows of all bags.
    pub fn input<'a>(
        &self,
        parameters: &'a [f64],
        rows: &'a [f64],
        bags: &'a Bags,
        mask: Option<&'a [f64]>,
    ) -> HopfieldInput<'a> {
        HopfieldInput {
            stored: rows,
            states: self.pooling_weights.of(parameters),
            projections: rows,
            pairing: Pairing {
                mask,
                ..Pairing::new(bags.rows(), Rows::shared(self.quantity))
            },
        }
    }
}
