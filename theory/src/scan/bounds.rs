//! Walks of the capacity bounds.

use super::walk::{Order, Walk, geometric, linear};
use crate::bounds::{
    CodeBound, KernelizedChain, KernelizedMemory, Margin, RamsauerMemory, code_angle_bounds,
    code_log_size, code_separation_bounds, kernelized_capacity, optimal_capacity,
    ramsauer_capacity, ramsauer_load,
};
use crate::error::TheoryError;

pub(super) fn walks() -> Vec<Walk> {
    let mut walks = ramsauer();
    walks.extend(kernelized());
    walks.extend(codes());
    walks.extend(optimal());
    walks
}

fn ramsauer() -> Vec<Walk> {
    let memory = |beta, radius_factor| RamsauerMemory {
        inverse_temperature: beta,
        radius_factor,
        failure_probability: 1e-3,
    };
    let mut walks = vec![
        Walk::new("α_R over λ", geometric(1e-8, 1e8, 800), |lambda| {
            ramsauer_load(lambda).map(Some)
        })
        .ordered(Order::Rising),
    ];
    for radius in [0.5, 1.0, 3.0] {
        for dimension in [2.5, 20.0, 75.0, 1e4] {
            let name = format!("ln M of Ramsauer et al. over β, K = {radius}, d = {dimension}");
            walks.push(
                // below some β the theorem's own bound rises again
                Walk::new(name, geometric(1e-4, 1e6, 500), move |beta| {
                    let bound = ramsauer_capacity(&memory(beta, radius), dimension)?;
                    Ok(Some(bound.capacity.log_count))
                }),
            );
        }
        let name = format!("ln c of Ramsauer et al. over d, K = {radius}, β = 1");
        walks.push(Walk::new(
            name,
            geometric(1.01, 1e9, 500),
            move |dimension| {
                Ok(Some(
                    ramsauer_capacity(&memory(1.0, radius), dimension)?.log_growth,
                ))
            },
        ));
    }
    walks
}

fn kernelized() -> Vec<Walk> {
    let log_count = |beta: f64, dimension: f64, chain| -> Result<Option<f64>, TheoryError> {
        let memory = KernelizedMemory {
            inverse_temperature: beta,
            norm: 1.0,
            retrieval_radius: 1.0 / beta,
            failure_probability: 0.01,
        };
        let bound = kernelized_capacity(&memory, dimension, chain)?;
        Ok(Some(bound.capacity.log_count).filter(|count| count.is_finite()))
    };
    let mut walks = Vec::new();
    for dimension in [3.0, 20.0, 100.0, 1e4, 1e9] {
        for chain in KernelizedChain::ALL {
            let name = format!("ln M of the kernelized lemma ({chain:?}) over β, D = {dimension}");
            walks.push(
                Walk::new(name, geometric(5.0, 1e5, 300), move |beta| {
                    log_count(beta, dimension, chain)
                })
                .ordered(Order::Rising),
            );
        }
        let name = format!("cap measure less lemma, ln M over β, D = {dimension}");
        walks.push(
            Walk::new(name, geometric(20.0, 1e5, 300), move |beta| {
                let weaker = log_count(beta, dimension, KernelizedChain::Lemma)?;
                let stronger = log_count(beta, dimension, KernelizedChain::CapMeasure)?;
                Ok(stronger
                    .zip(weaker)
                    .map(|(stronger, weaker)| stronger - weaker))
            })
            .at_least(0.0),
        );
    }
    walks
}

fn codes() -> Vec<Walk> {
    let bounds = [
        CodeBound::CapsClosedForm,
        CodeBound::Caps,
        CodeBound::Covering,
    ];
    let mut walks = Vec::new();
    for dimension in [2.0, 3.0, 8.0, 24.0, 1e3, 1e9] {
        for bound in bounds {
            let name = format!("ln A(D, θ), {bound:?}, over θ, D = {dimension}");
            walks.push(
                // at 90° A falls to the exact 2D
                Walk::new(name, linear(1e-3, 1.57, 400), move |angle| {
                    code_log_size(dimension, angle, bound).map(Some)
                })
                .ordered(Order::Falling),
            );
        }
        for (larger, smaller) in [(0, 1), (1, 2)] {
            let (larger, smaller) = (bounds[larger], bounds[smaller]);
            let name = format!("ln A of {larger:?} less {smaller:?} over θ, D = {dimension}");
            walks.push(
                Walk::new(name, linear(1e-3, 1.5, 400), move |angle| {
                    let larger = code_log_size(dimension, angle, larger)?;
                    Ok(Some(larger - code_log_size(dimension, angle, smaller)?))
                })
                .at_least(0.0),
            );
        }
        let name = format!("upper less lower 1 − cos θ over ln M, D = {dimension}");
        walks.push(
            Walk::new(name, linear(0.7, 60.0, 300), move |log_count| {
                let bounds = code_separation_bounds(dimension, log_count)?;
                Ok(Some(bounds.upper - bounds.lower))
            })
            .at_least(0.0),
        );
    }
    for dimension in [2, 3, 4, 8, 24] {
        let counts = || linear(2.0, 400.0, 399);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers from 2 to 400"
        )]
        let angles = move |count: f64| code_angle_bounds(dimension, count.round() as usize);
        for (end, name) in [(0, "lower"), (1, "upper")] {
            let name = format!("{name} least angle over M, D = {dimension}");
            let walk = Walk::new(name, counts(), move |count| {
                let (lower, upper) = angles(count)?;
                Ok(Some([lower, upper][end]))
            });
            walks.push(walk.ordered(Order::Falling).stepwise());
        }
        let name = format!("upper less lower least angle over M, D = {dimension}");
        let walk = Walk::new(name, counts(), move |count| {
            let (lower, upper) = angles(count)?;
            Ok(Some(upper - lower))
        });
        walks.push(walk.at_least(0.0).stepwise());
    }
    walks
}

fn optimal() -> Vec<Walk> {
    let mut walks = Vec::new();
    for dimension in [3.0, 20.0, 100.0] {
        for bound in [CodeBound::Caps, CodeBound::Covering] {
            for margin in [Margin::Full, Margin::WithoutRadius] {
                let name = format!("ln M* ({bound:?}, {margin:?}) over β, D = {dimension}");
                walks.push(
                    // beyond 90° A steps over whole numbers
                    Walk::new(name, geometric(1.0, 1e4, 300), move |beta| {
                        let found = optimal_capacity(dimension, beta, 0.01, margin, bound)?;
                        Ok(Some(found.log_count))
                    })
                    .ordered(Order::Rising)
                    .stepwise(),
                );
            }
        }
    }
    walks
}
