//! How fast near repeats are found: shingling, joining at several thresholds, and copied passages.

use std::hint::black_box;

mod generate;

use copydesk::duplicates::Threshold;
use copydesk::duplicates::near::{Near, Shingled};
use copydesk::duplicates::passage::{LEAST_WORDS, copied};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use generate::Documents;

fn shingled(texts: &[String]) -> Shingled {
    let mut shingled = Shingled::new(3);
    texts.iter().for_each(|text| shingled.add(text));
    shingled
}

fn join(criterion: &mut Criterion) {
    let texts: Vec<String> = Documents::new(1).take(2000).collect();
    let bytes = texts.iter().map(String::len).sum::<usize>() as u64;
    let mut group = criterion.benchmark_group("near");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("shingle", |bench| bench.iter(|| shingled(black_box(&texts))));
    for percent in [50, 80, 95] {
        group.bench_function(format!("join at {percent} %"), |bench| {
            bench.iter_batched(
                || shingled(&texts),
                |shingled| Near::new(shingled, &texts).pairs(Threshold::percent(percent)).len(),
                BatchSize::LargeInput,
            );
        });
    }
    group.bench_function("copied passages", |bench| {
        bench.iter(|| copied(black_box(&texts), texts.len() as u32, LEAST_WORDS).len());
    });
    group.finish();
}

criterion_group!(benches, join);
criterion_main!(benches);
