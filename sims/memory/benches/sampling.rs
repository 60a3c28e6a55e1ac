//! Times the generation of random numbers, and of patterns of every ensemble.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dam_memory::sampling::{fill_normals_f32, fill_normals_f64, fill_sign_bits, fill_uniform};

use dam_memory::ensembles::{pattern_ensemble, pattern_law};

const SEED: [u8; 32] = [7; 32];

fn numbers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("numbers");
    let count = 256 * 60;
    group.throughput(Throughput::Elements(count as u64));
    let (mut double, mut single, mut words) = (vec![0.0; count], vec![0.0; count], vec![0; count]);
    group.bench_function("normals f64", |bencher| {
        bencher.iter(|| fill_normals_f64(&SEED, 1, &mut double));
    });
    group.bench_function("normals f32", |bencher| {
        bencher.iter(|| fill_normals_f32(&SEED, 1, &mut single));
    });
    group.bench_function("uniform f64", |bencher| {
        bencher.iter(|| fill_uniform(&SEED, 1, &mut double));
    });
    group.bench_function("64 sign bits", |bencher| {
        bencher.iter(|| fill_sign_bits(&SEED, 1, &mut words));
    });
    group.finish();
}

/// 10 240 patterns of 60 components.
fn patterns(criterion: &mut Criterion) {
    let (size, count) = (60, 10_240);
    let mut group = criterion.benchmark_group("patterns");
    group.throughput(Throughput::Elements((size * count) as u64));
    for (name, parameter) in [
        ("gaussian", None),
        ("spherical", None),
        ("rademacher", None),
        ("uniform", None),
        ("gaussian-mixture", None),
        ("correlated-gaussian", Some(("variance_ratio", 3.0))),
        ("hidden-manifold", Some(("manifold_ratio", 2.0))),
    ] {
        let parameters = parameter
            .into_iter()
            .map(|(key, value): (&str, f64)| (key.to_owned(), value.into()));
        let ensemble = pattern_ensemble(name, &parameters.collect()).expect("known ensembles");
        let law = pattern_law(ensemble.as_ref(), size, &SEED);
        group.bench_function(BenchmarkId::new(name, "f64"), |bencher| {
            bencher.iter(|| law.draw::<f64>(size, count, &SEED));
        });
        group.bench_function(BenchmarkId::new(name, "f32"), |bencher| {
            bencher.iter(|| law.draw::<f32>(size, count, &SEED));
        });
    }
    group.finish();
}

criterion_group!(benches, numbers, patterns);
criterion_main!(benches);
