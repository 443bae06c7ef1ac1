//! Which items of one file bear the same id, or the same title?
//!
//! Of each item two numbers are kept and not the words themselves, so that a file of a million records
//! costs a few dozen bytes for each.

use std::collections::HashMap;

/// What an item is called, as numbers; `None` for what it does not say or what does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The id's.
    pub id: Option<u64>,
    /// The title's.
    pub title: Option<u64>,
}

/// What two items of one file have in common; with the record that had it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// They bear one id.
    Id(u32),
    /// They bear one title, and not one id.
    Title(u32),
}

/// The items seen so far.
#[derive(Debug, Default)]
pub struct Bearers {
    ids: HashMap<(u32, u64), u32>,
    titles: HashMap<(u32, u64), u32>,
}

impl Bearers {
    /// Takes in record number `record` of input number `input`, and returns what it has in common with an
    /// earlier one of the same input.
    pub fn observe(&mut self, input: u32, record: u32, names: Names) -> Option<Clash> {
        let id = names.id.map(|id| *self.ids.entry((input, id)).or_insert(record));
        let title = names.title.map(|title| *self.titles.entry((input, title)).or_insert(record));
        match (id, title) {
            (Some(first), _) if first != record => Some(Clash::Id(first)),
            (_, Some(first)) if first != record => Some(Clash::Title(first)),
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
        assert_eq!(bearers.observe(0, 1, names(1, 1)), None);
        assert_eq!(bearers.observe(0, 2, names(2, 1)), Some(Clash::Title(1)));
        assert_eq!(bearers.observe(0, 3, names(1, 1)), Some(Clash::Id(1)));
        assert_eq!(bearers.observe(0, 4, Names::default()), None);
        assert_eq!(bearers.observe(1, 1, names(1, 1)), None);
    }
}
