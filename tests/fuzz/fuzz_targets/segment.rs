//! `segment` on any text: ranges are sorted, disjoint, trimmed, and cut no character.
#![no_main]

use copydesk::document::TextRange;
use copydesk::segment::{blocks_and_markup, sentences, words};
use libfuzzer_sys::fuzz_target;

fn check(text: &str, ranges: impl Iterator<Item = TextRange>) {
    let mut last = 0;
    for range in ranges {
        assert!(range.start >= last && range.end > range.start);
        let part = &text[range.as_usize()];
        assert_eq!(part, part.trim());
        last = range.end;
    }
}

fuzz_target!(|text: &str| {
    let (mut blocks, mut markup) = (Vec::new(), Vec::new());
    blocks_and_markup(text, &mut blocks, &mut markup);
    check(text, blocks.iter().map(|block| block.range));
    assert!(markup.windows(2).all(|pair| pair[0].end <= pair[1].start));
    for block in &blocks {
        let body = &text[block.range.as_usize()];
        check(body, sentences(body).into_iter());
    }
    assert!(words(text).all(|word| !text[word].is_empty()));
});
