//! `dam theory bound`: rigorous bounds on the number of patterns.

use dam::plots::{CapacityCurves, capacity_figure};
use dam::theory::bounds::{
    CapacityBound, CodeBound, KernelizedChain, KernelizedMemory, Margin, RamsauerDimension,
    RamsauerMemory, asymptotic_dimension, code_angle_bounds, code_log_size, code_separation_bounds,
    kernelized_capacity, log_retrieval_error, optimal_capacity, ramsauer_capacity,
    ramsauer_dimension, required_dimension, required_separation,
};
use dam::theory::ensembles::Spherical;
use dam::theory::{Ensemble, TheoryError};

use crate::bound_arguments::{
    BoundFigureArguments, BoundQuery, KernelizedArguments, OptimalArguments, RamsauerArguments,
    SphericalCodeArguments, WellSeparationArguments,
};
use crate::error::CommandError;
use crate::output::{self, Cell, Table};

/// Dimensions of the figure, N = 10^{i/10} for i from 10 to 40.
const FIGURE_TENTHS: std::ops::RangeInclusive<i32> = 10..=40;

pub fn execute(query: &BoundQuery) -> Result<(), CommandError> {
    match query {
        BoundQuery::Ramsauer(arguments) => ramsauer(arguments),
        BoundQuery::Kernelized(arguments) => kernelized(arguments),
        BoundQuery::WellSeparation(arguments) => well_separation(arguments),
        BoundQuery::SphericalCode(arguments) => spherical_code(arguments),
        BoundQuery::Optimal(arguments) => optimal(arguments),
        BoundQuery::Figure(arguments) => figure(arguments),
    }
}

/// A number that may overflow: empty then.
fn finite(value: f64) -> Cell {
    Some(value).filter(|value| value.is_finite()).into()
}

/// Why the bound says nothing; empty where it does say something.
fn vacuous(bound: &CapacityBound) -> Cell {
    bound.vacuity.map_or("", |vacuity| vacuity.reason()).into()
}

