//! Hopfield layers: gradients, energies, plain retrieval, options.

use dam_layers::{
    Bags, Batch, Hopfield, HopfieldInput, HopfieldLayer, HopfieldOptions, HopfieldPooling,
    HopfieldTrace, LayerError, LookupOptions, Normalization, Pairing, Parameters, Pooling, Rows,
    ScalingOption, UpdateSteps, check_gradient,
};
use dam_memory::attention::AttentionMemory;
use dam_memory::composed::Composition;
use dam_memory::patterns::Patterns;
use dam_memory::streams::StreamKey;

use crate::network::supports;
use crate::numbers;

const SIZE: usize = 6;

/// Options that together take every path, with the sizes of stored patterns and projections.
fn options() -> Vec<HopfieldOptions> {
    let full = HopfieldOptions {
        num_heads: 2,
        hidden_size: Some(4),
        scaling: ScalingOption::Learned(vec![1.3, 0.8]),
        ..HopfieldOptions::default()
    };
    let own_sizes = HopfieldOptions {
        stored_pattern_size: Some(5),
        pattern_projection_size: Some(3),
        pattern_size: Some(2),
        output_size: Some(7),
        input_bias: false,
        update_steps: UpdateSteps::Exactly(2),
        alpha: 1.5,
        ..full.clone()
    };
    let connected = HopfieldOptions {
        pattern_projection_as_connected: true,
        scaling: ScalingOption::Learned(vec![1.1]),
        normalize_hopfield_space: Normalization::Affine,
        update_steps: UpdateSteps::Exactly(1),
        disable_out_projection: true,
        ..full.clone()
    };
    let with_map = HopfieldOptions {
        kernel_size: Some(9),
        alpha: 2.0,
        normalize_state_pattern: Normalization::Plain,
        add_zero_association: true,
        ..full.clone()
    };
    let static_states = HopfieldOptions {
        num_heads: 3,
        hidden_size: Some(SIZE),
        state_pattern_as_static: true,
        pattern_projection_as_static: true,
        update_steps: UpdateSteps::Exactly(3),
        alpha: 1.25,
        ..full.clone()
    };
    let nothing = HopfieldOptions {
        update_steps: UpdateSteps::Exactly(1),
        num_heads: 2,
        ..HopfieldOptions::plain()
    };
    let static_states = HopfieldOptions {
        scaling: ScalingOption::Fixed(vec![0.7]),
        ..static_states
    };
    vec![full, own_sizes, connected, with_map, static_states, nothing]
}

/// Parameters whose numbers are large enough to tell.
fn spread(parameters: &mut Parameters) {
    let drawn = numbers(parameters.values().len(), "weights");
    for (number, drawn) in parameters.values_mut().iter_mut().zip(drawn) {
        *number += 0.6 * drawn;
    }
}

