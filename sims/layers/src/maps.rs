//! The maps of a Hopfield layer: which there are, and in which blocks their numbers lie.

use crate::layer::Chain;
use crate::linear::Linear;
use crate::norm::LayerNorm;
use crate::options::{HopfieldOptions, Normalization, START, Sizes};
use crate::parameters::{Initial, Parameters, named};
use crate::repeat::Repeat;

/// The maps before and after the association.
pub(crate) struct Chains {
    pub(crate) keys: Chain,
    pub(crate) queries: Chain,
    pub(crate) values: Chain,
    pub(crate) projection: Option<Linear>,
    /// Φ.
    pub(crate) feature_map: Option<Linear>,
}

/// The linear maps into the association space.
struct InputMaps {
    queries: Option<Linear>,
    keys: Option<Linear>,
    values: Option<Linear>,
}

impl Chains {
    pub(crate) fn new(
        parameters: &mut Parameters,
        name: &str,
        sizes: &Sizes,
        options: &HopfieldOptions,
    ) -> Self {
        let heads = options.num_heads;
        let core = named(name, "association_core");
        let maps = InputMaps::new(parameters, &core, sizes, options);
        let space = norm(
            parameters,
            sizes.hidden,
            options.normalize_hopfield_space,
            ["p_norm_weight", "p_norm_bias"].map(|part| named(&core, part)),
        );
        let output = (!options.disable_out_projection).then(|| {
            let bias = options.input_bias.then_some(Initial::Constant(0.0));
            let sizes = [heads * sizes.pattern, sizes.output];
            Linear::starting(parameters, &named(&core, "out_proj"), sizes, START, bias)
        });
        let feature_map = options.kernel_size.map(|features| {
            Linear::new(parameters, &named(name, "kernel"), [sizes.stored, features])
        });
        let key_size = options.kernel_size.unwrap_or(sizes.stored);
        let [stored, state, projection] = [
            (
                "norm_stored_pattern",
                key_size,
                options.normalize_stored_pattern,
            ),
            (
                "norm_state_pattern",
                sizes.state,
                options.normalize_state_pattern,
            ),
            (
                "norm_pattern_projection",
                sizes.projection,
                options.normalize_pattern_projection,
            ),
        ]
        .map(|(part, size, kind)| {
            let names = ["weight", "bias"].map(|last| format!("{}.{last}", named(name, part)));
            norm(parameters, size, kind, names)
        });
        let keys = Chain::default().with_some(feature_map).with_some(stored);
        let keys = mapped(keys, maps.keys, sizes.hidden, heads);
        let queries = mapped(
            Chain::default().with_some(state),
            maps.queries,
            sizes.state,
            heads,
        );
        let is_connected = options.pattern_projection_as_connected;
        let connection = maps.keys.filter(|_| is_connected);
        let values = Chain::default().with_some(projection).with_some(connection);
        let values = match connection {
            Some(_) => values.with_some(maps.values),
            None => mapped(values, maps.values, sizes.projection, heads),
        };
        Self {
            keys: keys.with_some(space),
            queries: queries.with_some(space),
            values,
            projection: output,
            feature_map,
        }
    }
}

/// A chain that ends in a map, or in the same row for every head.
fn mapped(chain: Chain, map: Option<Linear>, size: usize, heads: usize) -> Chain {
    let same = (map.is_none() && heads > 1).then_some(Repeat { size, times: heads });
    chain.with_some(map).with_some(same)
}

/// The norm of a kind, with γ and b in blocks of these names.
fn norm(
    parameters: &mut Parameters,
    size: usize,
    kind: Normalization,
    names: [String; 2],
) -> Option<LayerNorm> {
    match kind {
        Normalization::None => None,
        Normalization::Plain => Some(LayerNorm::plain(size)),
        Normalization::Affine => Some(LayerNorm::of_blocks(parameters, size, names)),
    }
}

impl InputMaps {
    /// As `hflayers` has them: one block of all weights where all rows are equally long, else one
    /// for each map; one block of all biases.
    fn new(
        parameters: &mut Parameters,
        core: &str,
        sizes: &Sizes,
        options: &HopfieldOptions,
    ) -> Self {
        let key_size = options.kernel_size.unwrap_or(sizes.stored);
        let has_connection =
            options.pattern_projection_as_connected && !options.stored_pattern_as_static;
        let [hidden, pattern] = [sizes.hidden, sizes.pattern].map(|size| size * options.num_heads);
        let value_size = if has_connection {
            hidden
        } else {
            sizes.projection
        };
        // name, inputs, outputs, whether there is such a map
        let maps = [
            ("q", sizes.input, hidden, !options.state_pattern_as_static),
            ("k", key_size, hidden, !options.stored_pattern_as_static),
            (
                "v",
                value_size,
                pattern,
                !options.pattern_projection_as_static,
            ),
        ];
        let are_joined = [key_size, sizes.projection]
            .iter()
            .all(|&size| size == sizes.input)
            && options.pattern_size.is_none()
            && !options.pattern_projection_as_connected;
        let there = || maps.iter().filter(|(.., is_there)| *is_there);
        let joined = (are_joined && there().next().is_some()).then(|| {
            let rows = there().map(|(_, _, outputs, _)| outputs).sum();
            parameters.add(&named(core, "in_proj_weight"), &[rows, sizes.input], START)
        });
        // hflayers keeps room for the bias of a static projection
        let bias = (options.input_bias && there().next().is_some()).then(|| {
            let states_and_keys = maps[..2].iter().filter(|(.., is_there)| *is_there);
            let rows = states_and_keys
                .map(|(_, _, outputs, _)| outputs)
                .sum::<usize>()
                + pattern;
            parameters.add(
                &named(core, "in_proj_bias"),
                &[rows],
                Initial::Constant(0.0),
            )
        });
        let mut first = 0;
        let [queries, keys, values] = maps.map(|(letter, inputs, outputs, is_there)| {
            let begin = first;
            first += if is_there { outputs } else { 0 };
            is_there.then(|| Linear {
                input_size: inputs,
                output_size: outputs,
                weights: joined.map_or_else(
                    || {
                        let block = named(core, &format!("{letter}_proj_weight"));
                        parameters.add(&block, &[outputs, inputs], START)
                    },
                    |joined| joined.part(begin * inputs, outputs * inputs),
                ),
                bias: bias.map(|bias| bias.part(begin, outputs)),
            })
        });
        Self {
            queries,
            keys,
            values,
        }
    }
}
