//! Where an axis begins and ends, and its ticks.

use crate::error::PlotError;
use crate::figure::{Axis, Range, Scale, Ticks};

/// An axis with its range settled: maps values to fractions of its length and knows its ticks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ResolvedAxis {
    pub low: f64,
    pub high: f64,
    pub scale: Scale,
    /// Marked values and their labels (markup).
    pub ticks: Vec<(f64, String)>,
    /// Values marked by short strokes without labels.
    pub minor_ticks: Vec<f64>,
}

impl ResolvedAxis {
    /// Settles the range from the `values` of the layers, if they are needed; `margin` is the part of the range
    /// added at either end.
    pub fn new(axis: &Axis, values: &[f64], margin: f64, panel: usize) -> Result<Self, PlotError> {
        let (low, high) = match axis.range {
            Range::Explicit(low, high) => {
                if !(low.is_finite() && high.is_finite() && low < high) {
                    return Err(PlotError::InvalidRange {
                        axis: axis.label.clone(),
                        low,
                        high,
                    });
                }
                (low, high)
            }
            Range::Automatic => {
                let low = values.iter().copied().reduce(f64::min);
                let high = values.iter().copied().reduce(f64::max);
                let (Some(low), Some(high)) = (low, high) else {
                    return Err(PlotError::NothingToDraw { panel });
                };
                widen(low, high, axis.scale, margin)
            }
        };
        if axis.scale == Scale::Log10 && low <= 0.0 {
            return Err(PlotError::NotPositive {
                layer: axis.label.clone(),
                value: low,
            });
        }
        let (ticks, minor_ticks) = match &axis.ticks {
            Ticks::None => (Vec::new(), Vec::new()),
            Ticks::At(ticks) => {
                let shown = ticks
                    .iter()
                    .filter(|(value, _)| (low..=high).contains(value));
                (shown.cloned().collect(), Vec::new())
            }
            Ticks::Automatic => match axis.scale {
                Scale::Linear => linear_ticks(low, high, axis.is_whole),
                Scale::Log10 => logarithmic_ticks(low, high),
            },
        };
        Ok(Self {
            low,
            high,
            scale: axis.scale,
            ticks,
            minor_ticks,
        })
    }

    /// Position of `value` as a fraction of the axis, 0 at the low end and 1 at the high end.
    pub fn fraction(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log10 => (value / self.low).ln() / (self.high / self.low).ln(),
        }
    }

    /// The value at a fraction of the axis.
    pub fn value_at(&self, fraction: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.low + fraction * (self.high - self.low),
            Scale::Log10 => self.low * (self.high / self.low).powf(fraction),
        }
    }
}

/// Adds `margin` times the length at either end; a single value gets an interval around it.
fn widen(low: f64, high: f64, scale: Scale, margin: f64) -> (f64, f64) {
    match scale {
        Scale::Linear if low == high => {
            let half = if low == 0.0 { 1.0 } else { 0.5 * low.abs() };
            (low - half, high + half)
        }
        Scale::Linear => {
            let extra = margin * (high - low);
            (low - extra, high + extra)
        }
        Scale::Log10 if low == high => (low / 3.0, high * 3.0),
        Scale::Log10 => {
            let extra = (high / low).powf(margin);
            (low / extra, high * extra)
        }
    }
}

/// Most ticks that a linear axis gets.
const MOST_LINEAR_TICKS: f64 = 8.0;
/// Most powers of ten that a logarithmic axis labels.
const MOST_DECADES: i32 = 8;

/// Ticks at the multiples of 1, 2 or 5 times a power of ten, with minor ticks between them.
fn linear_ticks(low: f64, high: f64, is_whole: bool) -> (Vec<(f64, String)>, Vec<f64>) {
    let rough = (high - low) / MOST_LINEAR_TICKS;
    let rough = if is_whole { rough.max(1.0) } else { rough };
    let power = rough.log10().floor();
    let (mantissa, parts) = [(1.0, 5), (2.0, 4), (5.0, 5), (10.0, 5)]
        .into_iter()
        .find(|(mantissa, _)| mantissa * 10f64.powf(power) >= rough * (1.0 - 1e-9))
        .unwrap_or((10.0, 5));
    let step = mantissa * 10f64.powf(power);
    let decimals = -step.log10().floor();
    let ticks = multiples(step, low, high)
        .into_iter()
        .map(|value| {
            (
                value,
                linear_label(value, step, decimals, low.abs().max(high.abs())),
            )
        })
        .collect();
    let part = step / f64::from(parts);
    let is_apt = !is_whole || part.fract() == 0.0;
    let minor = if is_apt {
        multiples(part, low, high)
    } else {
        Vec::new()
    };
    (ticks, minor)
}

