//! Layers against their twin in PyTorch: `scripts/layers_twin.py` writes the archive.

use std::path::Path;

use dam_layers::{
    Bags, Batch, Hopfield, HopfieldInput, HopfieldLayer, HopfieldOptions, HopfieldPooling,
    HopfieldSlopes, HopfieldTrace, LookupOptions, Normalization, Parameters, ScalingOption,
    UpdateSteps,
};
use dam_memory::files::{Table, read_npz};
use dam_memory::streams::StreamKey;

/// Single precision.
const TOLERANCE: f64 = 1e-5;

/// The arrays of a case.
struct Case {
    name: &'static str,
    arrays: Vec<(String, Table)>,
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hflayers.npz")
}

impl Case {
    fn new(name: &'static str) -> Self {
        let arrays = read_npz(&path()).unwrap();
        Self { name, arrays }
    }

    fn array(&self, name: &str) -> &[f64] {
        let name = format!("{}.{name}", self.name);
        let found = self.arrays.iter().find(|(array, _)| *array == name);
        &found.unwrap_or_else(|| panic!("{name}")).1.values
    }

    /// The bags of the rows.
    fn bags(&self) -> Bags {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small sizes"
        )]
        let sizes = self.array("sizes").iter().map(|&size| size as usize);
        Bags::of_sizes(sizes)
    }

    fn load(&self, parameters: &mut Parameters) {
        let there = format!("{}.weights", self.name);
        parameters.load(&path(), [&there, ""]).unwrap();
    }

    /// Runs a layer; `of_rows` says which slopes of its input are those of the rows.
    fn check(
        &self,
        parameters: &Parameters,
        layer: &Hopfield,
        input: &HopfieldInput<'_>,
        of_rows: impl Fn(HopfieldSlopes<'_>) -> Vec<f64>,
    ) {
        let values = parameters.values();
        let mut trace = HopfieldTrace::default();
        layer.forward(values, input, &mut trace);
        let mut slopes = vec![0.0; values.len()];
        layer.backward(
            values,
            input,
            &mut trace,
            self.array("outward"),
            &mut slopes,
        );
        let close = |what: &str, found: &[f64], expected: &[f64]| {
            assert_eq!(found.len(), expected.len(), "{} {what}", self.name);
            for (found, expected) in found.iter().zip(expected) {
                let error = (found - expected).abs();
                let name = self.name;
                assert!(
                    error <= TOLERANCE * expected.abs().max(1.0),
                    "{name} {what}: {found}, not {expected}"
                );
            }
        };
        close("output", layer.output(&trace), self.array("output"));
        close("of_rows", &of_rows(trace.slopes()), self.array("of_rows"));
        for block in parameters.blocks() {
            let expected = self.array(&format!("slopes.{}", block.name));
            close(&block.name, block.span.of(&slopes), expected);
        }
        let large = slopes.iter().filter(|slope| slope.abs() > 1e-2).count();
        assert!(2 * large > slopes.len(), "{}: {large} slopes", self.name);
    }
}

/// Lists added number by number.
fn sum(lists: &[&[f64]]) -> Vec<f64> {
    let sum = |index: usize| lists.iter().map(|list| list[index]).sum();
    (0..lists[0].len()).map(sum).collect()
}

fn heads(num_heads: usize, hidden: usize) -> HopfieldOptions {
    HopfieldOptions {
        num_heads,
        hidden_size: Some(hidden),
        ..HopfieldOptions::default()
    }
}

fn check_itself(name: &'static str, options: &HopfieldOptions) {
    let case = Case::new(name);
    let (bags, rows) = (case.bags(), case.array("rows"));
    let mut parameters = Parameters::new(StreamKey::new(1));
    let layer = Hopfield::new(&mut parameters, "hopfield", 8, options).unwrap();
    case.load(&mut parameters);
    let input = HopfieldInput::of_itself(rows, bags.rows());
    case.check(&parameters, &layer, &input, |of| {
        sum(&[of.stored, of.states, of.projections])
    });
}

#[test]
fn a_set_that_retrieves_from_itself() {
    check_itself("itself", &heads(2, 4));
    let plain = HopfieldOptions {
        normalize_stored_pattern: Normalization::None,
        normalize_state_pattern: Normalization::None,
        normalize_pattern_projection: Normalization::None,
        ..heads(2, 4)
    };
    check_itself("itself-plain", &plain);
}

