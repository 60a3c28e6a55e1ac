//! Stored patterns that are learned: a table in which states look up.

use dam_memory::products::add_scaled;

use crate::bags::Rows;
use crate::error::LayerError;
use crate::hopfield::{Hopfield, HopfieldInput, HopfieldSlopes, HopfieldTrace};
use crate::options::{HopfieldOptions, START, checked_quantity};
use crate::parameters::{Parameters, Span, named};

/// Every row retrieves from `quantity` learned patterns (the `HopfieldLayer` of `hflayers`), with
/// learned pattern projections of their own where they are separated.
#[derive(Debug)]
pub struct HopfieldLayer {
    hopfield: Hopfield,
    lookup_weights: Span,
    target_weights: Option<Span>,
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
        Ok(Self {
            lookup_weights: block("lookup_weights", sizes.stored, lookup.trainable),
            target_weights: is_separated.then(|| {
                let trainable = lookup.lookup_targets_as_trainable;
                block("target_weights", sizes.projection, trainable)
            }),
            hopfield: Hopfield::new(parameters, &named(name, "hopfield"), input_size, options)?,
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
        let targets = self.target_weights.unwrap_or(self.lookup_weights);
        HopfieldInput {
            stored: self.lookup_weights.of(parameters),
            states: rows,
            projections: targets.of(parameters),
            stored_rows: Rows::shared(self.quantity),
            state_rows: states,
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
        let [mut of_stored, mut of_targets] = trace.spare([input.stored, input.projections]);
        let of_input = HopfieldSlopes {
            stored: Some(&mut of_stored),
            states: Some(of_rows),
            projections: Some(&mut of_targets),
        };
        self.hopfield
            .backward(parameters, input, trace, gradient, slopes, of_input);
        let targets = self.target_weights.unwrap_or(self.lookup_weights);
        add_scaled(self.lookup_weights.of_mut(slopes), 1.0, &of_stored);
        add_scaled(targets.of_mut(slopes), 1.0, &of_targets);
        trace.spare = [of_stored, of_targets];
    }
}
