//! What the fluctuations of the noise sum do to λ_× of patterns with independent components.
//!
//! At weight w of the target the other patterns hold the state u = λx, `u_i` = λ[w`ξ_i` + (1 −
//! w)K'(`u_i`)], with n = K'(u) their mean. In units of the noise sum Z = Σ e^{u·ξ} its squared terms are R
//! in all, from patterns of the law tilted by su,
//!
//! ```text
//! R = e^{G(s) + (2 − s)G'(s) − 2G(1)}/(P − 1),   G(s) = Σ K(s u_i),
//! s = 2, or where sG'(s) − G(s) reaches ln(P − 1) before: the pattern of largest overlap that a sample has
//! ```
//!
//! To second order, as for patterns of one norm (`crossover_law::expansion`, where s = 2),
//!
//! ```text
//! E λ_× = λ + (p − V/2)/L_λ − V₁/(2λ''L_λ²)
//! p = λ(1 − w)R Σ {K''(su_i) + [K'(su_i) − n_i]²}/[1 − λ(1 − w)K''(u_i)],   V = R − 1/(P − 1)
//! V₁ = w²(1 − w)²R⟨[−2y + (1 − w)y₂ + (1 − w)(y² − Σ K''(u_i)ẋ_i²)]²⟩
//! ```
//!
//! with y = u̇·(ξ − n) and y₂ = ü·(ξ − n), derivatives by w, taken as normal under the tilted law; L_λ =
//! x·(ξ¹ − n) in the mean, with the response of the state in λ''. p: each pattern
//! draws the state towards itself, and the others amplify that; it outweighs V/2, by which the quenched
//! noise lies below the annealed one. The last term is that of the minimum over w of a fluctuating curve.

use super::component_noise::{ComponentNoise, GaussianComponents};
use super::estimate::Estimate;
use super::map::CollinearMap;
use super::noise::GaussianNoise;
use super::pattern_count::PatternCount;
use super::saddle_node::Crossover;
use crate::error::TheoryError;
use crate::numbers::root::find_root;

/// Step of the second and third derivatives of K.
const STEP: f64 = 1e-3;
/// What the shift may be off by, in units of λ: so much for each unit of the shift, and of its square, as
/// `references/measured_medians.csv` asks.
const ERROR: (f64, f64) = (0.15, 15.0);
/// And so much for each unit of 2 − s: where the pattern of largest overlap carries R, most samples have
/// less (none of the shift was seen at s = 1.67: Gaussian, α = 0.35, N = 50, 200 samples).
const RARE: f64 = 3.0;

/// A component at the crossover.
pub(super) struct ComponentAtCrossover<'a, L: ?Sized> {
    pub(super) law: &'a L,
    /// `ξ_i`.
    pub(super) value: f64,
    /// `u_i`.
    pub(super) field: f64,
    /// How often it is counted.
    pub(super) count: f64,
}

/// λ, w and ln(P − 1) at the crossover.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) lambda: f64,
    pub(super) weight: f64,
    pub(super) log_noise_patterns: f64,
}

/// Sums over the components.
#[derive(Default)]
struct Sums {
    /// ln[(P − 1)R].
    log_ratio: f64,
    /// p/[λ(1 − w)R].
    pull: f64,
    /// `L_λ` of a state held fixed, and with its response.
    held_slope: f64,
    slope: f64,
    /// u̇·(ξ¹ − n), and its derivative by w.
    rise: f64,
    bend: f64,
    /// Σ K''(u)u̇².
    annealed: f64,
    /// ⟨y⟩ and ⟨y₂⟩, their variances, and their covariance.
    means: [f64; 2],
    variances: [f64; 2],
    covariance: f64,
}

impl At {
    pub(super) fn crossover(found: &Crossover, log_noise_patterns: f64) -> Self {
        Self {
            lambda: found.inverse_temperature,
            weight: found.weight,
            log_noise_patterns,
        }
    }
}

