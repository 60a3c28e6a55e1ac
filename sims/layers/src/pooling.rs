//! State patterns that are learned: what a bag holds, in a fixed number of rows.

use dam_memory::products::add_scaled;

use crate::bags::{Bags, Rows};
use crate::error::LayerError;
use crate::hopfield::{Hopfield, HopfieldInput, HopfieldSlopes, HopfieldTrace};
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
        Ok(Self {
            pooling_weights: parameters.add_block(&weights, &dimensions, START, trainable),
            hopfield: Hopfield::new(parameters, &named(name, "hopfield"), input_size, options)?,
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
            stored_rows: bags.rows(),
            state_rows: Rows::shared(self.quantity),
            mask,
        }
    }

    /// Adds the slopes of the parameters to `slopes`, the list of all, and those of the rows to
    /// `of_rows`, from those of the output of [`Hopfield::forward`] for an [`input`](Self::input).
    ///
    /// # Panics
    /// If `trace` is not that of the same input.
    pub fn backward(
        &self,
        parameters: &[f64],
        input: &HopfieldInput<'_>,
        trace: &mut HopfieldTrace,
        gradient: &[f64],
        slopes: &mut [f64],
        of_rows: &mut [f64],
    ) {
        let [mut of_states, mut of_projections] = trace.spare([input.states, input.projections]);
        let of_input = HopfieldSlopes {
            stored: Some(&mut *of_rows),
            states: Some(&mut of_states),
            projections: Some(&mut of_projections),
        };
        self.hopfield
            .backward(parameters, input, trace, gradient, slopes, of_input);
        add_scaled(self.pooling_weights.of_mut(slopes), 1.0, &of_states);
        add_scaled(of_rows, 1.0, &of_projections);
        trace.spare = [of_states, of_projections];
    }
}