#[test]
fn slopes_of_every_option_are_those_of_central_differences() {
    for options in options() {
        let mut parameters = Parameters::new(StreamKey::new(1));
        let layer = Hopfield::new(&mut parameters, "", SIZE, &options).unwrap();
        spread(&mut parameters);
        let stored = Bags::of_sizes([1, 4, 6]);
        let states = Bags::of_sizes([2, 1, 3]);
        let stored_size = options.stored_pattern_size.unwrap_or(SIZE);
        let projection_size = options.pattern_projection_size.unwrap_or(SIZE);
        let lengths = [11 * stored_size, 6 * SIZE, 11 * projection_size];
        let weights = parameters.values().len();
        // parameters and all inputs as one list
        let all = [
            parameters.values().to_vec(),
            numbers(lengths.iter().sum(), "input"),
        ]
        .concat();
        let input = |all: &[f64]| {
            let (_, rest) = all.split_at(weights);
            let (stored, rest) = rest.split_at(lengths[0]);
            let (states, projections) = rest.split_at(lengths[1]);
            [stored, states, projections].map(<[f64]>::to_vec)
        };
        let outward = numbers(6 * layer.output_size(), "outward");
        let run = |all: &[f64], trace: &mut HopfieldTrace, slopes: Option<&mut [f64]>| {
            let [stored_rows, state_rows, projections] = input(all);
            let input = HopfieldInput {
                stored: &stored_rows,
                states: &state_rows,
                projections: &projections,
                pairing: Pairing::new(stored.rows(), states.rows()),
            };
            layer.forward(&all[..weights], &input, trace);
            let output = layer.output(trace);
            let loss = output.iter().zip(&outward).map(|(o, c)| o * c).sum::<f64>();
            let support = supports(trace.found());
            if let Some(slopes) = slopes {
                let (of_weights, of_input) = slopes.split_at_mut(weights);
                layer.backward(&all[..weights], &input, trace, &outward, of_weights);
                let of = trace.slopes();
                of_input.copy_from_slice(&[of.stored, of.states, of.projections].concat());
            }
            (loss, support)
        };
        let mut slopes = vec![0.0; all.len()];
        let mut trace = HopfieldTrace::default();
        run(&all, &mut trace, Some(&mut slopes));
        let check = check_gradient(&all, &slopes, 1e-6, |at| {
            run(at, &mut HopfieldTrace::default(), None)
        });
        assert!(check.crossed.is_empty(), "{options:?}: {check:?}");
        assert!(check.worst <= 1e-8, "{options:?}: {check:?}");
        let large = slopes.iter().filter(|slope| slope.abs() > 1e-4).count();
        assert!(2 * large > slopes.len(), "{options:?}: {large}");
        // storage that is used again holds nothing back
        let mut again = vec![0.0; all.len()];
        run(&all, &mut trace, Some(&mut again));
        assert_eq!(slopes, again);
    }
}

#[test]
fn plain_retrieval_and_its_energies_are_those_of_the_memory() {
    let (patterns, states) = (numbers(7 * SIZE, "patterns"), numbers(4 * SIZE, "states"));
    let input = HopfieldInput {
        states: &states,
        pairing: Pairing::new(Rows::shared(7), Rows::shared(4)),
        ..HopfieldInput::of_itself(&patterns, Rows::shared(7))
    };
    for (alpha, name) in [
        (1.0, "dot softmax"),
        (1.5, "dot entmax-1.5"),
        (2.0, "dot sparsemax"),
    ] {
        let layer = Hopfield::retrieval(SIZE, 3.0, alpha, UpdateSteps::Exactly(2)).unwrap();
        let memory = name.parse::<Composition>().unwrap();
        let stored = AttentionMemory::from(Patterns::from_rows(SIZE, patterns.clone()));
        let memory = memory.memory(stored);
        let energies = layer.energies(&[], &input);
        let found = layer.associations(&[], &input);
        let retrieved = layer.retrieve(&[], &input);
        for (row, state) in states.chunks_exact(SIZE).enumerate() {
            let mut state = state.to_vec();
            for step in 0..3 {
                let energy = memory.energy(&state, 3.0).unwrap();
                assert!((energies[row][step] - energy).abs() < 1e-12);
                let weights = memory.weights(&state, 3.0);
                for (found, expected) in found.weights(row, 0, step).iter().zip(weights) {
                    assert!((found - expected).abs() < 1e-12);
                }
                let next = memory.retrieve(&state, 3.0);
                if step < 2 {
                    let moved: f64 = state.iter().zip(&next).map(|(a, b)| (a - b).powi(2)).sum();
                    let fall = energies[row][step] - energies[row][step + 1];
                    assert!(fall >= 0.5 * moved - 1e-12, "{name}: {fall}");
                }
                state = next;
            }
            for (found, expected) in retrieved[row * SIZE..].iter().zip(&state) {
                assert!((found - expected).abs() < 1e-12, "{name}");
            }
        }
    }
}

