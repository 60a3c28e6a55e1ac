//! The association of two sets with learned maps before and after it.

use dam_memory::products::add_scaled;
use dam_memory::streams::StreamKey;

use crate::association::{
    Associated, Association, AssociationGradient, AssociationInput, UpdateSteps,
};
use crate::bags::{Pairing, Rows};
use crate::dropout::Dropout;
use crate::error::LayerError;
use crate::layer::{Chain, ChainTrace, Layer, Passed};
use crate::linear::Linear;
use crate::maps::Chains;
use crate::options::{HopfieldOptions, Scaling, ScalingOption};
use crate::parameters::{Parameters, Span};

/// State patterns retrieve from stored patterns (H. Ramsauer et al. 2021, arXiv:2008.02217; the
/// `Hopfield` of `hflayers`):
///
/// ```text
/// K = LN(Φ(Y)) W_Kᵀ + b_K,   q = LN(R) W_Qᵀ + b_Q,   V = LN(P) W_Vᵀ + b_V
/// o = Vᵀ p^T of the association of q with K,   Z = O W_Oᵀ + b_O
/// ```
///
/// Y: the stored patterns, R: the state patterns, P: the pattern projections, one for each stored
/// pattern and often the same; one row each. What is left out of this chain, [`HopfieldOptions`]
/// say.
#[derive(Debug)]
pub struct Hopfield {
    association: Association,
    keys: Chain,
    queries: Chain,
    values: Chain,
    projection: Option<Linear>,
    feature_map: Option<Linear>,
    scaling: Scaling,
    dropout: Dropout,
    /// Numbers of a row of Y, R and P.
    input_sizes: [usize; 3],
    /// Which of Y, R and P are numbers of the layer.
    learned: [Option<Span>; 3],
}

/// What a [`Hopfield`] layer takes.
#[derive(Clone, Copy, Debug)]
pub struct HopfieldInput<'a> {
    /// Y, row-major.
    pub stored: &'a [f64],
    /// R, row-major.
    pub states: &'a [f64],
    /// P, row-major.
    pub projections: &'a [f64],
    /// Which rows of R retrieve from which rows of Y and P.
    pub pairing: Pairing<'a>,
}

/// What happens in a [`Hopfield`] layer; its storage is used again.
#[derive(Clone, Debug, Default)]
pub struct HopfieldTrace {
    keys: ChainTrace,
    queries: ChainTrace,
    values: ChainTrace,
    betas: Vec<f64>,
    found: Associated,
    output: Vec<f64>,
    of_found: Vec<f64>,
    back: AssociationGradient,
    /// Of Y, R and P.
    of_input: [Vec<f64>; 3],
}

/// The slopes of a [`HopfieldInput`].
#[derive(Clone, Copy, Debug)]
pub struct HopfieldSlopes<'a> {
    /// Of Y.
    pub stored: &'a [f64],
    /// Of R.
    pub states: &'a [f64],
    /// Of P.
    pub projections: &'a [f64],
}

impl<'a> HopfieldInput<'a> {
    /// What each state of a bag retrieves from the rows of the same bag.
    pub fn of_itself(rows: &'a [f64], bags: Rows<'a>) -> Self {
        Self {
            stored: rows,
            states: rows,
            projections: rows,
            pairing: Pairing::new(bags, bags),
        }
    }
}

impl Hopfield {
    /// A layer for state patterns of `input_size` numbers; its blocks are named as in `hflayers`,
    /// within `name`.
    ///
    /// # Errors
    /// [`LayerError`] for options that no layer has.
    pub fn new(
        parameters: &mut Parameters,
        name: &str,
        input_size: usize,
        options: &HopfieldOptions,
    ) -> Result<Self, LayerError> {
        let sizes = options.sizes(input_size)?;
        let dropout = Dropout::new(options.dropout)?;
        let scaling = options.scaling(parameters, name, &sizes)?;
        let Chains {
            keys,
            queries,
            values,
            projection,
            feature_map,
        } = Chains::new(parameters, name, &sizes, options);
        Ok(Self {
            association: Association {
                heads: options.num_heads,
                hidden_size: sizes.hidden,
                pattern_size: sizes.pattern,
                steps: options.update_steps,
                alpha: options.alpha,
                has_zero: options.add_zero_association,
            },
            keys,
            queries,
            values,
            projection,
            feature_map,
            scaling,
            dropout,
            input_sizes: [sizes.stored, sizes.state, sizes.projection],
            learned: [None; 3],
        })
    }

