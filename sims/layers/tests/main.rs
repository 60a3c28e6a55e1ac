//! Gradients against central differences, and bags alone against bags in a batch.

use dam_layers::{Association, Bags, LayerNorm, Linear, relu, relu_backward, worst_difference};

const OFFSETS: [usize; 4] = [0, 1, 5, 11];
const HEADS: usize = 2;
const SIZE: usize = 3;
const WIDTH: usize = HEADS * SIZE;

/// Numbers in (−1, 1) that no formula of the layers knows.
fn numbers(count: usize, seed: f64) -> Vec<f64> {
    let number = |index: usize| ((index as f64 + 1.0) * seed).sin() * 0.9;
    (0..count).map(number).collect()
}

fn linear(numbers: &[f64]) -> Linear {
    Linear {
        input_size: WIDTH,
        weights: numbers[..WIDTH * WIDTH].to_vec(),
        bias: numbers[WIDTH * WIDTH..].to_vec(),
    }
}

/// Loss and slopes of ReLU → Φ → LayerNorm → keys, values, β and queries → association → c·o.
fn network(parameters: &[f64], association: Association, has_map: bool) -> (f64, Vec<f64>) {
    let each = WIDTH * WIDTH + WIDTH;
    let layer = |index: usize| linear(&parameters[index * each..][..each]);
    let [embedding, map, to_keys, to_values] = [0, 1, 2, 3].map(layer);
    let rest = &parameters[4 * each..];
    let norm = LayerNorm {
        weights: rest[..WIDTH].to_vec(),
        bias: rest[WIDTH..2 * WIDTH].to_vec(),
    };
    let queries = &rest[2 * WIDTH..5 * WIDTH];
    let betas = &rest[5 * WIDTH..];
    let bags = Bags { offsets: &OFFSETS };
    let input = numbers(11 * WIDTH, 12.9898);
    let embedded = embedding.forward(&input);
    let instances = relu(&embedded);
    let mapped = if has_map {
        map.forward(&instances)
    } else {
        instances.clone()
    };
    let normed = norm.forward(&mapped);
    let keys = to_keys.forward(&normed);
    let values = to_values.forward(&instances);
    let found = association.forward(bags, [&keys, &values, queries], betas);
    let outward = numbers(3 * WIDTH, 78.233);
    let loss = found.output.iter().zip(&outward).map(|(o, c)| o * c).sum();
    let back = association.backward(bags, [&keys, &values], betas, &found, &outward);
    let of_keys = to_keys.backward(&normed, &back.keys);
    let of_values = to_values.backward(&instances, &back.values);
    let of_norm = norm.backward(&mapped, &of_keys.input);
    let of_map = map.backward(&instances, &of_norm.input);
    let through = if has_map {
        &of_map.input
    } else {
        &of_norm.input
    };
    let of_instances: Vec<f64> = through
        .iter()
        .zip(&of_values.input)
        .map(|(a, b)| a + b)
        .collect();
    let of_embedding = embedding.backward(&input, &relu_backward(&embedded, &of_instances));
    let map_share = if has_map { 1.0 } else { 0.0 };
    let mut slopes = [of_embedding.weights, of_embedding.bias].concat();
    slopes.extend(
        of_map
            .weights
            .iter()
            .chain(&of_map.bias)
            .map(|slope| slope * map_share),
    );
    for part in [
        of_keys.weights,
        of_keys.bias,
        of_values.weights,
        of_values.bias,
    ] {
        slopes.extend(part);
    }
    for part in [of_norm.weights, of_norm.bias, back.queries, back.betas] {
        slopes.extend(part);
    }
    (loss, slopes)
}

#[test]
fn gradients_are_those_of_central_differences() {
    let parameters = numbers(4 * (WIDTH * WIDTH + WIDTH) + 5 * WIDTH + HEADS, 43.7585);
    for alpha in [1.0, 1.25, 1.5, 2.0] {
        for steps in 0..4 {
            for has_map in [false, true] {
                let association = Association {
                    heads: HEADS,
                    size: SIZE,
                    steps,
                    alpha,
                };
                let (_, slopes) = network(&parameters, association, has_map);
                assert!(slopes.iter().any(|slope| slope.abs() > 1e-3));
                let loss = |at: &[f64]| network(at, association, has_map).0;
                let worst = worst_difference(&parameters, &slopes, 1e-6, loss);
                assert!(
                    worst <= 1e-8,
                    "α {alpha}, T {steps}, Φ {has_map}: {worst:e}"
                );
            }
        }
    }
}

#[test]
fn a_bag_alone_has_the_bits_that_it_has_in_a_batch() {
    let layer = linear(&numbers(WIDTH * WIDTH + WIDTH, 3.7));
    let (input, queries) = (numbers(11 * WIDTH, 5.1), numbers(3 * WIDTH, 1.3));
    let association = Association {
        heads: HEADS,
        size: SIZE,
        steps: 2,
        alpha: 1.5,
    };
    let retrieve = |input: &[f64], offsets: &[usize], queries: &[f64]| {
        let keys = layer.forward(input);
        let parts = [keys.as_slice(), input, queries];
        association
            .forward(Bags { offsets }, parts, &[0.7, 2.0])
            .output
    };
    let together = retrieve(&input, &OFFSETS, &queries);
    for bag in 0..3 {
        let (first, end) = (OFFSETS[bag], OFFSETS[bag + 1]);
        let own = bag * WIDTH..(bag + 1) * WIDTH;
        let rows = &input[first * WIDTH..end * WIDTH];
        let alone = retrieve(rows, &[0, end - first], &queries[own.clone()]);
        assert_eq!(alone, together[own]);
    }
}
