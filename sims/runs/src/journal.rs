//! What a sample has found on its way, so that one that was interrupted goes on where it stood.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Answers by the question that they were found for.
pub type Answers = BTreeMap<String, Value>;

/// The long steps of the measurement of one sample: each is a question, such as which of these starts are retrieved, with an
/// answer that follows from the sample and the question alone. A run that stops in the middle keeps the answers in its
/// checkpoint; the measurement then begins again, and gets at once whatever it asked before.
///
/// ```
/// use dam_runs::journal::Journal;
/// let journal = Journal::default();
/// let verdict = || journal.once(&("retrieved", 0.25), || 3.0 / 8.0);
/// assert_eq!(verdict(), 0.375);
/// let later = Journal::from(journal.answers());
/// assert_eq!(later.once(&("retrieved", 0.25), || f64::NAN), 0.375);
/// ```
#[derive(Debug, Default)]
pub struct Journal(Mutex<Answers>);

impl Journal {
    /// The answer to a question, looked up or found. Steps that run side by side may ask in any order.
    pub fn once<T: Serialize + DeserializeOwned>(
        &self,
        question: &impl Serialize,
        find: impl FnOnce() -> T,
    ) -> T {
        // a question without a text is not kept
        let Ok(question) = serde_json::to_string(question) else {
            return find();
        };
        let known = self.lock().get(&question).cloned();
        if let Some(answer) = known.and_then(|value| serde_json::from_value(value).ok()) {
            return answer;
        }
        let answer = find();
        if let Ok(value) = serde_json::to_value(&answer) {
            self.lock().insert(question, value);
        }
        answer
    }

    /// All answers so far.
    pub fn answers(&self) -> Answers {
        self.lock().clone()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.0
            .lock()
            .expect("nothing panics while it holds the answers")
    }
}

impl From<Answers> for Journal {
    fn from(answers: Answers) -> Self {
        Self(Mutex::new(answers))
    }
}
