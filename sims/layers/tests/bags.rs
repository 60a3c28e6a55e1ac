//! Bags alone against bags in a batch.

use dam_layers::{Associated, Association, AssociationInput, Bags, Pairing, Rows, UpdateSteps};
use dam_memory::products::dot;
use dam_memory::separations::entmax::entmax;

use crate::network::{Kind, Network, input};
use crate::numbers;

#[test]
fn a_bag_alone_has_the_bits_that_it_has_in_a_batch() {
    let sizes = [3, 1, 130, 4, 6, 57];
    let bags = Bags::of_sizes(sizes);
    let input = input(&bags);
    for (alpha, steps) in [(1.0, 0), (1.0, 3), (1.5, 2), (2.0, 1)] {
        let arriving = UpdateSteps::Converged {
            tolerance: 1e-3,
            at_most: steps,
        };
        for steps in [UpdateSteps::Exactly(steps), arriving] {
            let network = Network::new(
                Kind {
                    steps,
                    ..Kind::new(alpha, 0, true)
                },
                3,
            );
            let values = network.parameters.values();
            let run = |input: &[f64], bags: &Bags| network.run(values, input, bags, None);
            let together = run(&input, &bags);
            let columns = input.len() / bags.row_count();
            for (bag, size) in sizes.into_iter().enumerate() {
                let rows = bags.rows().of(bag);
                let own = rows.start * columns..rows.end * columns;
                let alone = run(&input[own.clone()], &Bags::of_sizes([size]));
                assert_eq!(alone.scores, together.scores[2 * bag..][..2], "bag {bag}");
                // labels go by the row of the batch, those of every third bag alike
                if bag % 3 == 0 {
                    assert_eq!(alone.of_input, together.of_input[own], "bag {bag}");
                }
            }
        }
    }
}

/// One head whose keys and values are the rows themselves.
fn plain(size: usize, steps: UpdateSteps, alpha: f64) -> Association {
    Association {
        heads: 1,
        hidden_size: size,
        pattern_size: size,
        steps,
        alpha,
        has_zero: false,
    }
}

fn retrieve(
    association: Association,
    rows: &[f64],
    queries: &[f64],
    [stored, states]: [Rows<'_>; 2],
) -> Associated {
    let mut found = Associated::default();
    let of = AssociationInput {
        keys: rows,
        values: rows,
        queries,
        betas: &[2.0],
        pairing: Pairing::new(stored, states),
    };
    association.forward(&of, &mut found);
    found
}

#[test]
fn it_is_the_formula_for_any_number_of_states_a_bag() {
    let (bags, states) = (Bags::of_sizes([2, 5]), Bags::of_sizes([3, 0]));
    let (rows, queries) = (numbers(7 * 4, "rows"), numbers(3 * 4, "queries"));
    let association = plain(4, UpdateSteps::Exactly(1), 1.5);
    let found = retrieve(association, &rows, &queries, [bags.rows(), states.rows()]);
    assert_eq!(found.row_count(), 3);
    for (row, query) in queries.chunks_exact(4).enumerate() {
        let update = |state: &[f64]| {
            let keys = rows[..8].chunks_exact(4);
            let mut weights: Vec<f64> = keys.map(|key| 2.0 * dot(key, state)).collect();
            entmax(&mut weights, 1.5);
            let column = |column: usize| weights[0] * rows[column] + weights[1] * rows[4 + column];
            [0, 1, 2, 3].map(column)
        };
        let expected = update(&update(query));
        for (found, expected) in found.output[4 * row..].iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{found}, not {expected}");
        }
    }
    // of no bag there is nothing
    assert_eq!(found.output.len(), 12);
}

#[test]
fn rows_that_all_bags_share_are_as_copies_of_them() {
    let (rows, queries) = (numbers(3 * 4, "rows"), numbers(2 * 4, "queries"));
    let association = plain(4, UpdateSteps::Exactly(2), 1.0);
    let states = Bags::of_sizes([1, 1]);
    let shared = retrieve(
        association,
        &rows,
        &queries,
        [Rows::shared(3), states.rows()],
    );
    let copies = [rows.clone(), rows.clone()].concat();
    let stored = Bags::of_sizes([3, 3]);
    let copied = retrieve(
        association,
        &copies,
        &queries,
        [stored.rows(), states.rows()],
    );
    assert_eq!(shared, copied);
    let queries = &queries[..4];
    let shared = retrieve(
        association,
        &copies,
        queries,
        [stored.rows(), Rows::shared(1)],
    );
    let copied = retrieve(
        association,
        &copies,
        &[queries, queries].concat(),
        [stored.rows(), states.rows()],
    );
    assert_eq!(shared, copied);
}

#[test]
fn each_state_stops_where_its_own_weights_rest() {
    let (rows, queries) = (numbers(6 * 4, "rows"), numbers(2 * 4, "queries"));
    let arriving = UpdateSteps::Converged {
        tolerance: 1e-9,
        at_most: 1000,
    };
    let run = |queries: &[f64]| {
        let count = queries.len() / 4;
        retrieve(
            plain(4, arriving, 1.0),
            &rows,
            queries,
            [Rows::shared(6), Rows::shared(count)],
        )
    };
    let together = run(&queries);
    let steps = [0, 1].map(|row| together.steps(row, 0));
    assert!(
        steps.iter().all(|steps| (2..1000).contains(steps)),
        "{steps:?}"
    );
    for (row, query) in queries.chunks_exact(4).enumerate() {
        assert_eq!(run(query).steps(0, 0), steps[row]);
    }
    let change = |step: usize| {
        let [before, last] = [step - 1, step].map(|step| together.weights(0, 0, step));
        let squares = before.iter().zip(last).map(|(a, b)| (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    };
    assert!(change(steps[0]) <= 1e-9 && change(steps[0] - 1) > 1e-9);
}

#[test]
fn what_is_not_finite_gives_nan_and_ends() {
    let mut rows = numbers(3 * 4, "rows");
    let queries = numbers(4, "queries");
    for number in [f64::NAN, f64::INFINITY, 1e300] {
        rows[5] = number;
        let large = [1e10, -1e10, 1e10, 1e10];
        for alpha in [1.0, 1.25, 1.5, 2.0] {
            for steps in [
                UpdateSteps::Exactly(2),
                UpdateSteps::Converged {
                    tolerance: 1e-3,
                    at_most: 9,
                },
            ] {
                let queries = if number == 1e300 {
                    &large[..]
                } else {
                    &queries
                };
                let all = [Rows::shared(3), Rows::shared(1)];
                let found = retrieve(plain(4, steps, alpha), &rows, queries, all);
                assert!(
                    found.output.iter().all(|value| value.is_nan()),
                    "α {alpha}, {number}"
                );
            }
        }
    }
}
