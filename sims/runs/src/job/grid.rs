//! Grids of sweep values, given as a list or by start, stop and count.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// `count` equally spaced values from `start` to `stop`, both included.
///
/// Values are rounded to 15 significant digits, so that 0.1 … 0.5 in 5 values holds 0.3
/// and names the same task as a hand-written list.
///
/// ```
/// assert_eq!(dam_runs::job::linear_grid(0.1, 0.5, 5), [0.1, 0.2, 0.3, 0.4, 0.5]);
/// ```
pub fn linear_grid(start: f64, stop: f64, count: usize) -> Vec<f64> {
    match count {
        0 => Vec::new(),
        1 => vec![start],
        _ => (0..count)
            .map(|index| {
                let fraction = index as f64 / (count - 1) as f64;
                let value = start * (1.0 - fraction) + stop * fraction;
                format!("{value:.14e}").parse().unwrap_or(value)
            })
            .collect(),
    }
}

/// The whole number that `value` is, up to 2^53, beyond which not every one is a double.
///
/// ```
/// use dam_runs::job::whole_number;
/// assert_eq!(whole_number(3.0), Some(3));
/// assert_eq!([3.5, -1.0, 1e16, f64::NAN].map(whole_number), [None; 4]);
/// ```
pub fn whole_number(value: f64) -> Option<usize> {
    let is_whole = value.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&value);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "used only where it is a whole number in range"
    )]
    is_whole.then_some(value as usize)
}

/// The values that a range may have.
const MOST_VALUES: usize = 100_000;

/// A grid in a job file: `[0.1, 0.2]`, `{ start = 0.1, stop = 0.5, count = 5 }` or one number.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Grid(pub Vec<f64>);

impl<'de> Deserialize<'de> for Grid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GridVisitor)
    }
}

impl JsonSchema for Grid {
    fn schema_name() -> Cow<'static, str> {
        "Grid".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                { "type": "number" },
                { "type": "array", "items": { "type": "number" } },
                {
                    "type": "object",
                    "description": "equally spaced, both ends included",
                    "properties": {
                        "start": { "type": "number" },
                        "stop": { "type": "number" },
                        "count": { "type": "integer", "minimum": 0, "maximum": MOST_VALUES }
                    },
                    "required": ["start", "stop", "count"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

struct GridVisitor;

impl<'de> Visitor<'de> for GridVisitor {
    type Value = Grid;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "numbers: a list such as [0.1, 0.2] or { start = 0.1, stop = 0.5, count = 5 }",
        )
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Grid, E> {
        Ok(Grid(vec![value]))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Grid, E> {
        Ok(Grid(vec![value as f64]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Grid, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element::<f64>()? {
            values.push(value);
        }
        Ok(Grid(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Grid, A::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Range {
            start: f64,
            stop: f64,
            count: usize,
        }
        let range = Range::deserialize(de::value::MapAccessDeserializer::new(map))?;
        if range.count > MOST_VALUES {
            return Err(de::Error::custom(format!(
                "count = {} is beyond the {MOST_VALUES} values that a grid may hold",
                range.count
            )));
        }
        Ok(Grid(linear_grid(range.start, range.stop, range.count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_by_count_holds_the_decimal_numbers_that_a_person_would_write() {
        let grid = linear_grid(0.0, 1.0, 11);
        let written = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
        assert_eq!(grid, written);
        assert_eq!(linear_grid(2.0, 5.0, 1), [2.0]);
        assert!(linear_grid(2.0, 5.0, 0).is_empty());
    }
}
