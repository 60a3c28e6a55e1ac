//! Networks that give every bag a score: instances → pooling → score.

use std::fmt::Debug;

use dam_learning::{KernelLearningError, SeparationLoss};

use crate::activation::Relu;
use crate::bags::Bags;
use crate::dropout::Dropout;
use crate::layer::{Chain, ChainTrace};
use crate::linear::Linear;
use crate::loss::{logistic_loss, separation_loss};
use crate::parameters::{Parameters, named};

/// Makes one row of the rows of each bag.
pub trait Pooling: Debug + Send + Sync {
    /// What the way back needs; its storage is used again.
    type Trace: Debug + Default + Send;

    /// Numbers of a pooled row.
    fn output_size(&self) -> usize;

    /// Φ, of which a separation loss can be taken; none, unless it has one.
    fn feature_map(&self) -> Option<Linear> {
        None
    }

    /// The dropout of its weights; none, unless it has some.
    fn dropout(&self) -> Dropout {
        Dropout::default()
    }

    /// How many factors a dropout mask of these bags has.
    fn mask_length(&self, bags: &Bags) -> usize {
        let _ = bags;
        0
    }

    /// Pools all bags.
    ///
    /// # Panics
    /// If the rows are not those of the bags, or a bag is empty.
    fn forward(&self, parameters: &[f64], batch: Batch<'_>, trace: &mut Self::Trace);

    /// The pooled rows, one a bag.
    fn output<'a>(&self, trace: &'a Self::Trace) -> &'a [f64];

    /// Adds the slopes of the parameters to `slopes`, the list of all, and those of the rows to
    /// `of_rows`.
    ///
    /// # Panics
    /// If `trace` is not that of the same batch.
    fn backward(
        &self,
        parameters: &[f64],
        batch: Batch<'_>,
        trace: &mut Self::Trace,
        gradient: &[f64],
        slopes: &mut [f64],
        of_rows: &mut [f64],
    );
}

/// Bags that go through a network together.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The rows of all bags.
    pub rows: &'a [f64],
    /// Which rows each has.
    pub bags: &'a Bags,
    /// The factors of dropout in training, as many as [`Pooling::mask_length`] says.
    pub mask: Option<&'a [f64]>,
}

/// Two rectified linear layers for every instance, a pooling, a rectified linear score (the network
/// of the multiple-instance experiments of `hflayers` and of U-Hop+, arXiv:2410.23126).
#[derive(Debug)]
pub struct BagNetwork<P> {
    embedding: Chain,
    pooling: P,
    head: Chain,
}

/// What happens in a [`BagNetwork`]; its storage is used again.
#[derive(Debug, Default)]
pub struct NetworkTrace<T> {
    embedding: ChainTrace,
    pooling: T,
    head: ChainTrace,
    features: ChainTrace,
    of_features: Vec<f64>,
    of_scores: Vec<f64>,
    of_pooled: Vec<f64>,
    of_instances: Vec<f64>,
}

impl<P: Pooling> BagNetwork<P> {
    /// A network for instances of `input_size` numbers whose pooling takes rows of `width`; blocks
    /// `{name}.embedding.0`, `{name}.embedding.2` and `{name}.head.1`.
    pub fn new(
        parameters: &mut Parameters,
        name: &str,
        [input_size, width]: [usize; 2],
        pooling: P,
    ) -> Self {
        let mut linear = |part: &str, sizes| Linear::new(parameters, &named(name, part), sizes);
        let size = pooling.output_size();
        Self {
            embedding: Chain::default()
                .with(linear("embedding.0", [input_size, width]))
                .with(Relu::new(width))
                .with(linear("embedding.2", [width, width]))
                .with(Relu::new(width)),
            head: Chain::default()
                .with(Relu::new(size))
                .with(linear("head.1", [size, 1])),
            pooling,
        }
    }

    /// The pooling.
    pub fn pooling(&self) -> &P {
        &self.pooling
    }

