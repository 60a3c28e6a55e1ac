//! The Hopfield layer over bags of rows.

use std::collections::BTreeMap;

use dam::layers::{
    Bags, Hopfield, HopfieldInput, HopfieldOptions, HopfieldTrace, LayerError, Normalization,
    Pairing, Parameters, ScalingOption, UpdateSteps,
};
use dam::memory::streams::StreamKey;
use numpy::{PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::broadcast::shaped;
use crate::errors;

/// Rows of all bags, one matrix, and how many each bag has.
type Rows<'py> = (PyReadonlyArray2<'py, f64>, Vec<usize>);
/// One number for each parameter or input.
type Named<'py> = BTreeMap<String, Bound<'py, PyAny>>;

/// A Hopfield layer and its numbers.
#[pyclass(module = "dense_associative_memory._native")]
pub struct HopfieldCore {
    layer: Hopfield,
    parameters: Parameters,
}

/// What a layer is given, owned.
struct Given {
    rows: [Vec<f64>; 3],
    stored: Bags,
    states: Bags,
}

impl Given {
    fn input(&self) -> HopfieldInput<'_> {
        let [stored, states, projections] = &self.rows;
        HopfieldInput {
            stored,
            states,
            projections,
            pairing: Pairing::new(self.stored.rows(), self.states.rows()),
        }
    }
}

fn refused(error: &LayerError) -> PyErr {
    errors::out_of_domain(error.to_string())
}

fn normalization(value: &Bound<'_, PyAny>) -> PyResult<Normalization> {
    if value.extract::<&str>().is_ok_and(|word| word == "plain") {
        return Ok(Normalization::Plain);
    }
    let is_affine: bool = value.extract()?;
    Ok(if is_affine {
        Normalization::Affine
    } else {
        Normalization::None
    })
}

/// The options that are given, by the names of `hflayers`.
fn options(given: &Bound<'_, PyDict>) -> PyResult<HopfieldOptions> {
    let mut found = HopfieldOptions::default();
    let (mut scaling, mut learns) = (None, false);
    let (mut steps, mut tolerance) = (Some(0), 1e-4);
    for (key, value) in given {
        let key: String = key.extract()?;
        match key.as_str() {
            "hidden_size" => found.hidden_size = value.extract()?,
            "output_size" => found.output_size = value.extract()?,
            "pattern_size" => found.pattern_size = value.extract()?,
            "num_heads" => found.num_heads = value.extract()?,
            "scaling" => scaling = value.extract::<Option<Vec<f64>>>()?,
            "learn_scaling" => learns = value.extract()?,
            "update_steps_max" => steps = value.extract::<Option<usize>>()?,
            "update_steps_eps" => tolerance = value.extract()?,
            "normalize_stored_pattern" => found.normalize_stored_pattern = normalization(&value)?,
            "normalize_state_pattern" => found.normalize_state_pattern = normalization(&value)?,
            "normalize_pattern_projection" => {
                found.normalize_pattern_projection = normalization(&value)?;
            }
            "normalize_hopfield_space" => found.normalize_hopfield_space = normalization(&value)?,
            "stored_pattern_as_static" => found.stored_pattern_as_static = value.extract()?,
            "state_pattern_as_static" => found.state_pattern_as_static = value.extract()?,
            "pattern_projection_as_static" => {
                found.pattern_projection_as_static = value.extract()?;
            }
            "pattern_projection_as_connected" => {
                found.pattern_projection_as_connected = value.extract()?;
            }
            "stored_pattern_size" => found.stored_pattern_size = value.extract()?,
            "pattern_projection_size" => found.pattern_projection_size = value.extract()?,
            "input_bias" => found.input_bias = value.extract()?,
            "add_zero_association" => found.add_zero_association = value.extract()?,
            "disable_out_projection" => found.disable_out_projection = value.extract()?,
            "alpha" => found.alpha = value.extract()?,
            "kernel_size" => found.kernel_size = value.extract()?,
            _ => return Err(errors::out_of_domain(format!("no option {key:?}"))),
        }
    }
    found.scaling = match (scaling, learns) {
        (None, false) => ScalingOption::InverseRoot,
        (Some(given), false) => ScalingOption::Fixed(given),
        (Some(given), true) => ScalingOption::Learned(given),
        (None, true) => {
            let text = "learn_scaling needs scaling, from which it begins";
            return Err(errors::out_of_domain(text));
        }
    };
    found.update_steps = match steps {
        Some(steps) => UpdateSteps::Exactly(steps),
        None => UpdateSteps::Converged {
            tolerance,
            at_most: MOST_STEPS,
        },
    };
    Ok(found)
}

