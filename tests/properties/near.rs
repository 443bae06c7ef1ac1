//! Properties of `duplicates::near` against brute force on the words.

use std::collections::BTreeSet;

use copydesk::duplicates::join::{Counts, Pair};
use copydesk::duplicates::near::{Near, Shingled};
use copydesk::duplicates::{Similarity, Threshold};
use copydesk::fingerprint::{Normalizer, Profile, Shingler, WordHasher, shingles};
use copydesk::segment::words;
use proptest::prelude::*;

fn form(text: &str) -> String {
    let mut form = String::new();
    Normalizer::new(Profile::Standard).normalize(text, &mut form);
    form
}

/// The runs of `k` words of a text, as words.
fn runs(text: &str, k: usize) -> BTreeSet<Vec<String>> {
    let form = form(text);
    let words: Vec<String> = words(&form).map(|word| form[word].to_owned()).collect();
    if words.is_empty() {
        return BTreeSet::new();
    }
    words.windows(k.min(words.len())).map(<[String]>::to_vec).collect()
}

/// Texts of few words in several scripts, with typography, and edited copies.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let word = prop::sample::select(vec![
        "the",
        "The",
        "pier",
        "PIER,",
        "sea",
        "sea.",
        "caf\u{e9}",
        "cafe\u{301}",
        "\u{201C}it\u{2019}s\u{201D}",
        "\u{5317}\u{4EAC}",
        "co\u{AD}op",
        "2\u{BD}",
        "\u{FB01}n",
        "\u{2014}",
        "--",
        "a\u{A0}b",
        "\u{130}",
        "ẞ",
    ]);
    prop::collection::vec(prop::collection::vec(word, 0..14), 1..14)
        .prop_map(|texts| texts.into_iter().map(|words| words.join(" ")).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn pairs_are_those_of_the_words(texts in texts(), k in 1usize..5, percent in 1u64..=100) {
        let threshold = Threshold::percent(percent);
        let sets: Vec<_> = texts.iter().map(|text| runs(text, k)).collect();
        let mut expected = Vec::new();
        for left in 0..sets.len() {
            for right in left + 1..sets.len() {
                let overlap = sets[left].intersection(&sets[right]).count() as u32;
                let counts = Counts { overlap, left: sets[left].len() as u32, right: sets[right].len() as u32 };
                let Similarity { overlap, union } = counts.similarity();
                if overlap > 0 && u64::from(overlap) * 100 >= u64::from(union) * percent {
                    expected.push(Pair { left: left as u32, right: right as u32, counts });
                }
            }
        }
        let mut shingled = Shingled::new(k);
        texts.iter().for_each(|text| shingled.add(text));
        prop_assert_eq!(Near::new(shingled, &texts).pairs(threshold), expected);
    }

    #[test]
    fn shingling_needs_no_normal_form(text in any::<String>(), k in 1usize..5) {
        let mut direct = Vec::new();
        Shingler::new(k).shingle(&text, &mut direct);
        prop_assert_eq!(direct, shingles(&form(&text), k));
    }

    #[test]
    fn words_are_placed_where_they_stand(text in "[a-zA-Z0-9 .,\u{e9}\u{301}\u{AD}\u{200B}\u{BD}\u{FB01}\u{5317}\u{A0}\u{B4}]{0,40}") {
        let mut placed = Vec::new();
        let mut hashes = Vec::new();
        WordHasher::new().place(&text, &mut placed);
        WordHasher::new().hash(&text, &mut hashes);
        prop_assert!(placed.iter().map(|word| word.hash).eq(hashes));
        for word in &placed {
            prop_assert!(text.get(word.range.as_usize()).is_some_and(|place| !place.is_empty()));
        }
        prop_assert!(placed.is_sorted_by_key(|word| word.range.start));
    }
}
