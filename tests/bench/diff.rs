//! How fast two versions are compared: an article with an edit here and there, a long report, and texts
//! that have nothing in common.

use std::hint::black_box;

mod generate;

use copydesk::diff::{DiffOptions, diff};
use copydesk::document::{Block, BlockKind, Document, TextRange};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use generate::Documents;

/// A document of these paragraphs.
fn document(paragraphs: &[String]) -> Document {
    let mut document = Document::default();
    for paragraph in paragraphs {
        let start = document.text.len() as u32;
        document.text.push_str(paragraph);
        let range = TextRange::new(start, document.text.len() as u32);
        document.blocks.push(Block { kind: BlockKind::Paragraph, range });
        document.text.push_str("\n\n");
    }
    document
}

/// The paragraphs a while later: of every ten one has a word replaced, one is gone, and one is split;
/// the last tenth stands at the head.
fn edited(paragraphs: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    for (number, paragraph) in paragraphs.iter().enumerate() {
        match number % 10 {
            2 => out.push(paragraph.replacen(' ', " hardly ", 1)),
            5 => {}
            8 => match paragraph.split_once(". ") {
                Some((first, rest)) => out.extend([format!("{first}."), rest.to_owned()]),
                None => out.push(paragraph.clone()),
            },
            _ => out.push(paragraph.clone()),
        }
    }
    out.rotate_right(paragraphs.len() / 10);
    out
}

fn bench(criterion: &mut Criterion) {
    let texts: Vec<String> = Documents::new(1).take(4_000).collect();
    let pair = |from: usize, count: usize| {
        let old = &texts[from..from + count];
        (document(old), document(&edited(old)))
    };
    let unlike = (document(&texts[..300]), document(&texts[3_000..3_300]));
    let shapes = [
        ("10 paragraphs, edited", pair(0, 10)),
        ("1,000 paragraphs, edited", pair(0, 1_000)),
        ("1,000 paragraphs, unchanged", (document(&texts[..1_000]), document(&texts[..1_000]))),
        ("300 paragraphs, nothing in common", unlike),
    ];
    let mut group = criterion.benchmark_group("diff");
    group.sample_size(10);
    for (name, (old, new)) in &shapes {
        group.throughput(Throughput::Bytes((old.text.len() + new.text.len()) as u64));
        group.bench_function(*name, |bench| {
            bench.iter(|| diff(black_box(old), black_box(new), &DiffOptions::default()));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