    /// The same where some of Y, R and P are learned: their slopes are those of these numbers.
    pub(crate) fn learning(self, learned: [Option<Span>; 3]) -> Self {
        Self { learned, ..self }
    }

    /// Plain retrieval without parameters, norms and maps: T extra updates and the last one, of
    /// states of `size` numbers at β with α-entmax.
    ///
    /// ```
    /// use dam_layers::{Hopfield, HopfieldInput, Pairing, Rows, UpdateSteps};
    /// let memory = Hopfield::retrieval(2, 4.0, 2.0, UpdateSteps::Exactly(0))?;
    /// let patterns = [1.0, 0.0, 0.0, 1.0];
    /// let input = HopfieldInput {
    ///     states: &[0.9, 0.2],
    ///     pairing: Pairing::new(Rows::shared(2), Rows::shared(1)),
    ///     ..HopfieldInput::of_itself(&patterns, Rows::shared(2))
    /// };
    /// assert_eq!(memory.retrieve(&[], &input), [1.0, 0.0]);
    /// # Ok::<(), dam_layers::LayerError>(())
    /// ```
    ///
    /// # Errors
    /// [`LayerError`] unless β > 0 and α ≥ 1.
    pub fn retrieval(
        size: usize,
        beta: f64,
        alpha: f64,
        steps: UpdateSteps,
    ) -> Result<Self, LayerError> {
        let options = HopfieldOptions {
            scaling: ScalingOption::Fixed(vec![beta]),
            alpha,
            update_steps: steps,
            ..HopfieldOptions::plain()
        };
        let none = &mut Parameters::new(StreamKey::new(0));
        Self::new(none, "", size, &options)
    }

    /// Numbers of a row of Y, of R and of P.
    pub fn input_sizes(&self) -> [usize; 3] {
        self.input_sizes
    }

    /// Numbers of an output row.
    pub fn output_size(&self) -> usize {
        let columns = self.association.heads * self.association.pattern_size;
        self.projection.map_or(columns, |map| map.output_size)
    }

    /// The association of the layer.
    pub fn association(&self) -> &Association {
        &self.association
    }

    /// Φ of the stored patterns, where there is one.
    pub fn feature_map(&self) -> Option<Linear> {
        self.feature_map
    }

    /// The dropout of the weights.
    pub fn dropout(&self) -> Dropout {
        self.dropout
    }

    /// Retrieves for every state, one output row each, bag after bag.
    ///
    /// # Panics
    /// If the shapes do not fit, or a bag with states has nothing stored.
    pub fn forward(
        &self,
        parameters: &[f64],
        input: &HopfieldInput<'_>,
        trace: &mut HopfieldTrace,
    ) {
        self.keys.forward(parameters, input.stored, &mut trace.keys);
        self.queries
            .forward(parameters, input.states, &mut trace.queries);
        self.values
            .forward(parameters, input.projections, &mut trace.values);
        self.scaling
            .write(parameters, self.association.heads, &mut trace.betas);
        let mut found = std::mem::take(&mut trace.found);
        self.association
            .forward(&trace.associated(input), &mut found);
        trace.found = found;
        if let Some(projection) = self.projection {
            projection.forward(parameters, &trace.found.output, &mut trace.output);
        }
    }

