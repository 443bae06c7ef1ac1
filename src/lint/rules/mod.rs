//! Which rules are there? One file each; the order of [`RULES`] is the order in which a passage is told
//! by the most telling of the rules about repeats.

mod boilerplate;
mod duplicate_document;
mod empty_text;
mod metadata_in_text;
mod near_duplicate_document;
mod near_repeated_paragraph;
mod near_shared_paragraph;
mod repeated_paragraph;
mod repeated_sentence;
mod shared_paragraph;

use super::{Rule, Told};

/// Every rule.
pub static RULES: &[&dyn Rule] = &[
    &duplicate_document::DuplicateDocument,
    &near_duplicate_document::NearDuplicateDocument,
    &boilerplate::Boilerplate,
    &repeated_paragraph::RepeatedParagraph,
    &shared_paragraph::SharedParagraph,
    &near_repeated_paragraph::NearRepeatedParagraph,
    &near_shared_paragraph::NearSharedParagraph,
    &repeated_sentence::RepeatedSentence,
    &metadata_in_text::MetadataInText,
    &empty_text::EmptyText,
];

/// What a near repeat is near to, and how much of it: `paragraph is nearly the same as pier.md:22 (…)`.
fn near(what: &str, told: &Told<'_>) -> String {
    let (shared, all) = (told.similarity.overlap, told.similarity.union);
    format!("{what} is nearly the same as {} ({shared} of {all} three-word runs shared)", told.first.named())
}
