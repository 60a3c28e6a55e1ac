//! Times one softmax update over the number of patterns, of components and of states.

mod problem;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dam_memory::kernel::{Element, Parallelism};
use problem::Problem;

fn measure<T: Element>(
    criterion: &mut Criterion,
    name: &str,
    count: usize,
    size: usize,
    batch: usize,
) {
    let mut problem = Problem::<T>::new([count, size, batch]);
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .measurement_time(std::time::Duration::from_millis(500));
    group.warm_up_time(std::time::Duration::from_millis(100));
    group.throughput(Throughput::Elements((4 * count * size * batch) as u64));
    for parallelism in [Parallelism::Sequential, Parallelism::Chunks] {
        let id = BenchmarkId::new(
            format!("{parallelism:?}"),
            format!("{count},{size},{batch}"),
        );
        group.bench_function(id, |bencher| {
            bencher.iter(|| problem.update(parallelism));
        });
    }
    group.finish();
}

fn updates(criterion: &mut Criterion) {
    let counts = [10_000, 30_000, 100_000, 300_000].map(|count| (count, 40, 16));
    let sizes = [16, 24, 64, 96].map(|size| (100_000, size, 16));
    let batches = [1, 2, 4, 5, 8, 32, 64, 256].map(|batch| (100_000, 40, batch));
    for (count, size, batch) in counts.into_iter().chain(sizes).chain(batches) {
        measure::<f32>(criterion, "f32", count, size, batch);
        measure::<f64>(criterion, "f64", count, size, batch);
    }
}

criterion_group!(benches, updates);
criterion_main!(benches);
