//! Bags with labels, and how a network learns them.

use std::convert::Infallible;

use dam_learning::{KernelLearningError, SeparationLoss};
use dam_memory::streams::StreamKey;
use rand::seq::SliceRandom;

use crate::bags::Bags;
use crate::network::{BagNetwork, Batch, NetworkTrace, Pooling};
use crate::optimiser::{AdamW, clip};
use crate::parameters::Parameters;
use crate::schedule::Schedule;

/// Bags of instances, with one label each.
#[derive(Clone, Debug, PartialEq)]
pub struct BagSet {
    /// Numbers of an instance.
    pub size: usize,
    /// The instances of all bags, row-major.
    pub rows: Vec<f64>,
    /// Which rows each bag has.
    pub bags: Bags,
    /// The label of each bag.
    pub labels: Vec<bool>,
}

impl BagSet {
    /// The rows of a bag.
    ///
    /// # Panics
    /// If there is no such bag.
    pub fn bag(&self, bag: usize) -> &[f64] {
        let rows = self.bags.rows().of(bag);
        &self.rows[rows.start * self.size..rows.end * self.size]
    }
}

/// How a network is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    /// The learning rate of each epoch.
    pub schedule: Schedule,
    /// λ of AdamW.
    pub weight_decay: f64,
    /// The length to which gradients are clipped.
    pub longest_gradient: f64,
    /// Bags of a batch.
    pub batch_size: usize,
}

/// A network that learns; its storage is used again from batch to batch.
#[derive(Debug)]
pub struct Trainer<'a, P: Pooling> {
    network: &'a BagNetwork<P>,
    training: Training,
    key: StreamKey,
    optimiser: AdamW,
    gradient: Vec<f64>,
    gathered: Gathered,
    mask: Vec<f64>,
    trace: NetworkTrace<P::Trace>,
}

/// The bags of a batch, one after the other.
#[derive(Debug, Default)]
struct Gathered {
    order: Vec<usize>,
    rows: Vec<f64>,
    bags: Bags,
    labels: Vec<bool>,
}

impl<'a, P: Pooling> Trainer<'a, P> {
    /// Before the first epoch; the order of bags and the dropout of an epoch come from its streams
    /// of the key.
    ///
    /// # Panics
    /// If a batch has no bags.
    pub fn new(
        network: &'a BagNetwork<P>,
        parameters: &Parameters,
        training: Training,
        key: StreamKey,
    ) -> Self {
        assert!(training.batch_size > 0, "a batch has bags");
        Self {
            network,
            training,
            key,
            optimiser: AdamW::new(parameters, training.weight_decay),
            gradient: vec![0.0; parameters.values().len()],
            gathered: Gathered::default(),
            mask: Vec::new(),
            trace: NetworkTrace::default(),
        }
    }

    /// Steps once for every batch of the bags `members` of a set; returns their mean loss on the
    /// way.
    ///
    /// # Panics
    /// If the parameters are not those of [`new`](Self::new), or a bag is empty.
    pub fn run_epoch(
        &mut self,
        parameters: &mut Parameters,
        set: &BagSet,
        members: &[usize],
        epoch: usize,
    ) -> f64 {
        let network = self.network;
        self.run(
            parameters,
            set,
            members,
            epoch,
            |at, batch, labels, trace, slopes| Ok(network.loss(at, batch, labels, trace, slopes)),
        )
        .unwrap_or_else(|never: Infallible| match never {})
    }

    /// The same down a separation loss of the features (Stage I), without dropout.
    ///
    /// # Errors
    /// As [`BagNetwork::separation`].
    ///
    /// # Panics
    /// As [`run_epoch`](Self::run_epoch).
    pub fn run_separation_epoch(
        &mut self,
        parameters: &mut Parameters,
        set: &BagSet,
        members: &[usize],
        epoch: usize,
        loss: &SeparationLoss,
    ) -> Result<f64, KernelLearningError> {
        let network = self.network;
        self.run(
            parameters,
            set,
            members,
            epoch,
            |at, batch, _, trace, slopes| network.separation(at, batch, loss, trace, slopes),
        )
    }

    /// Steps down the mean that `loss` takes of a batch, and adds the slopes of.
    fn run<E>(
        &mut self,
        parameters: &mut Parameters,
        set: &BagSet,
        members: &[usize],
        epoch: usize,
        loss: impl Fn(
            &[f64],
            Batch<'_>,
            &[bool],
            &mut NetworkTrace<P::Trace>,
            &mut [f64],
        ) -> Result<f64, E>,
    ) -> Result<f64, E> {
        let key = self.key.clone().with_integer("epoch", epoch as u64);
        let mut order = std::mem::take(&mut self.gathered.order);
        order.clear();
        order.extend_from_slice(members);
        order.shuffle(&mut key.rng("order"));
        let dropout = self.network.pooling().dropout();
        let mut dropped = key.rng("dropout");
        let rate = self.training.schedule.rate(epoch);
        let mut sum = 0.0;
        for chosen in order.chunks(self.training.batch_size) {
            self.gathered.fill(set, chosen);
            let has_mask = dropout.rate() > 0.0;
            if has_mask {
                let length = self.network.pooling().mask_length(&self.gathered.bags);
                dropout.draw(length, &mut dropped, &mut self.mask);
            }
            let batch = Batch {
                rows: &self.gathered.rows,
                bags: &self.gathered.bags,
                mask: has_mask.then_some(&self.mask),
            };
            self.gradient.fill(0.0);
            let (labels, gradient) = (&self.gathered.labels, &mut self.gradient);
            let found = loss(
                parameters.values(),
                batch,
                labels,
                &mut self.trace,
                gradient,
            )?;
            clip(parameters, gradient, self.training.longest_gradient);
            self.optimiser.step(rate, parameters, gradient);
            sum += found * chosen.len() as f64;
        }
        self.gathered.order = order;
        Ok(sum / members.len() as f64)
    }
}

impl Gathered {
    fn fill(&mut self, set: &BagSet, chosen: &[usize]) {
        self.rows.clear();
        for &bag in chosen {
            self.rows.extend_from_slice(set.bag(bag));
        }
        let sizes = chosen.iter().map(|&bag| set.bags.rows().of(bag).len());
        self.bags.refill(sizes);
        self.labels.clear();
        self.labels
            .extend(chosen.iter().map(|&bag| set.labels[bag]));
    }
}
