//! Which items of one file bear the same id, or the same title?
//!
//! Of each item two numbers are kept and not the words themselves, so that a file of a million records
//! costs a few dozen bytes for each.

use std::collections::HashMap;

use crate::document::DocumentId;

/// What an item is called, as numbers; `None` for what it does not say or what does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The id's.
    pub id: Option<u64>,
    /// The title's.
    pub title: Option<u64>,
}

/// What two items of one file have in common; with the item that had it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// They bear one id.
    Id(Bearer),
    /// They bear one title, and not one id.
    Title(Bearer),
}

/// An item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Its number in its file.
    pub record: u32,
    /// The document it is.
    pub document: DocumentId,
}

/// The items seen so far.
#[derive(Debug, Default)]
pub struct Bearers {
    ids: HashMap<(u32, u64), Bearer>,
    titles: HashMap<(u32, u64), Bearer>,
}

impl Bearers {
    /// Takes in an item of input number `input`, and returns what it has in common with an earlier one of
    /// the same input.
    pub fn observe(&mut self, input: u32, bearer: Bearer, names: Names) -> Option<Clash> {
        let id = names.id.map(|id| *self.ids.entry((input, id)).or_insert(bearer));
        let title = names.title.map(|title| *self.titles.entry((input, title)).or_insert(bearer));
        match (id, title) {
            (Some(first), _) if first.record != bearer.record => Some(Clash::Id(first)),
            (_, Some(first)) if first.record != bearer.record => Some(Clash::Title(first)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bearer_is_named_and_an_id_says_more_than_a_title() {
        let mut bearers = Bearers::default();
        let names = |id, title| Names { id: Some(id), title: Some(title) };
        let item = |record| Bearer { record, document: DocumentId(record) };
        assert_eq!(bearers.observe(0, item(1), names(1, 1)), None);
        assert_eq!(bearers.observe(0, item(2), names(2, 1)), Some(Clash::Title(item(1))));
        assert_eq!(bearers.observe(0, item(3), names(1, 1)), Some(Clash::Id(item(1))));
        assert_eq!(bearers.observe(0, item(4), Names::default()), None);
        assert_eq!(bearers.observe(1, item(1), names(1, 1)), None);
    }
}