    /// The score of every bag, the logarithm of the odds that its label is 1.
    ///
    /// # Panics
    /// If the rows are not those of the bags, or a bag is empty.
    pub fn scores<'a>(
        &self,
        parameters: &[f64],
        batch: Batch<'_>,
        trace: &'a mut NetworkTrace<P::Trace>,
    ) -> &'a [f64] {
        self.embedding
            .forward(parameters, batch.rows, &mut trace.embedding);
        let instances = Batch {
            rows: trace.embedding.output(batch.rows),
            ..batch
        };
        self.pooling
            .forward(parameters, instances, &mut trace.pooling);
        let pooled = self.pooling.output(&trace.pooling);
        self.head.forward(parameters, pooled, &mut trace.head);
        trace.head.output(pooled)
    }

    /// The mean over the bags of ln(1 + e^s) − y s; its slopes are added to `slopes`, the list of
    /// all parameters.
    ///
    /// # Panics
    /// As [`scores`](Self::scores), and if there is not one label for each bag.
    pub fn loss(
        &self,
        parameters: &[f64],
        batch: Batch<'_>,
        labels: &[bool],
        trace: &mut NetworkTrace<P::Trace>,
        slopes: &mut [f64],
    ) -> f64 {
        self.scores(parameters, batch, trace);
        let pooled = self.pooling.output(&trace.pooling);
        let scores = trace.head.output(pooled);
        assert_eq!(scores.len(), labels.len(), "one label for each bag");
        let share = (labels.len() as f64).recip();
        let mut sum = 0.0;
        trace.of_scores.clear();
        for (&score, &label) in scores.iter().zip(labels) {
            let (loss, slope) = logistic_loss(score, label);
            sum += loss;
            trace.of_scores.push(share * slope);
        }
        let instances = Batch {
            rows: trace.embedding.output(batch.rows),
            ..batch
        };
        trace.of_pooled.clear();
        trace.of_pooled.resize(pooled.len(), 0.0);
        trace.of_instances.clear();
        trace.of_instances.resize(instances.rows.len(), 0.0);
        let (of_scores, of_pooled) = (&trace.of_scores, &mut trace.of_pooled);
        self.head.backward(
            parameters,
            pooled,
            &mut trace.head,
            of_scores,
            slopes,
            Some(of_pooled),
        );
        self.pooling.backward(
            parameters,
            instances,
            &mut trace.pooling,
            of_pooled,
            slopes,
            &mut trace.of_instances,
        );
        let of_instances = &trace.of_instances;
        let embedding = &mut trace.embedding;
        self.embedding.backward(
            parameters,
            batch.rows,
            embedding,
            of_instances,
            slopes,
            None,
        );
        share * sum
    }

    /// The mean over the bags of a separation loss of their features Φ(h), h the embedded instances
    /// (themselves, where the pooling has no Φ): Stage I of U-Hop+ (arXiv:2410.23126). Its slopes are
    /// added to `slopes`, the list of all parameters.
    ///
    /// # Errors
    /// As [`separation_loss`].
    ///
    /// # Panics
    /// If the rows are not those of the bags.
    pub fn separation(
        &self,
        parameters: &[f64],
        batch: Batch<'_>,
        loss: &SeparationLoss,
        trace: &mut NetworkTrace<P::Trace>,
        slopes: &mut [f64],
    ) -> Result<f64, KernelLearningError> {
        let map = Chain::default().with_some(self.pooling.feature_map());
        let share = (batch.bags.count() as f64).recip();
        let NetworkTrace {
            embedding,
            features,
            of_features,
            of_instances,
            ..
        } = trace;
        self.embedding.forward(parameters, batch.rows, embedding);
        let instances = embedding.output(batch.rows);
        map.forward(parameters, instances, features);
        let found = features.output(instances);
        of_features.clear();
        of_features.resize(found.len(), 0.0);
        let size = found.len() / batch.bags.row_count();
        let sum = separation_loss(loss, size, found, batch.bags, of_features)?;
        for slope in of_features.iter_mut() {
            *slope *= share;
        }
        of_instances.clear();
        of_instances.resize(instances.len(), 0.0);
        map.backward(
            parameters,
            instances,
            features,
            of_features,
            slopes,
            Some(of_instances),
        );
        self.embedding.backward(
            parameters,
            batch.rows,
            embedding,
            of_instances,
            slopes,
            None,
        );
        Ok(share * sum)
    }
}
