//! State patterns that are learned: what a bag holds, in a fixed number of rows.

use dam_memory::products::add_scaled;

use crate::bags::{Bags, Pairing, Rows};
use crate::dropout::Dropout;
use crate::error::LayerError;
use crate::hopfield::{Hopfield, HopfieldInput, HopfieldTrace};
use crate::linear::Linear;
use crate::network::{Batch, Pooling};
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

    /// What the layer underneath takes of the rows of all bags.
    pub fn input<'a>(&self, parameters: &'a [f64], batch: Batch<'a>) -> HopfieldInput<'a> {
        HopfieldInput {
            stored: batch.rows,
            states: self.pooling_weights.of(parameters),
            projections: batch.rows,
            pairing: Pairing {
                mask: batch.mask,
                ..self.pairing(batch.bags)
            },
        }
    }

    fn pairing<'a>(&self, bags: &'a Bags) -> Pairing<'a> {
        Pairing::new(bags.rows(), Rows::shared(self.quantity))
    }
}

impl Pooling for HopfieldPooling {
    type Trace = HopfieldTrace;

    /// The rows of all states side by side.
    fn output_size(&self) -> usize {
        self.quantity * self.hopfield.output_size()
    }

    fn feature_map(&self) -> Option<Linear> {
        self.hopfield.feature_map()
    }

    fn dropout(&self) -> Dropout {
        self.hopfield.dropout()
    }

    fn mask_length(&self, bags: &Bags) -> usize {
        self.hopfield.association().mask_length(&self.pairing(bags))
    }

    fn forward(&self, parameters: &[f64], batch: Batch<'_>, trace: &mut HopfieldTrace) {
        self.hopfield
            .forward(parameters, &self.input(parameters, batch), trace);
    }

    fn output<'a>(&self, trace: &'a HopfieldTrace) -> &'a [f64] {
        self.hopfield.output(trace)
    }

    fn backward(
        &self,
        parameters: &[f64],
        batch: Batch<'_>,
        trace: &mut HopfieldTrace,
        gradient: &[f64],
        slopes: &mut [f64],
        of_rows: &mut [f64],
    ) {
        let input = self.input(parameters, batch);
        self.hopfield
            .backward(parameters, &input, trace, gradient, slopes);
        let of = trace.slopes();
        add_scaled(of_rows, 1.0, of.stored);
        add_scaled(of_rows, 1.0, of.projections);
    }
}