fn check_pooling(name: &'static str, size: usize, quantity: usize, options: &HopfieldOptions) {
    let case = Case::new(name);
    let (bags, rows) = (case.bags(), case.array("rows"));
    let mut parameters = Parameters::new(StreamKey::new(1));
    let layer = HopfieldPooling::new(&mut parameters, "", size, options, quantity, true).unwrap();
    case.load(&mut parameters);
    let values = parameters.values();
    let batch = Batch {
        rows,
        bags: &bags,
        mask: None,
    };
    let input = layer.input(values, batch);
    case.check(&parameters, layer.hopfield(), &input, |of| {
        sum(&[of.stored, of.projections])
    });
}

#[test]
fn pooling() {
    let options = HopfieldOptions {
        output_size: Some(5),
        scaling: ScalingOption::Fixed(vec![0.25, 0.5, 1.0, 2.0]),
        update_steps: UpdateSteps::Exactly(3),
        ..heads(4, 3)
    };
    check_pooling("pooling", 8, 1, &options);
    let options = HopfieldOptions {
        pattern_projection_as_connected: true,
        normalize_hopfield_space: Normalization::Affine,
        update_steps: UpdateSteps::Exactly(1),
        ..heads(2, 3)
    };
    check_pooling("pooling-connected", 6, 2, &options);
}

fn check_lookup(name: &'static str, options: &HopfieldOptions, lookup: LookupOptions) {
    let case = Case::new(name);
    let (bags, rows) = (case.bags(), case.array("rows"));
    let mut parameters = Parameters::new(StreamKey::new(1));
    let layer = HopfieldLayer::new(&mut parameters, "", 6, options, lookup).unwrap();
    case.load(&mut parameters);
    let values = parameters.values();
    let input = layer.input(values, rows, bags.rows(), None);
    case.check(&parameters, layer.hopfield(), &input, |of| {
        of.states.to_vec()
    });
}

#[test]
fn lookup() {
    let shared = LookupOptions {
        quantity: 5,
        ..LookupOptions::default()
    };
    let options = HopfieldOptions {
        add_zero_association: true,
        ..heads(2, 4)
    };
    check_lookup("lookup", &options, shared);
    let options = HopfieldOptions {
        stored_pattern_size: Some(7),
        pattern_size: Some(2),
        disable_out_projection: true,
        update_steps: UpdateSteps::Exactly(2),
        ..heads(2, 4)
    };
    let separated = LookupOptions {
        lookup_weights_as_separated: true,
        ..shared
    };
    check_lookup("lookup-separated", &options, separated);
}

#[test]
fn weights_come_back_as_they_were_written_and_others_are_refused() {
    let build = |seed: u64, options: &HopfieldOptions| {
        let mut parameters = Parameters::new(StreamKey::new(seed));
        HopfieldPooling::new(&mut parameters, "pooling", 8, options, 1, true).unwrap();
        parameters
    };
    let written = build(1, &heads(2, 4));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("weights.npz");
    std::fs::write(&file, written.npz()).unwrap();
    let mut read = build(2, &heads(2, 4));
    assert_ne!(read.values(), written.values());
    read.load(&file, ["", ""]).unwrap();
    assert_eq!(read.values(), written.values());
    read.load(&file, ["pooling.hopfield", "pooling.hopfield"])
        .unwrap();

    let refused = |options: &HopfieldOptions, names: [&str; 2]| {
        let mut other = build(2, options);
        let before = other.values().to_vec();
        let error = other.load(&file, names).expect_err("another network");
        assert_eq!(other.values(), before);
        assert!(error.to_string().contains("weights.npz"));
        error.to_string()
    };
    let shape = refused(&heads(2, 3), ["", ""]);
    assert!(shape.contains("holds 24×8 in \"pooling.hopfield.association_core.in_proj_weight\", where the network has 18×8"), "{shape}");
    let more = HopfieldOptions {
        kernel_size: Some(8),
        ..heads(2, 4)
    };
    let missing = refused(&more, ["", ""]);
    assert!(
        missing.ends_with("lacks pooling.hopfield.kernel.weight, pooling.hopfield.kernel.bias"),
        "{missing}"
    );
    let fewer = HopfieldOptions {
        disable_out_projection: true,
        ..heads(2, 4)
    };
    let unknown = refused(&fewer, ["", ""]);
    assert!(
        unknown
            .contains("\"pooling.hopfield.association_core.out_proj.weight\", which is no block"),
        "{unknown}"
    );
    let nowhere = refused(&heads(2, 4), ["elsewhere", ""]);
    assert!(
        nowhere.contains("lacks elsewhere.pooling.pooling_weights"),
        "{nowhere}"
    );
}
