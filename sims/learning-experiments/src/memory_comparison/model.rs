//! The memories that a comparison holds against each other, by name.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use dam_memory::CompositionError;
use dam_memory::composed::Composition;
use dam_memory::separations::Separation;
use dam_memory::separations::softmax::Softmax;

/// A memory of the comparison: what it is made of and its β.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    name: String,
    base: Base,
    beta: Beta,
}

/// What a memory compares a query with, and how.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Base {
    /// No kernel.
    Plain(Composition),
    /// ⟨Φ(ξ), Φ(x)⟩ and softmax.
    Kernel(Kernel),
}

/// Where the feature map Φ comes from; all are learned on the stored patterns themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// Φ(x) = Wx with standard normal entries, not learned: where the four below start.
    Random,
    /// Average loss, rate 1, rows of W normalised at the end (U-Hop, Algorithm 1, Table 4).
    UHop,
    /// Average loss, rate 1/√(i!) (the published code of U-Hop).
    UHopAsPublished,
    /// Average loss at a constant rate.
    Average,
    /// Maximum loss at a constant rate.
    Maximum,
    /// U-Hop+ loss with Adam, affine Φ.
    UHopPlus,
}

/// Which β a memory has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Beta {
    /// That of the job.
    Job,
    /// Its own.
    Fixed(f64),
    /// The best of the β grid on the validation patterns, anew in each sample.
    Tuned,
}

impl Kernel {
    const ALL: [Self; 6] = [
        Self::Random,
        Self::UHop,
        Self::UHopAsPublished,
        Self::Average,
        Self::Maximum,
        Self::UHopPlus,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Random => "random-kernel",
            Self::UHop => "u-hop",
            Self::UHopAsPublished => "u-hop-as-published",
            Self::Average => "average-loss",
            Self::Maximum => "maximum-loss",
            Self::UHopPlus => "u-hop-plus",
        }
    }
}

/// The baselines of U-Hop: name, similarity and separation.
const BASELINES: [(&str, &str); 7] = [
    ("dense", "dot softmax"),
    ("sparse", "dot sparsemax"),
    ("entmax-1.5", "dot entmax-1.5"),
    ("polynomial-10", "dot polynomial-10"),
    ("euclidean", "euclidean softmax"),
    ("manhattan", "manhattan softmax"),
    ("cosine", "cosine softmax"),
];

impl Base {
    pub(super) fn separation(&self) -> Arc<dyn Separation> {
        match self {
            Self::Plain(composition) => Arc::clone(composition.separation()),
            Self::Kernel(_) => Arc::new(Softmax),
        }
    }
}

impl FromStr for Base {
    type Err = String;

    /// A baseline, a kernel, or a similarity and a separation, as in `cosine sparsemax`.
    fn from_str(name: &str) -> Result<Self, String> {
        if let Some(kernel) = Kernel::ALL.into_iter().find(|kernel| kernel.name() == name) {
            return Ok(Self::Kernel(kernel));
        }
        let baseline = BASELINES.iter().find(|(known, ..)| *known == name);
        let parts = match baseline {
            Some(&(_, parts)) => parts,
            None if name.contains(' ') => name,
            None => {
                let baselines = BASELINES.iter().map(|&(name, ..)| name);
                let kernels = Kernel::ALL.into_iter().map(Kernel::name);
                let known: Vec<&str> = baselines.chain(kernels).collect();
                return Err(format!(
                    "{name:?} is no model; the known ones are {}, any \"similarity separation\" \
                     such as \"cosine sparsemax\", and each with the suffix -tuned or a β of its \
                     own as in cosine@200",
                    known.join(", ")
                ));
            }
        };
        let composition: Composition = parts
            .parse()
            .map_err(|error: CompositionError| error.to_string())?;
        if composition.similarity().takes_feature_map() {
            return Err(format!(
                "{name:?} names no feature map; name a kernel, such as u-hop"
            ));
        }
        Ok(Self::Plain(composition))
    }
}

impl Model {
    /// The name in job files and results.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn base(&self) -> &Base {
        &self.base
    }

    pub(super) fn beta(&self) -> Beta {
        self.beta
    }

    /// Whether its similarity is learned.
    pub(super) fn is_learned(&self) -> bool {
        matches!(self.base, Base::Kernel(kernel) if kernel != Kernel::Random)
    }

    pub(super) fn is_tuned(&self) -> bool {
        self.beta == Beta::Tuned
    }
}

impl FromStr for Model {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let (base, beta) = match (name.strip_suffix("-tuned"), name.split_once('@')) {
            (Some(base), _) => (base, Beta::Tuned),
            (None, Some((base, beta))) => match beta.parse() {
                Ok(beta) if beta > 0.0 && f64::is_finite(beta) => (base, Beta::Fixed(beta)),
                _ => return Err(format!("{name:?}: {beta:?} is no positive β")),
            },
            (None, None) => (name, Beta::Job),
        };
        Ok(Self {
            name: name.to_owned(),
            base: base.parse()?,
            beta,
        })
    }
}

impl fmt::Display for Model {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_name_is_parsed_and_printed() {
        let baselines = BASELINES.iter().map(|&(name, ..)| name);
        let names = baselines.chain(Kernel::ALL.into_iter().map(Kernel::name));
        for name in names.chain(["cosine sparsemax", "dot top-5"]) {
            for (full, beta) in [
                (name.to_owned(), Beta::Job),
                (format!("{name}-tuned"), Beta::Tuned),
                (format!("{name}@200"), Beta::Fixed(200.0)),
            ] {
                let model: Model = full.parse().unwrap();
                assert_eq!((model.name(), model.beta()), (full.as_str(), beta));
            }
        }
        let learned = |name: &str| name.parse::<Model>().unwrap().is_learned();
        assert!(learned("u-hop") && learned("maximum-loss-tuned"));
        assert!(!learned("random-kernel") && !learned("cosine@200"));
    }

    #[test]
    fn names_of_no_model_are_refused_with_the_known_ones() {
        let error = |name: &str| name.parse::<Model>().unwrap_err();
        assert!(error("denes").contains("dense") && error("denes").contains("u-hop-plus"));
        assert!(error("cosine@-1").contains("positive"));
        assert!(error("kernel softmax").contains("feature map"));
        assert!(error("euclidean polynomial-10").contains("farthest"));
        assert!(error("cosine sofmax").contains("separation"));
    }
}
