//! The keys of section `[dynamics]`, read by the kind that they belong to.

use std::collections::BTreeMap;

use serde_json::Value;

/// A key that a kind of dynamics reads.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// What it takes.
    pub value: KeyValue,
}

/// What a [`Key`] takes.
#[derive(Clone, Copy, Debug)]
pub enum KeyValue {
    /// A number.
    Number,
    /// A whole number.
    Count,
    /// One of these.
    OneOf(&'static [&'static str]),
}

impl Key {
    /// One that takes a number.
    pub const fn number(name: &'static str, about: &'static str) -> Self {
        let value = KeyValue::Number;
        Self { name, about, value }
    }

    /// One that takes a whole number.
    pub const fn count(name: &'static str, about: &'static str) -> Self {
        let value = KeyValue::Count;
        Self { name, about, value }
    }
}

/// Keys and their values.
#[derive(Clone, Debug, Default)]
pub struct Keys(BTreeMap<String, Value>);

/// A key with a value that will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError {
    /// The key.
    pub key: &'static str,
    /// What is wrong, and the mend.
    pub message: String,
}

impl KeyError {
    /// What is wrong with a key.
    pub fn new(key: &'static str, message: String) -> Self {
        Self { key, message }
    }
}

impl From<BTreeMap<String, Value>> for Keys {
    fn from(values: BTreeMap<String, Value>) -> Self {
        Self(values)
    }
}

impl Keys {
    /// The first key that is none of `known`.
    pub fn unknown(&self, known: &[Key]) -> Option<&str> {
        let mut names = self.0.keys().map(String::as_str);
        names.find(|name| known.iter().all(|key| key.name != *name))
    }

    /// A number.
    ///
    /// # Errors
    /// [`KeyError`] for anything else.
    pub fn real(&self, key: &'static str, default: f64) -> Result<f64, KeyError> {
        self.read(key, default, Value::as_f64, "a number")
    }

    /// A positive finite number.
    ///
    /// # Errors
    /// [`KeyError`] for anything else.
    pub fn positive(&self, key: &'static str, default: f64) -> Result<f64, KeyError> {
        let value = self.real(key, default)?;
        if value > 0.0 && value.is_finite() {
            return Ok(value);
        }
        Err(KeyError::new(
            key,
            format!("{value} is not a positive number"),
        ))
    }

    /// A whole number ≥ 0.
    ///
    /// # Errors
    /// [`KeyError`] for anything else.
    pub fn count(&self, key: &'static str, default: usize) -> Result<usize, KeyError> {
        let whole = |value: &Value| usize::try_from(value.as_u64()?).ok();
        self.read(key, default, whole, "a whole number")
    }

    /// One of some values, by its name; the first where the key is not given.
    ///
    /// # Errors
    /// [`KeyError`] for anything else.
    pub fn one_of<T: Copy>(
        &self,
        key: &'static str,
        values: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<T, KeyError> {
        let known = || values.iter().map(|&value| name(value));
        let named = |found: &Value| {
            let position = known().position(|name| found.as_str() == Some(name))?;
            Some(values[position])
        };
        let what = format!("one of {}", known().collect::<Vec<_>>().join(", "));
        self.read(key, values[0], named, &what)
    }

    fn read<T>(
        &self,
        key: &'static str,
        default: T,
        convert: impl Fn(&Value) -> Option<T>,
        what: &str,
    ) -> Result<T, KeyError> {
        let Some(value) = self.0.get(key) else {
            return Ok(default);
        };
        convert(value).ok_or_else(|| KeyError::new(key, format!("{value} is not {what}")))
    }
}
