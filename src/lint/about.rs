//! Faults in the metadata of a document.

use super::Flag;
use crate::document::{DocumentId, MetaField, TextRange};

/// A fault in the metadata of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The value at fault; the place of the finding, where the reader knows it.
    pub field: MetaField,
    /// Another document whose value of this field explains the fault, and what to say of it.
    pub first: Option<(DocumentId, &'static str)>,
}

impl Flag {
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
