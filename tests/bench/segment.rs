//! How fast `segment` reads: bytes a second for the shapes that corpora come in.

use std::hint::black_box;

use copydesk::segment::{blocks, sentences, words};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const WORDS: [&str; 16] = [
    "the", "harbour", "board", "met", "on", "Tuesday", "to", "hear", "why", "its", "new", "pier", "had",
    "cost", "twice", "more",
];

/// `paragraphs` of `words` words each, in lines of up to `width` bytes, `gap` between paragraphs.
fn text(paragraphs: usize, words: usize, width: usize, gap: &str) -> String {
    let mut out = String::new();
    let mut pick = 7usize;
    for _ in 0..paragraphs {
        let mut column = 0;
        for number in 0..words {
            pick = pick.wrapping_mul(25_214_903_917).wrapping_add(11) % (1 << 31);
            let word = WORDS[(pick >> 16) % WORDS.len()];
            if number > 0 {
                let breaks = column + 1 + word.len() > width;
                out.push(if breaks { '\n' } else { ' ' });
                column = if breaks { 0 } else { column + 1 };
            }
            out.push_str(word);
            column += word.len();
        }
        out.push('.');
        out.push_str(gap);
    }
    out
}

fn bench(criterion: &mut Criterion) {
    let shapes = [
        ("long lines, blank lines between", text(4_000, 60, usize::MAX, "\n\n")),
        ("wrapped, blank lines between", text(4_000, 60, 66, "\n\n")),
        ("wrapped, indented openings", text(4_000, 60, 66, "\n    ")),
        ("a line for each paragraph", text(4_000, 60, usize::MAX, "\n")),
        ("Chinese", format!("{}\n\n", "他说，港口委员会星期二开会，没有结果。".repeat(6)).repeat(3_000)),
    ];
    let mut group = criterion.benchmark_group("blocks");
    for (name, text) in &shapes {
        group.throughput(Throughput::Bytes(text.len() as u64));
        let mut out = Vec::new();
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                out.clear();
                blocks(black_box(text), &mut out);
                out.len()
            });
        });
    }
    group.finish();
    for (stage, run) in [
        ("words", (|text: &str| words(text).count()) as fn(&str) -> usize),
        ("sentences", |text: &str| sentences(text).len()),
    ] {
        let mut group = criterion.benchmark_group(stage);
        for (name, text) in [&shapes[0], &shapes[4]] {
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(*name, |bencher| bencher.iter(|| run(black_box(text))));
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_millis(1500));
    targets = bench
}
criterion_main!(benches);
