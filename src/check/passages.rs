//! Copied passages, found by the numbers of their words: where they stand, and what is said of them.

use super::places::{Leaves, NearText, Places, Read};
use crate::document::{Document, DocumentId, TextRange};
use crate::duplicates::Similarity;
use crate::duplicates::passage::same_words;
use crate::fingerprint::{Fingerprinter, WordHasher};
use crate::lint::suppress::Leave;
use crate::lint::{
    Finding, FindingKey, Label, Likeness, Sameness, Settings, Severity, Told, ToldPassage, rule_named,
};
use crate::segment::words as words_of_form;

/// The rule that tells them.
pub(super) const RULE: &str = "copied-passage";

/// Returns the range of `count` words of the counted blocks of a document, from word number `first` on; the
/// numbers are those of [`Gathered`](crate::duplicates::passage::gathered::Gathered).
pub(super) fn range(
    document: &Document,
    settings: &Settings,
    leaves: &Leaves<'_>,
    first: u32,
    count: u32,
) -> Option<TextRange> {
    let mut hasher = WordHasher::new();
    let (mut number, mut interrupted) = (0, true);
    let (mut start, last) = (None, first + count.checked_sub(1)?);
    for block in &document.blocks {
        if !settings.counts(block.kind) || leaves(block.range.start, Leave::RUNS) {
            // As many interruptions in a row count as one word, and none at the beginning.
            number += u32::from(!interrupted);
            interrupted = true;
            continue;
        }
        let mut placed = Vec::new();
        hasher.place(&document.reading(block.range), &mut placed);
        interrupted &= placed.is_empty();
        let word = |wanted: u32| placed.get(wanted.checked_sub(number)? as usize);
        if let Some(word) = word(first) {
            start = Some(document.read_from(block.range, word.range).start);
        }
        if let Some(word) = word(last) {
            return Some(TextRange::new(start?, document.read_from(block.range, word.range).end));
        }
        number += placed.len() as u32;
    }
    None
}

/// The words of a passage, without what stands between them.
pub(super) fn words(reading: &str, settings: &Settings) -> NearText {
    let mut printer = Fingerprinter::new(settings.profile);
    let form = printer.normalize(reading);
    let words: Vec<&str> = words_of_form(form).map(|word| &form[word]).collect();
    let words = words.join(" ");
    NearText { digest: printer.digest(&words), words }
}

/// Asks for the places of `passages`.
pub(super) fn want(passages: &[(ToldPassage, Severity)], places: &mut Places) {
    for (ToldPassage { run, .. }, _) in passages {
        places.words(DocumentId(run.text), run.word, run.words);
        places.words(DocumentId(run.source), run.source_word, run.words);
    }
}

/// Returns one passage as a finding; `None` where a place could not be read again, or where the words are
/// others than their hashes said.
pub(super) fn told(passage: &ToldPassage, severity: Severity, places: &Read) -> Option<Finding> {
    let rule = rule_named(RULE)?;
    let run = &passage.run;
    let again = places.words(DocumentId(run.text), run.word, run.words)?;
    let first = places.words(DocumentId(run.source), run.source_word, run.words)?;
    let (ours, theirs) = (again.near.as_ref()?, first.near.as_ref()?);
    if !same_words(&ours.words, &theirs.words, run.words) {
        return None;
    }
    let similarity = Similarity { overlap: again.shingles, union: again.shingles };
    // Between the words anything may differ.
    let same = Some(again.same_as(first)).filter(|&same| same != Sameness::Typography);
    let words = rule.words(&Told {
        place: &again.place,
        first: &first.place,
        documents: 2,
        similarity,
        inside: None,
        holds: false,
        words: run.words,
    });
    Some(Finding {
        rule: rule.name(),
        severity,
        message: words.message,
        likeness: Some(Likeness { similarity, same, inside: None }),
        related: vec![Label { message: words.related.to_owned(), place: first.place.clone() }],
        primary: again.place.clone(),
        group_size: 2,
        fingerprint: FindingKey::from(ours.digest),
        help: words.help,
        suggestion: None,
    })
}