/// By how much E λ_× lies above that of the averaged noise, for a target whose components are given at its
/// crossover.
pub(super) fn shift<L: ComponentNoise + ?Sized>(
    components: &[ComponentAtCrossover<'_, L>],
    at: At,
) -> Estimate {
    if at.log_noise_patterns == 0.0 {
        // one noise pattern: λ_× = 0 in every sample
        return Estimate::exact(0.0);
    }
    let tilt = largest_tilt(components, at.log_noise_patterns);
    let mut sums = Sums::default();
    for component in components {
        sums.add(component, tilt, at);
    }
    sums.shift(tilt, at)
}

/// s: 2, or where the tilted law belongs to less than one of the patterns from there on.
fn largest_tilt<L: ComponentNoise + ?Sized>(
    components: &[ComponentAtCrossover<'_, L>],
    log_noise_patterns: f64,
) -> f64 {
    let missing = |tilt: f64| {
        let terms = components.iter().map(|component| {
            let field = tilt * component.field;
            let law = component.law;
            component.count
                * (field * law.tilted_mean(field) - law.log_moment_generating_function(field))
        });
        terms.sum::<f64>() - log_noise_patterns
    };
    if missing(2.0) <= 0.0 {
        return 2.0;
    }
    // it rises from −ln(P − 1) at s = 0
    find_root(missing, 0.0, 2.0).unwrap_or(2.0)
}

/// λ_× of the Gaussian target of |ξ¹|² = rN, r = `norm`, by the averaged noise, and its [`shift`].
pub(super) fn normal_shift(
    size: f64,
    norm: f64,
    patterns: PatternCount,
) -> Result<Option<(f64, Estimate)>, TheoryError> {
    let found = CollinearMap::new(GaussianNoise::new(size, norm)?, patterns).crossover()?;
    Ok(found.map(|found| {
        let lambda = found.inverse_temperature;
        let component = ComponentAtCrossover {
            law: &GaussianComponents,
            value: norm.sqrt(),
            field: lambda * found.amplitude * norm.sqrt(),
            count: size,
        };
        let at = At::crossover(&found, patterns.log_noise_patterns());
        (lambda, shift(&[component], at))
    }))
}

impl Sums {
    fn add<L: ComponentNoise + ?Sized>(
        &mut self,
        component: &ComponentAtCrossover<'_, L>,
        tilt: f64,
        at: At,
    ) {
        let &ComponentAtCrossover {
            law,
            value,
            field,
            count,
        } = component;
        let (lambda, others) = (at.lambda, 1.0 - at.weight);
        let mean = |field: f64| law.tilted_mean(field);
        let variance = |field: f64| (mean(field + STEP) - mean(field - STEP)) / (2.0 * STEP);
        let once = mean(field);
        let third = (mean(field + STEP) - 2.0 * once + mean(field - STEP)) / (STEP * STEP);
        let at_tilt = mean(tilt * field);
        let lean = at_tilt - once;
        let (at_field, tilted) = (variance(field), variance(tilt * field));
        let response = 1.0 - lambda * others * at_field;
        let away = value - once;
        let first = lambda * away / response;
        let second = lambda * first * (others * third * first - 2.0 * at_field) / response;
        let log_moment = |field| law.log_moment_generating_function(field);
        self.log_ratio += count
            * (log_moment(tilt * field) + (2.0 - tilt) * field * at_tilt - 2.0 * log_moment(field));
        self.pull += count * (tilted + lean * lean) / response;
        self.held_slope += count * field / lambda * away;
        self.slope += count * field / lambda * away / response;
        self.rise += count * away * first;
        self.bend += count * (away * second - at_field * first * first);
        self.annealed += count * at_field * first * first;
        self.means[0] += count * first * lean;
        self.means[1] += count * second * lean;
        self.variances[0] += count * first * first * tilted;
        self.variances[1] += count * second * second * tilted;
        self.covariance += count * first * second * tilted;
    }

    fn shift(&self, tilt: f64, at: At) -> Estimate {
        let (lambda, weight) = (at.lambda, at.weight);
        let others = 1.0 - weight;
        let spread = weight * others;
        let ratio = (self.log_ratio - at.log_noise_patterns).exp();
        let each = (-at.log_noise_patterns).exp();
        let pull = lambda * others * ratio * self.pull - 0.5 * (ratio - each);
        let curvature =
            -spread * ((1.0 - 2.0 * weight) * self.rise + spread * self.bend) / self.slope;
        let slope_variance = spread * spread * ratio * self.squared_slope(others);
        let fold = slope_variance / (2.0 * curvature * self.held_slope * self.held_slope);
        let relative = (pull.abs() / self.held_slope + fold.abs()) / lambda;
        let share = ERROR.0 + ERROR.1 * relative + RARE * (2.0 - tilt);
        Estimate {
            value: pull / self.held_slope - fold,
            error: lambda * relative * share,
        }
    }

    /// ⟨[−2y + (1 − w)y₂ + (1 − w)(y² − Σ K''u̇²)]²⟩.
    fn squared_slope(&self, others: f64) -> f64 {
        let [mean, second_mean] = self.means;
        let [variance, second_variance] = self.variances;
        let linear_mean = -2.0 * mean + others * second_mean;
        let linear_variance =
            4.0 * variance - 4.0 * others * self.covariance + others * others * second_variance;
        let linear_covariance = -2.0 * variance + others * self.covariance;
        let square = mean * mean + variance;
        let fourth = mean.powi(4) + 6.0 * mean * mean * variance + 3.0 * variance * variance;
        let crossed = linear_mean * (square - self.annealed) + 2.0 * mean * linear_covariance;
        let quadratic = fourth - 2.0 * square * self.annealed + self.annealed * self.annealed;
        linear_mean * linear_mean
            + linear_variance
            + 2.0 * others * crossed
            + others * others * quadratic
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::finite_size::axis_noise::AxisNoise;
    use crate::finite_size::component_noise::RademacherComponents;
    use crate::finite_size::crossover_law::expanded_law;
    use crate::finite_size::noise::RademacherNoise;

    /// Of signs by their components and by the closed forms along ξ¹, which have the moments of the tilted law
    /// beyond the second too.
    #[test]
    fn signs_have_the_shift_of_their_expansion() {
        for (size, count) in [(60.0, 300.0), (37.0, 159.0), (41.0, 3000.0), (200.0, 90.0)] {
            let patterns = PatternCount::from_count(count).unwrap();
            let noise = RademacherNoise::new(size).unwrap();
            let found = CollinearMap::new(noise, patterns).crossover();
            let found = found.unwrap().unwrap();
            let component = ComponentAtCrossover {
                law: &RademacherComponents,
                value: 1.0,
                field: found.inverse_temperature * found.amplitude,
                count: size,
            };
            let at = At::crossover(&found, patterns.log_noise_patterns());
            let by_components = shift(&[component], at).value;
            let law = expanded_law(AxisNoise::Signs(noise), patterns).unwrap();
            let along = law.unwrap().mean - found.inverse_temperature;
            assert!(
                (by_components - along).abs() < 0.03 * along,
                "{size} {count}: {by_components} {along}"
            );
        }
    }
}
