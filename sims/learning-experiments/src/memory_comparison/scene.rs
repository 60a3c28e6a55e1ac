//! What is stored, what is asked for, and how alike the two are.

use nalgebra::DMatrix;

use crate::memory_comparison::Corruption;
use dam_learning::FeatureMap;
use dam_memory::attention::AttentionMemory;
use dam_memory::composed::Composition;
use dam_memory::kernel::Parallelism;
use dam_memory::patterns::Patterns;
use dam_memory::streams::StreamKey;

/// Patterns and the queries made of them, one list for each level.
pub(super) struct Scene {
    pub(super) patterns: Patterns<f64>,
    /// Ξ, d×M.
    pub(super) columns: DMatrix<f64>,
    /// For each level the queries, one per pattern asked for, row-major.
    queries: Vec<Vec<f64>>,
    pub(super) stream: StreamKey,
}

impl Scene {
    /// The first `asked` patterns are asked for, corrupted at each level.
    pub(super) fn new(
        patterns: Patterns<f64>,
        asked: usize,
        stream: StreamKey,
        (corruption, levels): (Corruption, &[f64]),
    ) -> Self {
        let (size, count) = (patterns.size(), patterns.count());
        let queries = levels
            .iter()
            .map(|&level| {
                let mut rng = stream.rng("queries");
                let mut queries = patterns.as_slice()[..asked * size].to_vec();
                for query in queries.chunks_exact_mut(size) {
                    corruption.apply(query, level, &mut rng);
                }
                queries
            })
            .collect();
        Self {
            columns: DMatrix::from_column_slice(size, count, patterns.as_slice()),
            patterns,
            queries,
            stream,
        }
    }

    /// K(ξ^μ, x) without a kernel, M×B.
    pub(super) fn plain_similarities(
        &self,
        composition: &Composition,
        level: usize,
    ) -> DMatrix<f64> {
        let queries = &self.queries[level];
        let memory = composition.memory(AttentionMemory::from(self.patterns.clone()));
        let (size, count) = (self.patterns.size(), self.patterns.count());
        DMatrix::from_vec(count, queries.len() / size, memory.similarities(queries))
    }

    /// ⟨Φ(ξ^μ), Φ(x)⟩, M×B.
    pub(super) fn kernel_similarities(&self, map: &FeatureMap, level: usize) -> DMatrix<f64> {
        let features = |rows: &[f64]| {
            let features = map.features(rows, Parallelism::Sequential);
            let count = rows.len() / map.input_size();
            DMatrix::from_vec(map.feature_size(), count, features)
        };
        features(self.patterns.as_slice()).transpose() * features(&self.queries[level])
    }
}
