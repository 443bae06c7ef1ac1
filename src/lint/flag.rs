//! What the rules about single documents find: faults in the text, and in the metadata.

use crate::document::{DocumentId, MetaField, TextRange};
use crate::fingerprint::{Digest, Fingerprinter, Profile};

/// What a rule about single documents found: a fault, with ranges instead of places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The rule's name.
    pub rule: &'static str,
    /// The passage at fault.
    pub range: TextRange,
    /// What is wrong: a fact, for the reader.
    pub message: String,
    /// Another passage of the same document that explains the fault, and what to say of it.
    pub related: Option<(TextRange, &'static str)>,
    /// What names the fault in a baseline: a digest with no offsets, paths or neighbours in it.
    pub key: Digest,
    /// One line of advice.
    pub help: &'static str,
    /// The start of the block that a repeat stands in: where the block is told as a repeat itself, the
    /// flag is not told again. `None` for faults that are no repeats.
    pub repeat_in: Option<u32>,
    /// The text to put in the passage's place, where that would mend the fault.
    pub replacement: Option<String>,
    /// What would mend it without anybody looking.
    pub mend: Option<Mend>,
    /// Where the fault is in the metadata, and not in the text at `range`.
    pub about: Option<About>,
}

/// What would mend a fault without anybody looking.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mend {
    /// The block goes.
    Block,
    /// The sentence goes.
    Sentence,
    /// These ranges of the text, in order, become these texts.
    Pieces(Vec<(TextRange, String)>),
}

/// A fault in the metadata of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The value at fault; the place of the finding, where the reader knows it.
    pub field: MetaField,
    /// Another document whose value of this field explains the fault, and what to say of it.
    pub first: Option<(DocumentId, &'static str)>,
}

impl Flag {
    /// Returns the flag of a fault that is no repeat. `key` names the fault in a baseline: words without
    /// offsets and paths, the same for the same fault.
    #[must_use]
    pub fn new(rule: &'static str, range: TextRange, message: String, help: &'static str, key: &str) -> Self {
        let key = Fingerprinter::new(Profile::Verbatim).digest(&format!("{rule} {key}"));
        Self {
            rule,
            range,
            message,
            related: None,
            key,
            help,
            repeat_in: None,
            replacement: None,
            mend: None,
            about: None,
        }
    }

    /// Returns the flag of a fault in the metadata `field`.
    #[must_use]
    pub fn of_field(
        rule: &'static str,
        field: MetaField,
        message: String,
        help: &'static str,
        key: &str,
    ) -> Self {
        let about = Some(About { field, first: None });
        Self { about, ..Self::new(rule, TextRange::new(0, 0), message, help, key) }
    }
}
