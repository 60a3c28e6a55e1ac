//! The options of Hopfield layers, in the words of `hflayers`.

use crate::association::UpdateSteps;
use crate::error::LayerError;
use crate::parameters::{Initial, Parameters, Span, named};

/// The standard deviation of the weights at the start, that of `hflayers`.
pub(crate) const START: Initial = Initial::Normal { deviation: 0.02 };

/// β of the association.
#[derive(Clone, Debug, PartialEq)]
pub enum ScalingOption {
    /// 1/√(hidden size), or 1 where nothing is projected.
    InverseRoot,
    /// One number for all heads, or one for each.
    Fixed(Vec<f64>),
    /// As fixed at the start, then learned: the block `scaling`.
    Learned(Vec<f64>),
}

/// Whether rows are normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalization {
    /// No.
    None,
    /// To mean 0 and variance 1.
    Plain,
    /// With γ and b.
    Affine,
}

/// The options of [`Hopfield`](crate::Hopfield), [`HopfieldPooling`](crate::HopfieldPooling) and
/// [`HopfieldLayer`](crate::HopfieldLayer), in the words of `hflayers` 1.0.2.
///
/// Other than there: `scaling` may be learned, `update_steps` (extra steps, `update_steps_max`)
/// counts and stops for each state on its own, and a static pattern is the same for every head in
/// every batch. `alpha` and `kernel_size` are not there. `concat_bias_pattern`, which has no effect
/// there, and `association_activation`, `batch_first` and masks, for which there are layers and
/// bags, are not here.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the options of hflayers")]
pub struct HopfieldOptions {
    /// Numbers of a head in the association space; input size / heads if not given.
    pub hidden_size: Option<usize>,
    /// Numbers of an output row; the input size if not given.
    pub output_size: Option<usize>,
    /// Numbers of a head of what is retrieved; the hidden size if not given.
    pub pattern_size: Option<usize>,
    /// Heads.
    pub num_heads: usize,
    /// β.
    pub scaling: ScalingOption,
    /// T.
    pub update_steps: UpdateSteps,
    /// Of the stored patterns.
    pub normalize_stored_pattern: Normalization,
    /// Of the state patterns.
    pub normalize_state_pattern: Normalization,
    /// Of the pattern projections.
    pub normalize_pattern_projection: Normalization,
    /// Of keys and queries, head by head, with the same γ and b.
    pub normalize_hopfield_space: Normalization,
    /// K = Y for every head.
    pub stored_pattern_as_static: bool,
    /// q = R for every head.
    pub state_pattern_as_static: bool,
    /// V = P for every head.
    pub pattern_projection_as_static: bool,
    /// V = (P W_Kᵀ + b_K) W_Vᵀ + b_V.
    pub pattern_projection_as_connected: bool,
    /// Numbers of a stored pattern; the input size if not given.
    pub stored_pattern_size: Option<usize>,
    /// Numbers of a pattern projection; the input size if not given.
    pub pattern_projection_size: Option<usize>,
    /// The probability that a weight is left out in training.
    pub dropout: f64,
    /// Whether the maps have biases.
    pub input_bias: bool,
    /// Whether every bag has one more pattern whose key and value are 0.
    pub add_zero_association: bool,
    /// Z = o.
    pub disable_out_projection: bool,
    /// α of α-entmax: 1 is softmax (dense), 2 sparsemax (sparse).
    pub alpha: f64,
    /// Numbers of a feature Φ(y) = W_Φ y + b_Φ of the stored patterns (U-Hop, arXiv:2404.03827), the
    /// block `kernel`; Φ(y) = y if not given.
    pub kernel_size: Option<usize>,
}

impl Default for HopfieldOptions {
    /// Those of `hflayers`: one dense head with all norms and maps, T = 0.
    fn default() -> Self {
        Self {
            hidden_size: None,
            output_size: None,
            pattern_size: None,
            num_heads: 1,
            scaling: ScalingOption::InverseRoot,
            update_steps: UpdateSteps::Exactly(0),
            normalize_stored_pattern: Normalization::Affine,
            normalize_state_pattern: Normalization::Affine,
            normalize_pattern_projection: Normalization::Affine,
            normalize_hopfield_space: Normalization::None,
            stored_pattern_as_static: false,
            state_pattern_as_static: false,
            pattern_projection_as_static: false,
            pattern_projection_as_connected: false,
            stored_pattern_size: None,
            pattern_projection_size: None,
            dropout: 0.0,
            input_bias: true,
            add_zero_association: false,
            disable_out_projection: false,
            alpha: 1.0,
            kernel_size: None,
        }
    }
}

/// The sizes that follow from the options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) input: usize,
    pub(crate) stored: usize,
    pub(crate) state: usize,
    pub(crate) projection: usize,
    pub(crate) hidden: usize,
    pub(crate) pattern: usize,
    pub(crate) output: usize,
}

impl HopfieldOptions {
    /// Nothing is normalised, mapped or projected: plain retrieval.
    pub fn plain() -> Self {
        Self {
            normalize_stored_pattern: Normalization::None,
            normalize_state_pattern: Normalization::None,
            normalize_pattern_projection: Normalization::None,
            stored_pattern_as_static: true,
            state_pattern_as_static: true,
            pattern_projection_as_static: true,
            disable_out_projection: true,
            ..Self::default()
        }
    }

