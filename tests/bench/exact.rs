//! How fast exact repeats are found: each step from a record's bytes to its digests by itself.

use std::hint::black_box;
use std::sync::Arc;

use copydesk::document::Document;
use copydesk::duplicates::exact::{DocumentEntry, Exact};
use copydesk::error::ReadError;
use copydesk::fingerprint::{Digest, Fingerprinter, Normalizer, Profile};
use copydesk::read::{Piece, READERS, ReadOptions, Sink};
use copydesk::segment::blocks;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const WORDS: [&str; 16] = [
    "the", "harbour", "board", "met", "on", "Tuesday", "to", "hear", "why", "its", "new", "pier", "had",
    "cost", "twice", "more",
];

/// `count` wrapped paragraphs of about 170 bytes, as wire copy has them.
fn paragraphs(count: usize) -> Vec<String> {
    let mut pick = 7_usize;
    let paragraph = |number| {
        let mut out = "The".to_owned();
        let mut column = 3;
        for _ in 0..30 {
            pick = pick.wrapping_mul(25_214_903_917).wrapping_add(11) % (1 << 31);
            let word = WORDS[(pick >> 16) % WORDS.len()];
            let breaks = column + 1 + word.len() > 60;
            out.push(if breaks { '\n' } else { ' ' });
            column = if breaks { 0 } else { column + 1 } + word.len();
            out.push_str(word);
        }
        format!("{out}. (part {number})")
    };
    (0..count).map(paragraph).collect()
}

struct Count(usize);

impl Sink for Count {
    fn document(&mut self, document: &mut Document) {
        self.0 += document.blocks.len();
    }

    fn fault(&mut self, _: ReadError) {}

    fn not_a_document(&mut self, _: &'static str) {}
}

fn bench(criterion: &mut Criterion) {
    let paragraphs = paragraphs(10_000);
    let text = paragraphs.join("\n\n");
    let records: String = paragraphs
        .chunks(5)
        .map(|parts| format!("{{\"text\": \"{}\"}}\n", parts.join("\n\n").replace('\n', "\\n")))
        .collect();

    let mut group = criterion.benchmark_group("exact");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("normalize", |bencher| {
        let (normalizer, mut form) = (Normalizer::new(Profile::Standard), String::new());
        bencher.iter(|| {
            for paragraph in &paragraphs {
                normalizer.normalize(black_box(paragraph), &mut form);
            }
        });
    });
    let mut printer = Fingerprinter::new(Profile::Standard);
    group.bench_function("digest", |bencher| {
        bencher.iter(|| paragraphs.iter().filter_map(|p| printer.digest_of_words(black_box(p), 5)).count());
    });
    group.bench_function("split", |bencher| {
        let mut out = Vec::new();
        bencher.iter(|| {
            out.clear();
            blocks(black_box(&text), &mut out);
            out.len()
        });
    });
    group.bench_function("read records", |bencher| {
        let reader = READERS.iter().find(|reader| reader.name() == "jsonl");
        let (path, options) = (Arc::from("articles.jsonl"), ReadOptions::default());
        bencher.iter(|| {
            let mut count = Count(0);
            let bytes = black_box(records.as_bytes());
            let piece = Piece { path: &path, bytes, offset: 0, first_line: 1, named: true };
            reader.iter().for_each(|reader| reader.read(&piece, &options, &mut count));
            assert_eq!(count.0, paragraphs.len());
        });
    });
    let digests: Vec<(Digest, u32)> = paragraphs.iter().map(|p| printer.digest(p)).zip(0..).collect();
    group.bench_function("observe", |bencher| {
        bencher.iter(|| {
            let mut exact = Exact::default();
            for (number, part) in digests.chunks(5).enumerate() {
                let entry = DocumentEntry {
                    input: 0,
                    record: number as u32 + 1,
                    offset: 0,
                    length: 0,
                    scope: 0,
                    article: number as u64,
                    published: DocumentEntry::UNDATED,
                };
                let whole = Digest::in_order(part.iter().map(|(digest, _)| digest));
                exact.observe(entry, Some(&whole), part.iter().copied());
            }
            exact.finish()
        });
    });
    group.finish();
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