/// Steps after which a state that does not rest stops all the same.
const MOST_STEPS: usize = 10_000;

impl HopfieldCore {
    /// Reads the rows of stored patterns, states and projections.
    fn given(
        &self,
        stored: &Rows<'_>,
        states: &Rows<'_>,
        projections: &Rows<'_>,
    ) -> PyResult<Given> {
        let names = ["stored patterns", "states", "pattern projections"];
        let all = [stored, states, projections];
        let mut rows: [Vec<f64>; 3] = Default::default();
        for (((slot, (array, _)), name), size) in rows
            .iter_mut()
            .zip(all)
            .zip(names)
            .zip(self.layer.input_sizes())
        {
            if array.shape()[1] != size {
                let text = format!(
                    "{name} of {} numbers; the layer takes {size}",
                    array.shape()[1]
                );
                return Err(errors::out_of_domain(text));
            }
            *slot = array.as_array().iter().copied().collect();
            if let Some(bad) = slot.iter().find(|value| !value.is_finite()) {
                return Err(errors::out_of_domain(format!(
                    "{name}: {bad} is not finite"
                )));
            }
        }
        if stored.1 != projections.1 || stored.1.len() != states.1.len() {
            let text = format!(
                "bags of {:?} stored patterns, {:?} pattern projections and {:?} states: as many bags, and as many projections as \
                 stored patterns in each",
                stored.1, projections.1, states.1
            );
            return Err(errors::out_of_domain(text));
        }
        let has_zero = self.layer.association().has_zero;
        if let Some(bag) = stored.1.iter().position(|&count| count == 0 && !has_zero) {
            return Err(errors::out_of_domain(format!(
                "bag {bag} has nothing stored"
            )));
        }
        Ok(Given {
            rows,
            stored: Bags::of_sizes(stored.1.iter().copied()),
            states: Bags::of_sizes(states.1.iter().copied()),
        })
    }
}

#[pymethods]
impl HopfieldCore {
    #[new]
    fn new(input_size: usize, seed: u64, given: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut parameters = Parameters::new(StreamKey::new(seed));
        let layer = Hopfield::new(&mut parameters, "", input_size, &options(given)?);
        let layer = layer.map_err(|error| refused(&error))?;
        Ok(Self { layer, parameters })
    }

    #[getter]
    fn output_size(&self) -> usize {
        self.layer.output_size()
    }

    #[getter]
    fn num_heads(&self) -> usize {
        self.layer.association().heads
    }

