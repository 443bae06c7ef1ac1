//! Properties of `segment`.

use std::ops::Range;

use copydesk::document::{Block, BlockKind, TextRange};
use copydesk::segment::word::{self, WordClass};
use copydesk::segment::{blocks, blocks_and_markup, sentences, words};
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::{CodePointMapData, CodePointMapDataBorrowed};
use proptest::prelude::*;

const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
const SCRIPT: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::new();

/// Text that looks like text: words, marks, line ends, markers, in any order.
fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z]{1,9}",
        3 => Just(" ".to_owned()),
        3 => Just("\n".to_owned()),
        1 => prop::sample::select(vec![
            ".", "?", "!\"", "…", "。", "」", "「", "\u{3000}", "  ", "\t", "    ", "\r\n", "\r", "\x0C", "\u{2028}",
            "\u{2029}", "\n\n", "- ", "* ", "• ", "1. ", "2. ", "(a) ", "> ", ">", "|", "```", "\n```\n", "~~~", "---",
            "U.S.", "Mr.", "3.", "p.m.", "\u{A0}", "é", "北京", "»", "« ", "[1]", ". . .", "{};", "THE PIER", "\u{85}",
            "\u{200B}", "\u{FEFF}", "। ", "؟", "と", ",",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => page(), 1 => any::<String>()]
}

/// Sorted, disjoint, none empty, on char boundaries, no white space at either end.
fn assert_sound(text: &str, ranges: &[TextRange]) {
    let mut last = 0;
    for range in ranges {
        assert!(range.start >= last && range.end > range.start, "{ranges:?}");
        let part = text.get(range.as_usize()).expect("char boundaries");
        assert_eq!(part, part.trim());
        last = range.end;
    }
}

/// What no range takes in.
fn outside<'a>(text: &'a str, ranges: &[TextRange]) -> Vec<&'a str> {
    let mut at = 0;
    let mut out = Vec::new();
    for range in ranges {
        out.push(&text[at..range.start as usize]);
        at = range.end as usize;
    }
    out.push(&text[at..]);
    out
}

/// Returns whether `line`, outside all blocks, is a fence, or all that may stand before a block.
fn may_be_left_out(line: &str) -> bool {
    let line = line.trim();
    let marker = |text: &str| {
        let mut chars = text.chars();
        text.is_empty()
            || ["-", "*", "•", "–", "◦", "▪", "‣", "●", "○", "■", "⁃", "・", "·"].contains(&text)
            || (text.len() <= 8
                && text.ends_with(['.', ')'])
                && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '(' | ')' | '.')))
    };
    let quotes = line.chars().all(|c| c == '>' || c.is_whitespace());
    line.starts_with("```") || line.starts_with("~~~") || quotes || marker(line)
}

fn reference_class(c: char) -> WordClass {
    let alone = [Script::Han, Script::Hiragana, Script::Katakana, Script::Thai, Script::Lao, Script::Khmer];
    let group = CATEGORY.get(c);
    if alone.contains(&SCRIPT.get(c)) {
        WordClass::Alone
    } else if GeneralCategoryGroup::Letter.contains(group)
        || GeneralCategoryGroup::Mark.contains(group)
        || GeneralCategoryGroup::Number.contains(group)
    {
        WordClass::Run
    } else {
        WordClass::Outside
    }
}

/// The words of `text`, a character at a time.
fn reference_words(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut in_run = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match (reference_class(c), out.last_mut()) {
            (WordClass::Run, Some(word)) if in_run => word.end = end,
            (WordClass::Run, _) => {
                out.push(at..end);
                in_run = true;
            }
            (WordClass::Alone, _) => {
                out.push(at..end);
                in_run = false;
            }
            (WordClass::Outside, _) => in_run = false,
        }
    }
    out
}

#[test]
fn every_character_has_its_class() {
    for c in char::MIN..=char::MAX {
        assert_eq!(word::class(c), reference_class(c), "{c:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn blocks_take_in_all_text(text in any_text()) {
        let mut found: Vec<Block> = Vec::new();
        blocks(&text, &mut found);
        let ranges: Vec<TextRange> = found.iter().map(|block| block.range).collect();
        assert_sound(&text, &ranges);
        for part in outside(&text, &ranges) {
            for line in part.split(['\n', '\r', '\x0C', '\u{2028}', '\u{2029}']) {
                prop_assert!(may_be_left_out(line), "{line:?} left out of {text:?}");
            }
        }
    }

    #[test]
    fn markup_is_inside_quotations(text in any_text()) {
        let (mut plain, mut found, mut markup) = (Vec::new(), Vec::new(), Vec::new());
        blocks(&text, &mut plain);
        blocks_and_markup(&text, &mut found, &mut markup);
        prop_assert_eq!(&plain, &found);
        let mut last = 0;
        for mark in &markup {
            prop_assert!(mark.start >= last && mark.end > mark.start);
            last = mark.end;
            let holder = found.iter().find(|block| block.range.contains(*mark));
            prop_assert_eq!(holder.map(|block| block.kind), Some(BlockKind::Quotation));
            prop_assert!(text[mark.as_usize()].chars().all(|c| c == '>' || c.is_whitespace()));
        }
    }

    #[test]
    fn line_ends_are_alike(text in "([a-zA-Z.,> -]{0,30}\n){0,12}") {
        let kinds = |text: &str| {
            let mut found = Vec::new();
            blocks(text, &mut found);
            let shown = |block: &Block| (block.kind, text[block.range.as_usize()].lines().count());
            found.iter().map(shown).collect::<Vec<_>>()
        };
        prop_assert_eq!(kinds(&text), kinds(&text.replace('\n', "\r\n")));
    }

    #[test]
    fn sentences_take_in_all_text(text in any_text()) {
        let found = sentences(&text);
        assert_sound(&text, &found);
        prop_assert!(outside(&text, &found).iter().all(|part| part.trim().is_empty()), "{text:?}");
    }

    #[test]
    fn words_agree_with_brute_force(text in any_text()) {
        prop_assert_eq!(words(&text).collect::<Vec<_>>(), reference_words(&text));
    }
}
