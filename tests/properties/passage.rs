//! Properties of `duplicates::passage` against brute force.

use copydesk::document::TextRange;
use copydesk::duplicates::passage::copied;
use proptest::prelude::*;

/// Words of one byte, so that word n of a text is byte 2n.
fn text_of(words: &[u8]) -> String {
    words.iter().map(|word| format!("{} ", char::from(b'a' + word))).collect()
}

fn words_of(range: TextRange) -> std::ops::Range<usize> {
    range.start as usize / 2..(range.end as usize).div_ceil(2)
}

/// Texts that are partly made of stretches of others.
fn texts() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let fresh = (1u8..20).prop_flat_map(|letters| prop::collection::vec(0..letters, 0..60));
    let copy = (any::<prop::sample::Index>(), 0usize..40, 0usize..40, prop::collection::vec(0u8..20, 0..8));
    (prop::collection::vec(fresh, 1..5), prop::collection::vec(copy, 0..8)).prop_map(|(mut texts, copies)| {
        for (which, start, length, tail) in copies {
            let from = which.get(&texts).clone();
            let mut text = tail.clone();
            text.extend(from.iter().skip(start).take(length));
            text.extend(tail);
            texts.push(text);
        }
        texts
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_copied_word_is_covered_by_maximal_runs(texts in texts(), least in 1usize..12) {
        let strings: Vec<String> = texts.iter().map(|words| text_of(words)).collect();
        let found = copied(&strings, strings.len() as u32, least);
        let mut covered: Vec<Vec<bool>> = texts.iter().map(|text| vec![false; text.len()]).collect();
        for passage in &found {
            let (copy, source) = (words_of(passage.copy.range), words_of(passage.source.range));
            let (a, b) = (&texts[passage.copy.document.0 as usize], &texts[passage.source.document.0 as usize]);
            prop_assert!(passage.source.document < passage.copy.document);
            prop_assert!(copy.len() >= least && copy.len() == passage.words as usize);
            prop_assert_eq!(&a[copy.clone()], &b[source.clone()]);
            let before = copy.start > 0 && source.start > 0 && a[copy.start - 1] == b[source.start - 1];
            let behind = a.get(copy.end).is_some_and(|word| b.get(source.end) == Some(word));
            prop_assert!(!before && !behind, "a run goes on");
            covered[passage.copy.document.0 as usize][copy].fill(true);
        }
        let mut expected: Vec<Vec<bool>> = texts.iter().map(|text| vec![false; text.len()]).collect();
        for (later, text) in texts.iter().enumerate() {
            for (at, window) in text.windows(least).enumerate() {
                if texts[..later].iter().any(|earlier| earlier.windows(least).any(|other| other == window)) {
                    expected[later][at..at + least].fill(true);
                }
            }
        }
        prop_assert_eq!(covered, expected);
        prop_assert!(found.is_sorted());
    }
}