    /// Every block of parameters by its name in hflayers.
    fn state_dict<'py>(&self, py: Python<'py>) -> PyResult<Named<'py>> {
        self.blocks(py, self.parameters.values())
    }

    /// Sets a block of parameters.
    fn set(
        &mut self,
        name: &str,
        values: PyReadonlyArray2<'_, f64>,
        shape: Vec<usize>,
    ) -> PyResult<()> {
        let block = self.parameters.block(name).cloned().ok_or_else(|| {
            let known = self
                .parameters
                .blocks()
                .iter()
                .map(|block| block.name.as_str());
            let known = known.collect::<Vec<_>>().join(", ");
            errors::out_of_domain(format!("no block {name:?}; there are {known}"))
        })?;
        if block.dimensions != shape {
            let text = format!(
                "{name} of shape {shape:?}; the layer has {:?}",
                block.dimensions
            );
            return Err(errors::out_of_domain(text));
        }
        let values: Vec<f64> = values.as_array().iter().copied().collect();
        if let Some(bad) = values.iter().find(|value| !value.is_finite()) {
            return Err(errors::out_of_domain(format!(
                "{name}: {bad} is not finite"
            )));
        }
        block
            .span
            .of_mut(self.parameters.values_mut())
            .copy_from_slice(&values);
        Ok(())
    }

    /// One output row for each state, bag after bag.
    fn retrieve<'py>(
        &self,
        py: Python<'py>,
        stored: Rows<'py>,
        states: Rows<'py>,
        projections: Rows<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = self.given(&stored, &states, &projections)?;
        let values = self.parameters.values();
        let found = py.detach(|| self.layer.retrieve(values, &given.input()));
        shaped(
            py,
            &[given.states.row_count(), self.layer.output_size()],
            found,
        )
    }

    /// The weights of every state in every head after the last step, row after row, head after head.
    fn weights<'py>(
        &self,
        py: Python<'py>,
        stored: Rows<'py>,
        states: Rows<'py>,
        projections: Rows<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = self.given(&stored, &states, &projections)?;
        let values = self.parameters.values();
        let weights = py.detach(|| {
            let found = self.layer.associations(values, &given.input());
            let mut weights = Vec::new();
            for row in 0..found.row_count() {
                for head in 0..found.heads() {
                    weights.extend_from_slice(found.weights(row, head, found.steps(row, head)));
                }
            }
            weights
        });
        shaped(py, &[weights.len()], weights)
    }

    /// The energies of the states on their way, row after row, head after head.
    fn energies<'py>(
        &self,
        py: Python<'py>,
        stored: Rows<'py>,
        states: Rows<'py>,
        projections: Rows<'py>,
    ) -> PyResult<Vec<Vec<f64>>> {
        let given = self.given(&stored, &states, &projections)?;
        let values = self.parameters.values();
        Ok(py.detach(|| self.layer.energies(values, &given.input())))
    }

    /// The slopes of the parameters, by name, and of the rows of stored patterns, states and projections.
    fn gradients<'py>(
        &self,
        py: Python<'py>,
        stored: Rows<'py>,
        states: Rows<'py>,
        projections: Rows<'py>,
        gradient: &Bound<'py, PyArray2<f64>>,
    ) -> PyResult<(Named<'py>, [Bound<'py, PyAny>; 3])> {
        let given = self.given(&stored, &states, &projections)?;
        let wanted = [given.states.row_count(), self.layer.output_size()];
        if gradient.shape() != wanted {
            let text = format!(
                "gradient of shape {:?}; the output has {wanted:?}",
                gradient.shape()
            );
            return Err(errors::out_of_domain(text));
        }
        let gradient: Vec<f64> = gradient.readonly().as_array().iter().copied().collect();
        let values = self.parameters.values();
        let (slopes, of_rows) = py.detach(|| {
            let (input, mut trace) = (given.input(), HopfieldTrace::default());
            let mut slopes = vec![0.0; values.len()];
            self.layer.forward(values, &input, &mut trace);
            self.layer
                .backward(values, &input, &mut trace, &gradient, &mut slopes);
            let of = trace.slopes();
            (
                slopes,
                [of.stored, of.states, of.projections].map(<[f64]>::to_vec),
            )
        });
        let mut arrays = Vec::new();
        for (of, size) in of_rows.into_iter().zip(self.layer.input_sizes()) {
            arrays.push(shaped(py, &[of.len() / size, size], of)?);
        }
        let arrays = arrays.try_into();
        let arrays = arrays.map_err(|_| errors::failed(&"three inputs have three gradients"))?;
        Ok((self.blocks(py, &slopes)?, arrays))
    }
}

impl HopfieldCore {
    /// A list of numbers as arrays, by the names of the blocks.
    fn blocks<'py>(&self, py: Python<'py>, values: &[f64]) -> PyResult<Named<'py>> {
        let mut blocks = BTreeMap::new();
        for block in self.parameters.blocks() {
            let array = shaped(py, &block.dimensions, block.span.of(values).to_vec())?;
            blocks.insert(block.name.clone(), array);
        }
        Ok(blocks)
    }
}