    /// Adds the slopes of the parameters to `slopes`, the list of all, from those of the output;
    /// [`HopfieldTrace::slopes`] are then those of the input.
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
    ) {
        let mut of_found = std::mem::take(&mut trace.of_found);
        let gradient = match self.projection {
            Some(projection) => {
                refill(&mut of_found, trace.found.output.len());
                let passed = Passed {
                    parameters,
                    input: &trace.found.output,
                    output: &trace.output,
                    gradient,
                };
                projection.backward(passed, slopes, Some(&mut of_found));
                &of_found
            }
            None => gradient,
        };
        let mut back = std::mem::take(&mut trace.back);
        let of = trace.associated(input);
        self.association
            .backward(&of, &trace.found, gradient, &mut back);
        self.scaling.add_slopes(&back.betas, slopes);
        let chains = [
            (&self.keys, input.stored, &mut trace.keys, &back.keys),
            (
                &self.queries,
                input.states,
                &mut trace.queries,
                &back.queries,
            ),
            (
                &self.values,
                input.projections,
                &mut trace.values,
                &back.values,
            ),
        ];
        let of_inputs = trace.of_input.iter_mut().zip(self.learned);
        for ((chain, input, trace, gradient), (of_input, learned)) in
            chains.into_iter().zip(of_inputs)
        {
            refill(of_input, input.len());
            chain.backward(parameters, input, trace, gradient, slopes, Some(of_input));
            if let Some(learned) = learned {
                add_scaled(learned.of_mut(slopes), 1.0, of_input);
            }
        }
        trace.back = back;
        trace.of_found = of_found;
    }

    fn traced(&self, parameters: &[f64], input: &HopfieldInput<'_>) -> HopfieldTrace {
        let mut trace = HopfieldTrace::default();
        self.forward(parameters, input, &mut trace);
        trace
    }

    /// What every state retrieves, one row each, bag after bag.
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub fn retrieve(&self, parameters: &[f64], input: &HopfieldInput<'_>) -> Vec<f64> {
        let trace = self.traced(parameters, input);
        self.output(&trace).to_vec()
    }

    /// The output of a forward pass.
    pub fn output<'a>(&self, trace: &'a HopfieldTrace) -> &'a [f64] {
        if self.projection.is_some() {
            &trace.output
        } else {
            &trace.found.output
        }
    }

    /// The attention map: the weights of every state in every head, and the states on the way
    /// (`get_association_matrix` of `hflayers`).
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub fn associations(&self, parameters: &[f64], input: &HopfieldInput<'_>) -> Associated {
        self.traced(parameters, input).found
    }

    /// V, one row for each pattern projection (`get_projected_pattern_matrix` of `hflayers`).
    ///
    /// # Panics
    /// If the pattern projections are not whole rows.
    pub fn projected(&self, parameters: &[f64], input: &HopfieldInput<'_>) -> Vec<f64> {
        let mut trace = ChainTrace::default();
        self.values
            .forward(parameters, input.projections, &mut trace);
        trace.output(input.projections).to_vec()
    }

    /// The energies of the states q⁰ … q^T on their way, state after state, head after head: see
    /// [`Association::energies`].
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub fn energies(&self, parameters: &[f64], input: &HopfieldInput<'_>) -> Vec<Vec<f64>> {
        let trace = self.traced(parameters, input);
        let of = trace.associated(input);
        self.association.energies(&of, &trace.found)
    }
}

impl HopfieldTrace {
    /// The slopes of the input, after the way back.
    pub fn slopes(&self) -> HopfieldSlopes<'_> {
        let [stored, states, projections] = &self.of_input;
        HopfieldSlopes {
            stored,
            states,
            projections,
        }
    }

    /// What the association found.
    pub fn found(&self) -> &Associated {
        &self.found
    }

    /// What the association takes.
    fn associated<'a>(&'a self, input: &HopfieldInput<'a>) -> AssociationInput<'a> {
        AssociationInput {
            keys: self.keys.output(input.stored),
            values: self.values.output(input.projections),
            queries: self.queries.output(input.states),
            betas: &self.betas,
            pairing: input.pairing,
        }
    }
}

/// So many zeros.
fn refill(numbers: &mut Vec<f64>, count: usize) {
    numbers.clear();
    numbers.resize(count, 0.0);
}