#[test]
fn what_pooling_and_lookup_retrieve_is_what_they_say() {
    let bags = Bags::of_sizes([2, 3]);
    let rows = numbers(5 * SIZE, "rows");
    let options = HopfieldOptions {
        num_heads: 2,
        ..HopfieldOptions::default()
    };
    let mut parameters = Parameters::new(StreamKey::new(1));
    let pooling =
        HopfieldPooling::new(&mut parameters, "pooling", SIZE, &options, 3, false).unwrap();
    let lookup = LookupOptions {
        quantity: 4,
        ..LookupOptions::default()
    };
    let lookup = HopfieldLayer::new(&mut parameters, "lookup", SIZE, &options, lookup).unwrap();
    spread(&mut parameters);
    let values = parameters.values();
    let block = |name: &str| parameters.block(name).unwrap();
    assert!(!block("pooling.pooling_weights").is_trainable);
    assert!(block("lookup.lookup_weights").is_trainable);
    let batch = Batch {
        rows: &rows,
        bags: &bags,
        mask: None,
    };
    let input = pooling.input(values, batch);
    let hopfield = pooling.hopfield();
    let (found, projected) = (
        hopfield.associations(values, &input),
        hopfield.projected(values, &input),
    );
    assert_eq!((found.row_count(), projected.len()), (6, 5 * SIZE));
    assert_eq!(pooling.output_size(), 3 * SIZE);
    // Σ p v of the second bag's first state and second head is its output
    let weights = found.weights(3, 1, 0);
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-15 && weights.len() == 3);
    for column in 3..SIZE {
        let expected: f64 = (0..3)
            .map(|row| weights[row] * projected[(2 + row) * SIZE + column])
            .sum();
        assert!((found.output[3 * SIZE + column] - expected).abs() < 1e-14);
    }
    let input = lookup.input(values, &rows, bags.rows(), None);
    let found = lookup.hopfield().associations(values, &input);
    assert_eq!((found.row_count(), found.weights(4, 1, 0).len()), (5, 4));
}

#[test]
fn options_that_no_layer_has_are_refused_with_the_mend() {
    let default = HopfieldOptions::default;
    let refused = |options: HopfieldOptions| {
        let mut parameters = Parameters::new(StreamKey::new(1));
        let error: LayerError =
            Hopfield::new(&mut parameters, "", SIZE, &options).expect_err("no such layer");
        error.to_string()
    };
    let cases = [
        (
            HopfieldOptions {
                num_heads: 4,
                ..default()
            },
            "6 numbers in 4 heads; give hidden_size",
        ),
        (
            HopfieldOptions {
                num_heads: 0,
                ..default()
            },
            "at least 1",
        ),
        (
            HopfieldOptions {
                alpha: 0.5,
                ..default()
            },
            "alpha = 0.5",
        ),
        (
            HopfieldOptions {
                dropout: 1.0,
                ..default()
            },
            "dropout = 1",
        ),
        (
            HopfieldOptions {
                scaling: ScalingOption::Fixed(vec![1.0; 3]),
                ..default()
            },
            "3 numbers of scaling, 1 heads",
        ),
        (
            HopfieldOptions {
                scaling: ScalingOption::Learned(vec![-1.0]),
                ..default()
            },
            "scaling = -1 must be positive",
        ),
        (
            HopfieldOptions {
                stored_pattern_as_static: true,
                hidden_size: Some(4),
                ..default()
            },
            "static stored patterns of 6 numbers, hidden_size = 4",
        ),
        (
            HopfieldOptions {
                pattern_projection_as_connected: true,
                pattern_projection_size: Some(3),
                ..default()
            },
            "connected projections of 3 numbers, keys of 6",
        ),
        (
            HopfieldOptions {
                output_size: Some(0),
                ..default()
            },
            "a size of 0",
        ),
    ];
    for (options, expected) in cases {
        let message = refused(options);
        assert!(message.contains(expected), "{message}");
    }
    let mut parameters = Parameters::new(StreamKey::new(1));
    let pooling = HopfieldPooling::new(&mut parameters, "", SIZE, &default(), 0, true);
    assert!(pooling.is_err());
}