fn ramsauer(arguments: &RamsauerArguments) -> Result<(), CommandError> {
    if let Some(growths) = &arguments.growth {
        return ramsauer_growth(arguments, &growths.0);
    }
    let mut table = Table::new([
        "beta",
        "radius_factor",
        "failure_probability",
        "dimension",
        "growth",
        "log_capacity",
        "capacity",
        "vacuous",
    ]);
    for &beta in &arguments.beta.0 {
        for &dimension in arguments.dimension.iter().flat_map(|list| &list.0) {
            let bound = ramsauer_capacity(&ramsauer_memory(arguments, beta), dimension)?;
            table.push(vec![
                beta.into(),
                arguments.radius_factor.into(),
                arguments.failure_probability.into(),
                dimension.into(),
                finite(bound.log_growth.exp()),
                bound.capacity.log_count.into(),
                finite(bound.capacity.count()),
                vacuous(&bound.capacity),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn ramsauer_memory(arguments: &RamsauerArguments, beta: f64) -> RamsauerMemory {
    RamsauerMemory {
        inverse_temperature: beta,
        radius_factor: arguments.radius_factor,
        failure_probability: arguments.failure_probability,
    }
}

fn ramsauer_growth(arguments: &RamsauerArguments, growths: &[f64]) -> Result<(), CommandError> {
    let mut table = Table::new([
        "beta",
        "radius_factor",
        "failure_probability",
        "growth",
        "dimension_lower",
        "dimension_upper",
        "note",
    ]);
    for &beta in &arguments.beta.0 {
        for &growth in growths {
            if growth <= 0.0 {
                return Err(CommandError::BadInput(format!(
                    "growth = {growth} lies outside its domain: the positive numbers"
                )));
            }
            let found = ramsauer_dimension(&ramsauer_memory(arguments, beta), growth.ln())?;
            let (lower, upper, note) = match found {
                RamsauerDimension::AlwaysExceeded => {
                    (None, None, "no solution: exceeded in every dimension")
                }
                RamsauerDimension::Single(d) => (Some(d), Some(d), "exceeded above"),
                RamsauerDimension::Pair { lower, upper } => {
                    (Some(lower), Some(upper), "exceeded outside")
                }
            };
            table.push(vec![
                beta.into(),
                arguments.radius_factor.into(),
                arguments.failure_probability.into(),
                growth.into(),
                lower.into(),
                upper.into(),
                note.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn kernelized(arguments: &KernelizedArguments) -> Result<(), CommandError> {
    let mut table = Table::new([
        "beta",
        "norm",
        "retrieval_radius",
        "failure_probability",
        "dimension",
        "growth",
        "log_capacity",
        "capacity",
        "log_capacity_exact",
        "log_capacity_cap_measure",
        "vacuous",
    ]);
    for &beta in &arguments.beta.0 {
        let memory = KernelizedMemory {
            inverse_temperature: beta,
            norm: arguments.norm,
            retrieval_radius: arguments.retrieval_radius.unwrap_or(beta.recip()),
            failure_probability: arguments.failure_probability,
        };
        for &dimension in &arguments.dimension.0 {
            let bound = |chain| kernelized_capacity(&memory, dimension, chain);
            let lemma = bound(KernelizedChain::Lemma)?;
            let exact = bound(KernelizedChain::Exact)?.capacity.log_count;
            let caps = bound(KernelizedChain::CapMeasure)?.capacity.log_count;
            table.push(vec![
                beta.into(),
                memory.norm.into(),
                memory.retrieval_radius.into(),
                memory.failure_probability.into(),
                dimension.into(),
                finite(lemma.log_growth.exp()),
                lemma.capacity.log_count.into(),
                finite(lemma.capacity.count()),
                finite(exact),
                finite(caps),
                vacuous(&lemma.capacity),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn well_separation(arguments: &WellSeparationArguments) -> Result<(), CommandError> {
    let mut table = Table::new([
        "beta",
        "norm",
        "retrieval_radius",
        "count",
        "separation_needed",
        "separation",
        "log_error",
        "vacuous",
    ]);
    for &beta in &arguments.beta.0 {
        let radius = arguments.retrieval_radius.unwrap_or(beta.recip());
        for &count in &arguments.count.0 {
            at_least_two(count)?;
            let log_others = (count - 1.0).ln();
            let needed = required_separation(beta, log_others, arguments.norm, radius)?;
            let separation = arguments.separation.unwrap_or(needed);
            let (log_error, is_vacuous) =
                log_retrieval_error(beta, log_others, arguments.norm, radius, separation)?;
            table.push(vec![
                beta.into(),
                arguments.norm.into(),
                radius.into(),
                count.into(),
                needed.into(),
                separation.into(),
                log_error.into(),
                if is_vacuous { "error above 2m" } else { "" }.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}

/// ln M of a number of patterns.
fn at_least_two(count: f64) -> Result<f64, CommandError> {
    if count >= 2.0 {
        Ok(count.ln())
    } else {
        Err(CommandError::BadInput(format!(
            "count = {count}: a bound needs at least 2 patterns"
        )))
    }
}

fn spherical_code(arguments: &SphericalCodeArguments) -> Result<(), CommandError> {
    if let Some(counts) = &arguments.count {
        return code_angles(arguments, &counts.0);
    }
    let mut table = Table::new([
        "dimension",
        "angle_degrees",
        "log_size_lower",
        "log_size_upper",
        "log_size_upper_closed_form",
    ]);
    for &dimension in &arguments.dimension.0 {
        for &angle in arguments.angle.iter().flat_map(|list| &list.0) {
            let size = |bound| code_log_size(dimension, angle.to_radians(), bound);
            table.push(vec![
                dimension.into(),
                angle.into(),
                size(CodeBound::Covering)?.into(),
                size(CodeBound::Caps)?.into(),
                size(CodeBound::CapsClosedForm)?.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn code_angles(arguments: &SphericalCodeArguments, counts: &[f64]) -> Result<(), CommandError> {
    let mut table = Table::new([
        "dimension",
        "count",
        "angle_lower_degrees",
        "angle_upper_degrees",
        "separation_lower_closed_form",
        "separation_upper_closed_form",
    ]);
    for &dimension in &arguments.dimension.0 {
        for &count in counts {
            let closed = code_separation_bounds(dimension, at_least_two(count)?)?;
            let whole = (whole("dimension", dimension)?, whole("count", count)?);
            let (lower, upper) = code_angle_bounds(whole.0, whole.1)?;
            table.push(vec![
                dimension.into(),
                count.into(),
                lower.to_degrees().into(),
                upper.to_degrees().into(),
                closed.lower.into(),
                closed.upper.into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}

/// A positive whole number that f64 holds exactly.
fn whole(name: &str, value: f64) -> Result<usize, CommandError> {
    if value.fract() != 0.0 || !(1.0..=9_007_199_254_740_992.0).contains(&value) {
        return Err(CommandError::BadInput(format!(
            "{name} = {value} is not a whole number from 1 to 2^53"
        )));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be a whole number in range"
    )]
    Ok(value as usize)
}

fn optimal(arguments: &OptimalArguments) -> Result<(), CommandError> {
    let margin = if arguments.without_radius {
        Margin::WithoutRadius
    } else {
        Margin::Full
    };
    if let Some(counts) = &arguments.count {
        return dimension_needed(arguments, margin, &counts.0);
    }
    let mut table = Table::new([
        "beta",
        "retrieval_radius",
        "dimension",
        "log_capacity_lower",
        "log_capacity_upper",
        "log_capacity_upper_closed_form",
        "vacuous",
    ]);
    for &beta in &arguments.beta.0 {
        let radius = arguments.retrieval_radius.unwrap_or(beta.recip());
        for &dimension in arguments.dimension.iter().flat_map(|list| &list.0) {
            let bound = |bound| optimal_capacity(dimension, beta, radius, margin, bound);
            let lower = bound(CodeBound::Covering)?;
            table.push(vec![
                beta.into(),
                radius.into(),
                dimension.into(),
                finite(lower.log_count),
                finite(bound(CodeBound::Caps)?.log_count),
                finite(bound(CodeBound::CapsClosedForm)?.log_count),
                vacuous(&lower),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn dimension_needed(
    arguments: &OptimalArguments,
    margin: Margin,
    counts: &[f64],
) -> Result<(), CommandError> {
    let mut table = Table::new([
        "beta",
        "retrieval_radius",
        "count",
        "dimension_necessary",
        "dimension_sufficient",
        "dimension_lower_estimate",
        "dimension_upper_estimate",
    ]);
    for &beta in &arguments.beta.0 {
        let radius = arguments.retrieval_radius.unwrap_or(beta.recip());
        for &count in counts {
            let log_count = at_least_two(count)?;
            let dimension = |bound| required_dimension(log_count, beta, radius, margin, bound);
            let estimate = asymptotic_dimension(log_count, beta, radius, margin)?;
            table.push(vec![
                beta.into(),
                radius.into(),
                count.into(),
                dimension(CodeBound::Caps)?.into(),
                dimension(CodeBound::Covering)?.into(),
                estimate.map(|estimate| estimate.lower).into(),
                estimate.map(|estimate| estimate.upper).into(),
            ]);
        }
    }
    table.print(arguments.format.format)
}

fn figure(arguments: &BoundFigureArguments) -> Result<(), CommandError> {
    let lambda = arguments.lambda;
    let curves = capacity_curves(lambda, arguments.failure_probability)?;
    std::fs::create_dir_all(&arguments.output)
        .map_err(|error| CommandError::not_writable(&arguments.output, &error))?;
    let title = format!(
        "λ = {lambda}, p = {}, R = 1/β",
        arguments.failure_probability
    );
    let figure = capacity_figure(&title, &curves)?;
    for path in figure.write(
        &arguments.output,
        &format!("capacity-bounds.lambda{lambda}"),
    )? {
        output::wrote(&path)?;
    }
    Ok(())
}

/// All bounds for patterns with |ξ|² = N at λ: as unit features they have β = λN, retrieved from within R = 1/β.
fn capacity_curves(lambda: f64, failure_probability: f64) -> Result<CapacityCurves, TheoryError> {
    let load = Spherical.typical_threshold(lambda)?;
    let mut curves = CapacityCurves::default();
    for tenth in FIGURE_TENTHS {
        let size = 10f64.powf(0.1 * f64::from(tenth)).round();
        let beta = lambda * size;
        let mut put = |bound: CapacityBound, curve: fn(&mut CapacityCurves) -> &mut Vec<_>| {
            if !bound.is_vacuous() {
                curve(&mut curves).push((size, bound.log_count));
            }
        };
        let ramsauer = RamsauerMemory {
            inverse_temperature: lambda,
            radius_factor: 1.0,
            failure_probability,
        };
        let bound = ramsauer_capacity(&ramsauer, size)?.capacity;
        put(bound, |curves| &mut curves.ramsauer);
        let features = KernelizedMemory {
            inverse_temperature: beta,
            norm: 1.0,
            retrieval_radius: beta.recip(),
            failure_probability,
        };
        let kernelized = |chain| kernelized_capacity(&features, size, chain);
        let bound = kernelized(KernelizedChain::Lemma)?.capacity;
        put(bound, |curves| &mut curves.kernelized);
        let bound = kernelized(KernelizedChain::CapMeasure)?.capacity;
        put(bound, |curves| &mut curves.kernelized_caps);
        let optimal = |bound| optimal_capacity(size, beta, beta.recip(), Margin::Full, bound);
        put(optimal(CodeBound::Covering)?, |curves| {
            &mut curves.optimal_lower
        });
        put(optimal(CodeBound::Caps)?, |curves| {
            &mut curves.optimal_upper
        });
        curves.typical.push((size, load * size));
    }
    Ok(curves)
}
