//! Which rules are there? One file each; the order of [`RULES`] is the order in which a passage is told
//! by the most telling of the rules about repeats.

mod bad_characters;
mod boilerplate;
mod copied_passage;
mod double_escaped;
mod duplicate_document;
mod duplicate_id;
mod empty_text;
mod implausible_date;
mod invalid_date;
mod metadata_in_text;
mod missing_date;
mod missing_id;
mod mojibake;
mod near_duplicate_document;
mod near_repeated_paragraph;
mod near_shared_paragraph;
mod repeated_paragraph;
mod repeated_sentence;
mod residual_markup;
mod shared_paragraph;
pub(crate) mod silent_edit;
mod truncated_text;
mod unused_suppression;

pub(crate) use duplicate_id::{asks_names, clash, names};

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
    &copied_passage::CopiedPassage,
    &repeated_sentence::RepeatedSentence,
    &metadata_in_text::MetadataInText,
    &empty_text::EmptyText,
    &truncated_text::TruncatedText,
    &mojibake::Mojibake,
    &double_escaped::DoubleEscaped,
    &residual_markup::ResidualMarkup,
    &bad_characters::BadCharacters,
    &duplicate_id::DuplicateId,
    &duplicate_id::SameTitle,
    &missing_id::MissingId,
    &missing_date::MissingDate,
    &invalid_date::InvalidDate,
    &implausible_date::ImplausibleDate,
    &unused_suppression::UnusedSuppression,
    &silent_edit::SilentEdit,
];

/// What a near repeat is near to, and how much of it: `paragraph is nearly the same as pier.md:22 (…)`.
fn near(what: &str, told: &Told<'_>) -> String {
    let (shared, all) = (told.similarity.overlap, told.similarity.union);
    format!("{what} is nearly the same as {} ({shared} of {all} three-word runs shared)", told.first.named())
}