    /// Whether no map is left.
    fn is_static(&self) -> bool {
        self.stored_pattern_as_static
            && self.state_pattern_as_static
            && self.pattern_projection_as_static
            && self.disable_out_projection
    }

    /// The sizes, checked.
    pub(crate) fn sizes(&self, input: usize) -> Result<Sizes, LayerError> {
        let misfit = |what: String, mend: &'static str| Err(LayerError::Misfit { what, mend });
        if self.num_heads == 0 || input == 0 {
            let what = format!("{} heads of {input} numbers", self.num_heads);
            return misfit(what, "both must be at least 1");
        }
        if !(self.alpha >= 1.0 && self.alpha.is_finite()) {
            return Err(LayerError::Domain {
                name: "alpha",
                value: self.alpha,
                domain: "a finite number of at least 1",
            });
        }
        let stored = self.stored_pattern_size.unwrap_or(input);
        let projection = self.pattern_projection_size.unwrap_or(input);
        let key_input = self.kernel_size.unwrap_or(stored);
        let hidden = match self.hidden_size {
            Some(hidden) => hidden,
            None if self.stored_pattern_as_static => key_input,
            None if self.state_pattern_as_static && self.is_static() => input,
            None if input.is_multiple_of(self.num_heads) => input / self.num_heads,
            None => {
                let what = format!("{input} numbers in {} heads", self.num_heads);
                return misfit(
                    what,
                    "give hidden_size, or a number of heads that divides them",
                );
            }
        };
        if self.stored_pattern_as_static && key_input != hidden {
            let what =
                format!("static stored patterns of {key_input} numbers, hidden_size = {hidden}");
            return misfit(what, "what is static has hidden_size numbers");
        }
        let is_connected = self.pattern_projection_as_connected && !self.stored_pattern_as_static;
        if is_connected && projection != key_input {
            let what =
                format!("connected projections of {projection} numbers, keys of {key_input}");
            return misfit(what, "they go through the same map and have the same size");
        }
        let pattern = match (self.pattern_projection_as_static, is_connected) {
            (true, true) => hidden,
            (true, false) => projection,
            (false, _) => self.pattern_size.unwrap_or(hidden),
        };
        if self.pattern_size.is_some_and(|given| given != pattern) {
            let what = format!(
                "pattern_size = {:?} of static projections",
                self.pattern_size
            );
            return misfit(what, "leave it out: what is static keeps its size");
        }
        let sizes = [hidden, pattern, stored, projection, key_input];
        if sizes.contains(&0) || self.output_size == Some(0) {
            return misfit("a size of 0".to_owned(), "every size must be at least 1");
        }
        Ok(Sizes {
            input,
            stored,
            state: if self.state_pattern_as_static {
                hidden
            } else {
                input
            },
            projection,
            hidden,
            pattern,
            output: self.output_size.unwrap_or(input),
        })
    }

    /// β, checked.
    pub(crate) fn scaling(
        &self,
        parameters: &mut Parameters,
        name: &str,
        sizes: &Sizes,
    ) -> Result<Scaling, LayerError> {
        let (ScalingOption::Fixed(given) | ScalingOption::Learned(given)) = &self.scaling else {
            let root = (sizes.hidden as f64).sqrt().recip();
            let beta = if self.is_static() { 1.0 } else { root };
            return Ok(Scaling::Fixed(vec![beta]));
        };
        if given.len() != 1 && given.len() != self.num_heads {
            return Err(LayerError::Misfit {
                what: format!(
                    "{} numbers of scaling, {} heads",
                    given.len(),
                    self.num_heads
                ),
                mend: "give one for all, or one for each head",
            });
        }
        if let Some(&value) = given
            .iter()
            .find(|beta| !(**beta > 0.0 && beta.is_finite()))
        {
            return Err(LayerError::Domain {
                name: "scaling",
                value,
                domain: "positive and finite",
            });
        }
        if matches!(self.scaling, ScalingOption::Fixed(_)) {
            return Ok(Scaling::Fixed(given.clone()));
        }
        let block = named(name, "scaling");
        let span = parameters.add(&block, &[given.len()], Initial::Constant(1.0));
        span.of_mut(parameters.values_mut()).copy_from_slice(given);
        Ok(Scaling::Learned(span))
    }
}

/// How many patterns are learned, checked.
pub(crate) fn checked_quantity(quantity: usize) -> Result<usize, LayerError> {
    if quantity > 0 {
        return Ok(quantity);
    }
    Err(LayerError::Misfit {
        what: "quantity = 0".to_owned(),
        mend: "at least one pattern is learned",
    })
}

/// Where β comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scaling {
    Fixed(Vec<f64>),
    Learned(Span),
}

impl Scaling {
    /// Writes β of each head.
    pub(crate) fn write(&self, parameters: &[f64], heads: usize, betas: &mut Vec<f64>) {
        let given = match self {
            Self::Fixed(given) => given,
            Self::Learned(span) => span.of(parameters),
        };
        betas.clear();
        betas.extend(given.iter().cycle().take(heads));
    }

    /// Adds the slopes of β of each head.
    pub(crate) fn add_slopes(&self, of_heads: &[f64], slopes: &mut [f64]) {
        if let Self::Learned(span) = self {
            let length = span.length();
            let of_given = span.of_mut(slopes);
            for (head, slope) in of_heads.iter().enumerate() {
                of_given[head % length] += slope;
            }
        }
    }
}