/// The multiples of `step` in [low, high], each the nearest number to its decimal value.
fn multiples(step: f64, low: f64, high: f64) -> Vec<f64> {
    let slack = 1e-9 * (high - low) / step;
    let first = (low / step - slack).ceil();
    let last = (high / step + slack).floor();
    let mut values = Vec::new();
    let mut index = first;
    while index <= last {
        values.push(index * step);
        index += 1.0;
    }
    values
}

/// Decimal notation while it is short, else mantissa and power of ten.
fn linear_label(value: f64, step: f64, decimals: f64, greatest: f64) -> String {
    if (step * 1e-9..1e5).contains(&greatest) && decimals <= 4.0 {
        return decimal(value, decimals.max(0.0));
    }
    if value.abs() < 1e-9 * step {
        return "0".to_owned();
    }
    let power = (greatest * (1.0 + 1e-12)).log10().floor();
    let mantissa_decimals = (power + decimals).max(0.0);
    format!(
        "{}×10^{{{}}}",
        decimal(value / 10f64.powf(power), mantissa_decimals),
        decimal(power, 0.0)
    )
}

/// `value` with a fixed number of decimals, a real minus sign, and no negative zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small count of decimals, never negative"
)]
fn decimal(value: f64, decimals: f64) -> String {
    let text = format!("{value:.0$}", decimals as usize);
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|digit| matches!(digit, '0' | '.')) => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// Powers of ten on a long axis, also 2 and 5 times these on a short one, linear ticks on a very short one.
#[expect(
    clippy::cast_possible_truncation,
    reason = "decimal exponents of f64 lie within ±324"
)]
fn logarithmic_ticks(low: f64, high: f64) -> (Vec<(f64, String)>, Vec<f64>) {
    let inside = |value: &f64| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(value);
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let decades: Vec<i32> = (first..=last)
        .filter(|&power| inside(&10f64.powi(power)))
        .collect();
    let within_decades = |mantissas: &[i32]| -> Vec<(i32, i32)> {
        (first..=last)
            .flat_map(|power| mantissas.iter().map(move |&mantissa| (mantissa, power)))
            .filter(|&(mantissa, power)| inside(&(f64::from(mantissa) * 10f64.powi(power))))
            .collect()
    };
    let number = |(mantissa, power): (i32, i32)| f64::from(mantissa) * 10f64.powi(power);
    if let ([first, _, .., last], true) = (decades.as_slice(), decades.len() > 2) {
        let stride = (last - first + MOST_DECADES) / MOST_DECADES;
        let ticks = decades
            .iter()
            .filter(|&&power| power.rem_euclid(stride) == 0)
            .map(|&power| (10f64.powi(power), power_label(1, power)))
            .collect();
        let minor = if stride == 1 {
            within_decades(&[2, 3, 4, 5, 6, 7, 8, 9])
                .into_iter()
                .map(number)
                .collect()
        } else {
            decades.iter().map(|&power| 10f64.powi(power)).collect()
        };
        return (ticks, minor);
    }
    let round = within_decades(&[1, 2, 5]);
    if round.len() >= 3 {
        let plain = low >= 1e-4 && high < 1e5;
        let ticks = round
            .into_iter()
            .map(|(mantissa, power)| {
                let value = number((mantissa, power));
                let label = if plain {
                    decimal(value, f64::from(-power).max(0.0))
                } else {
                    power_label(mantissa, power)
                };
                (value, label)
            })
            .collect();
        let minor = within_decades(&[3, 4, 6, 7, 8, 9])
            .into_iter()
            .map(number)
            .collect();
        return (ticks, minor);
    }
    linear_ticks(low, high, false)
}

