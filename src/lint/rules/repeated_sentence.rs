//! `repeated-sentence`: a whole sentence stands more than once in one document.

use std::collections::BTreeMap;

use crate::document::{Block, Document, TextRange};
use crate::fingerprint::{Digest, Fingerprinter};
use crate::lint::suppress::{Comments, Leave};
use crate::lint::{Flag, Mend, Rule, Settings, Severity};
use crate::segment::{sentences, words};

/// The rule.
pub(super) struct RepeatedSentence;

impl Rule for RepeatedSentence {
    fn name(&self) -> &'static str {
        "repeated-sentence"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a whole sentence stands more than once in one document, in different paragraphs"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, settings: &Settings, flags: &mut Vec<Flag>) {
        let mut printer = Fingerprinter::new(settings.profile);
        // Where each sentence and each paragraph stood first.
        let mut seen: BTreeMap<Digest, (usize, Sentence)> = BTreeMap::new();
        let mut paragraphs: BTreeMap<Digest, ()> = BTreeMap::new();
        let comments = (!document.directives.is_empty()).then(|| Comments::of(document));
        let left = |start| {
            let leaves = |comments: &Comments| comments.leave(start).and(comments.leave_whole());
            comments.as_ref().is_some_and(|comments| leaves(comments).any(Leave::SENTENCES))
        };
        let counts = |block: &Block| settings.counts(block.kind) && !left(block.range.start);
        let counted = document.blocks.iter().enumerate().filter(|(_, block)| counts(block));
        for (number, block) in counted {
            let reading = document.reading(block.range);
            let whole = printer.digest(&reading);
            if paragraphs.insert(whole, ()).is_some() {
                // The whole paragraph repeats: one fault, told by the rule about paragraphs.
                continue;
            }
            // Sentences are those of the reader: a mark of emphasis behind a full stop is none of theirs.
            for part in sentences(&reading) {
                let form = printer.normalize(&reading[part.as_usize()]);
                if words(form).nth(settings.sentence_words.max(1) as usize - 1).is_none() {
                    continue;
                }
                let key = printer.digest_of_form();
                let sentence = Sentence { block: block.range, part };
                match seen.get(&key) {
                    Some(&(first, before)) if first != number => flags.push(Flag {
                        rule: self.name(),
                        range: sentence.place(document),
                        message: "sentence stands in an earlier paragraph too".to_owned(),
                        related: Some((before.place(document), "first seen here")),
                        key,
                        help: "say it once, or say it in other words",
                        repeat_in: Some(block.range.start),
                        replacement: None,
                        mend: Some(Mend::Sentence),
                        about: None,
                    }),
                    Some(_) => {}
                    None => {
                        seen.insert(key, (number, sentence));
                    }
                }
            }
        }
    }
}

/// A sentence: bytes of what is read of its block.
#[derive(Clone, Copy)]
struct Sentence {
    block: TextRange,
    part: TextRange,
}

impl Sentence {
    /// Where it stands in the text.
    fn place(self, document: &Document) -> TextRange {
        document.read_from(self.block, self.part)
    }
}

const EXPLANATION: &str = "\
A whole sentence of 8 words or more stands in two paragraphs of one document that are not the same as a
whole: a line that was moved and not taken out, a quotation used twice.

The later sentence is the finding, the first is the related place. Sentences are compared in normal
form, as paragraphs are. A sentence said twice within one paragraph is taken for style. A sentence of a
paragraph that repeats as a whole is told once, by `repeated-paragraph`.

In `copydesk.toml`, `[rules.repeated-sentence]` sets the fewest words: `min-words = 12`.
";
