//! Properties of `diff`: edits tile and replay, sides can be swapped, nothing is torn.

use copydesk::diff::{DiffOptions, EditKind, Granularity, Revision, WordOp, diff};
use copydesk::document::{Block, BlockKind, Document, TextRange};
use proptest::collection::vec;
use proptest::prelude::*;

/// A document whose blocks are what stands between blank lines; `gaps` are as wild as the texts.
fn document(text: &str) -> Document {
    let mut document = Document { text: text.to_owned(), ..Document::default() };
    let mut at = 0;
    for part in text.split_inclusive("\n\n") {
        let body = part.trim();
        if !body.is_empty() {
            let start = (at + (part.len() - part.trim_start().len())) as u32;
            let range = TextRange::new(start, start + body.len() as u32);
            document.blocks.push(Block { kind: BlockKind::Paragraph, range });
        }
        at += part.len();
    }
    document
}

/// Paragraphs made of few words, so that texts resemble each other.
fn prose() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "the",
        "ferry",
        "sank",
        "on",
        "Monday",
        "14",
        "15",
        "“well”",
        "harbour,",
        "north.",
        "e\u{301}t",
        "👩‍👩‍👧",
        "🇩🇪🇫🇷",
        "北京",
        "ไทยที่",
        "not",
        "a",
        "it",
        "$3m",
        "said",
    ]);
    let paragraph = vec(word, 0..14).prop_map(|words| words.join(" "));
    let gap = prop::sample::select(vec!["\n\n", "\n\n", "\n\n\n", "\r\n\r\n", "\n \n\n"]);
    (vec((paragraph, gap), 0..7), any::<bool>()).prop_map(|(parts, closed)| {
        let mut text: String = parts.iter().flat_map(|(paragraph, gap)| [paragraph.as_str(), *gap]).collect();
        if !closed {
            text.truncate(text.trim_end().len());
        }
        text
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => prose(), 1 => "(?s).{0,60}", 1 => "[ab\\n\\r \u{301}\u{200d}👍🏽🇩]{0,40}"]
}

/// Checks what must hold of every revision.
fn hold(revision: &Revision, old: &Document, new: &Document) -> Result<(), TestCaseError> {
    let mut at = 0;
    for range in revision.edits.iter().filter_map(|edit| edit.new_range) {
        prop_assert_eq!(range.start, at);
        at = range.end;
    }
    prop_assert_eq!(at as usize, new.text.len());
    let mut olds: Vec<TextRange> = revision.edits.iter().filter_map(|edit| edit.old_range).collect();
    olds.sort();
    at = 0;
    for range in olds {
        prop_assert_eq!(range.start, at);
        at = range.end;
    }
    prop_assert_eq!(at as usize, old.text.len());
    for edit in &revision.edits {
        if let (Some(a), Some(b)) = (edit.old_range, edit.new_range) {
            let same = old.text[a.as_usize()] == new.text[b.as_usize()];
            let unchanged = matches!(edit.kind, EditKind::Keep | EditKind::Move);
            prop_assert!(same || !unchanged);
            let (mut i, mut j) = (a.start, b.start);
            for word in &edit.words {
                prop_assert_eq!((word.old.start, word.new.start), (i, j));
                (i, j) = (word.old.end, word.new.end);
                if word.op == WordOp::Equal {
                    prop_assert_eq!(&old.text[word.old.as_usize()], &new.text[word.new.as_usize()]);
                }
            }
            prop_assert!(unchanged || (i, j) == (a.end, b.end));
        }
    }
    let mut numbers: Vec<u32> = revision.edits.iter().flat_map(|edit| edit.new.clone()).collect();
    prop_assert!(numbers.is_sorted());
    numbers.dedup();
    prop_assert_eq!(numbers.len(), new.blocks.len());
    prop_assert_eq!(revision.apply(&old.text), Some(new.text.clone()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn revisions_tile_and_replay_both_ways(old in any_text(), new in any_text()) {
        let (old, new) = (document(&old), document(&new));
        let revision = diff(&old, &new, &DiffOptions::default());
        hold(&revision, &old, &new)?;
        let back = revision.clone().invert();
        hold(&back, &new, &old)?;
        prop_assert_eq!(&diff(&new, &old, &DiffOptions::default()), &back);
        prop_assert_eq!(back.invert(), revision);
    }

    #[test]
    fn a_text_against_itself_has_no_edits(text in any_text()) {
        let document = document(&text);
        let revision = diff(&document, &document, &DiffOptions::default());
        prop_assert!(revision.is_empty());
        prop_assert_eq!(revision.summary.similarity, 1.0);
    }

    #[test]
    fn any_budget_and_granularity_replays(
        old in prose(), new in prose(), budget in 0_u64..4000, unit in 0_usize..3,
    ) {
        let (old, new) = (document(&old), document(&new));
        let options = DiffOptions { granularity: Granularity::ALL[unit], budget };
        hold(&diff(&old, &new, &options), &old, &new)?;
    }

    #[test]
    fn no_cluster_is_torn(old in prose(), new in prose()) {
        let (old, new) = (document(&old), document(&new));
        for edit in diff(&old, &new, &DiffOptions::default()).edits {
            for word in edit.words {
                for (text, at) in [(&old.text, word.old.start), (&new.text, word.new.start)] {
                    let rest = &text[at as usize..];
                    let before = text[..at as usize].chars().next_back();
                    let torn = rest.starts_with(['\u{301}', '\u{200d}', '\u{e35}', '\u{e48}'])
                        || before == Some('\u{200d}')
                        || rest.starts_with("🇪") || rest.starts_with("🇷");
                    prop_assert!(!torn, "{:?} | {:?}", &text[..at as usize], rest);
                }
            }
        }
    }

    #[test]
    fn unchanged_paragraphs_are_found_wherever_they_went(
        order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let paragraph = |i: usize| format!("Paragraph {i} of the story has these{i} very own words{i} in it.");
        let text = |order: &[usize]| {
            order.iter().map(|&i| paragraph(i)).collect::<Vec<_>>().join("\n\n") + "\n"
        };
        let old = document(&text(&(0..8).collect::<Vec<_>>()));
        let new = document(&text(&order));
        let revision = diff(&old, &new, &DiffOptions::default());
        for edit in revision.edits.iter().filter(|edit| !edit.old.is_empty()) {
            prop_assert!(matches!(edit.kind, EditKind::Keep | EditKind::Move), "{:?}", edit);
            prop_assert_eq!(order[edit.new[0] as usize - 1] + 1, edit.old[0] as usize);
        }
    }
}
