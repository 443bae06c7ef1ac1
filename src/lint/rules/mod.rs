//! Which rules are there? One file each; the order of [`RULES`] is the order in which a passage is told
//! by the most telling of the rules about repeats.

mod boilerplate;
mod duplicate_document;
mod empty_text;
mod metadata_in_text;
mod repeated_paragraph;
mod repeated_sentence;
mod shared_paragraph;

use super::Rule;

/// Every rule.
pub static RULES: &[&dyn Rule] = &[
    &duplicate_document::DuplicateDocument,
    &boilerplate::Boilerplate,
    &repeated_paragraph::RepeatedParagraph,
    &shared_paragraph::SharedParagraph,
    &repeated_sentence::RepeatedSentence,
    &metadata_in_text::MetadataInText,
    &empty_text::EmptyText,
];