fn power_label(mantissa: i32, power: i32) -> String {
    let power = decimal(f64::from(power), 0.0);
    if mantissa == 1 {
        format!("10^{{{power}}}")
    } else {
        format!("{mantissa}×10^{{{power}}}")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    fn labels(ticks: &[(f64, String)]) -> Vec<&str> {
        ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round_numbers_with_equal_decimals() {
        let (ticks, minor) = linear_ticks(0.0, 1.0, false);
        assert_eq!(labels(&ticks), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(minor.len(), 21);
        let (ticks, _) = linear_ticks(-0.013, 0.021, false);
        assert_eq!(
            labels(&ticks),
            [
                "−0.010", "−0.005", "0.000", "0.005", "0.010", "0.015", "0.020"
            ]
        );
        let (ticks, _) = linear_ticks(0.0, 90.0, false);
        assert_eq!(labels(&ticks), ["0", "20", "40", "60", "80"]);
    }

    #[test]
    fn very_large_and_very_small_linear_labels_use_powers_of_ten() {
        let (ticks, _) = linear_ticks(0.0, 2.0e6, false);
        assert_eq!(labels(&ticks)[..3], ["0", "0.5×10^{6}", "1.0×10^{6}"]);
        let (ticks, _) = linear_ticks(0.0, 4.0e-7, false);
        assert_eq!(labels(&ticks)[..3], ["0", "0.5×10^{−7}", "1.0×10^{−7}"]);
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten_thinned_when_there_are_many() {
        let (ticks, minor) = logarithmic_ticks(1e-3, 10.0);
        assert_eq!(
            labels(&ticks),
            ["10^{−3}", "10^{−2}", "10^{−1}", "10^{0}", "10^{1}"]
        );
        assert_eq!(minor.len(), 32);
        let (ticks, _) = logarithmic_ticks(1e-30, 1.0);
        assert!(ticks.len() <= 8, "{ticks:?}");
        for (value, label) in &ticks {
            let power = value.log10().round();
            assert_eq!(*label, format!("10^{{{}}}", decimal(power, 0.0)));
        }
    }

    #[test]
    fn short_logarithmic_axes_get_plain_numbers() {
        let (ticks, _) = logarithmic_ticks(0.3, 12.0);
        assert_eq!(labels(&ticks), ["0.5", "1", "2", "5", "10"]);
        let (ticks, _) = logarithmic_ticks(2.1, 2.9);
        assert_eq!(ticks[0].1, "2.1");
    }

    #[test]
    fn ticks_lie_inside_the_range_for_many_ranges() {
        for low_index in -20..20 {
            for length in [0.001, 0.37, 1.0, 2.5, 9.9, 1234.5] {
                let low = f64::from(low_index) * 0.37;
                let (ticks, minor) = linear_ticks(low, low + length, false);
                assert!((3..=9).contains(&ticks.len()), "{low} {length} {ticks:?}");
                let slack = 1e-6 * length;
                for value in ticks.iter().map(|(value, _)| value).chain(&minor) {
                    assert!(*value >= low - slack && *value <= low + length + slack);
                }
            }
        }
    }

    #[test]
    fn positions_follow_the_scale() {
        let axis = Axis::new("λ").with_range(0.5, 8.0);
        let linear = ResolvedAxis::new(&axis, &[], 0.0, 1).unwrap();
        let logarithmic = ResolvedAxis::new(&axis.logarithmic(), &[], 0.0, 1).unwrap();
        assert!((linear.fraction(2.0) - 0.2).abs() < 1e-15);
        assert!((logarithmic.fraction(2.0) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn automatic_ranges_leave_a_margin_and_hold_a_single_value() {
        let axis = Axis::new("λ");
        let settled = ResolvedAxis::new(&axis, &[3.0, 1.0, 2.0], 0.1, 1).unwrap();
        assert!((settled.low - 0.8).abs() < 1e-15 && (settled.high - 3.2).abs() < 1e-15);
        let single = ResolvedAxis::new(&axis, &[-2.0], 0.1, 1).unwrap();
        assert_eq!((single.low, single.high), (-3.0, -1.0));
        let settled = ResolvedAxis::new(&axis.logarithmic(), &[1.0, 100.0], 0.5, 1).unwrap();
        assert!((settled.low - 0.1).abs() < 1e-12 && (settled.high - 1000.0).abs() < 1e-9);
    }

    #[test]
    fn ranges_that_cannot_be_drawn_are_refused() {
        for (low, high) in [
            (1.0, 1.0),
            (2.0, 1.0),
            (0.0, f64::INFINITY),
            (f64::NAN, 1.0),
        ] {
            let axis = Axis::new("λ").with_range(low, high);
            let error = ResolvedAxis::new(&axis, &[], 0.0, 1).unwrap_err();
            assert!(matches!(error, PlotError::InvalidRange { .. }), "{error}");
        }
        let axis = Axis::new("λ").with_range(0.0, 1.0).logarithmic();
        let error = ResolvedAxis::new(&axis, &[], 0.0, 1).unwrap_err();
        assert!(matches!(error, PlotError::NotPositive { .. }), "{error}");
        let error = ResolvedAxis::new(&Axis::new("λ"), &[], 0.0, 3).unwrap_err();
        assert!(error.to_string().contains("panel 3"), "{error}");
    }

    #[test]
    fn whole_numbers_have_no_ticks_between_them() {
        let (ticks, minor) = linear_ticks(0.5, 3.5, true);
        let labels: Vec<&str> = ticks.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(labels, ["1", "2", "3"]);
        assert!(minor.is_empty());
        let (ticks, minor) = linear_ticks(0.0, 40.0, true);
        let whole = |values: Vec<f64>| values.iter().all(|value| value.fract() == 0.0);
        assert!(whole(ticks.iter().map(|(value, _)| *value).collect()) && whole(minor));
    }
}
