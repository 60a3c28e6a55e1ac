//! A confidence interval, and how an infinite end of it is written to files.

use serde::{Deserialize, Serialize};

use crate::StatisticsError;

/// A closed interval `[low, high]`, `low ≤ high`.
///
/// An end can be infinite: the upper end of a median whose samples are partly censored is +∞ where
/// the data do not bound it. JSON has no infinity, so infinite ends are written as the strings
/// `"inf"` and `"-inf"`, which `pandas.read_csv` and Python's `float` read back.
///
/// ```
/// use dam_statistics::Interval;
/// let interval = Interval { low: 0.25, high: 0.75 };
/// assert!(interval.contains(0.3) && !interval.contains(1.0));
/// assert_eq!(interval.width(), 0.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    #[serde(with = "extended_real")]
    pub low: f64,
    /// Upper end.
    #[serde(with = "extended_real")]
    pub high: f64,
}

impl Interval {
    /// True where `low ≤ value ≤ high`.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// `high − low`; zero for the interval of a sample without spread.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}

/// Checks `0 < confidence < 1` and returns the probability `(1 − confidence)/2` of either tail.
pub(super) fn tail_probability(confidence: f64) -> Result<f64, StatisticsError> {
    if confidence > 0.0 && confidence < 1.0 {
        Ok(0.5 * (1.0 - confidence))
    } else {
        Err(StatisticsError::Confidence { confidence })
    }
}

/// Writes ±∞ as text, since JSON would turn it into null.
mod extended_real {
    use std::fmt;

    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature serde asks for"
    )]
    pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        if *value == f64::INFINITY {
            serializer.serialize_str("inf")
        } else if *value == f64::NEG_INFINITY {
            serializer.serialize_str("-inf")
        } else {
            serializer.serialize_f64(*value)
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        deserializer.deserialize_any(ExtendedReal)
    }

    struct ExtendedReal;

    impl Visitor<'_> for ExtendedReal {
        type Value = f64;

        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str("a number, \"inf\" or \"-inf\"")
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
            Ok(value)
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
            Ok(value as f64)
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
            Ok(value as f64)
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<f64, E> {
            match value {
                "inf" => Ok(f64::INFINITY),
                "-inf" => Ok(f64::NEG_INFINITY),
                _ => Err(E::invalid_value(serde::de::Unexpected::Str(value), &self)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn json_keeps_finite_and_infinite_ends() {
        for interval in [
            Interval {
                low: -0.1,
                high: 0.3,
            },
            Interval {
                low: 2.0,
                high: f64::INFINITY,
            },
            Interval {
                low: f64::NEG_INFINITY,
                high: 1e-300,
            },
        ] {
            let text = serde_json::to_string(&interval).unwrap();
            let back: Interval = serde_json::from_str(&text).unwrap();
            assert_eq!(back, interval, "{text}");
        }
        let whole: Interval = serde_json::from_str(r#"{"low": -1, "high": 2}"#).unwrap();
        assert_eq!(
            whole,
            Interval {
                low: -1.0,
                high: 2.0
            }
        );
        assert!(serde_json::from_str::<Interval>(r#"{"low": "a", "high": 2}"#).is_err());
    }

    #[test]
    fn a_confidence_outside_the_open_unit_interval_is_refused() {
        for confidence in [0.0, 1.0, -0.5, f64::NAN, f64::INFINITY] {
            assert!(tail_probability(confidence).is_err());
        }
        assert_eq!(tail_probability(0.5).unwrap(), 0.25);
    }
}
