//! One item of a feed, as its fields come in.

use std::ops::Range;

use crate::read::xml::{Body, Mode, Taken};

/// What a field of an item or feed means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Title,
    Link,
    Author,
    Published,
    Updated,
    Language,
    Body,
}

/// Which part of an author counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Person {
    /// All of it, until a `name` is met.
    Whole,
    /// The `name` that is frame number so and so.
    Name(usize),
    /// The `name` was read.
    Done,
}

/// The inside of an element, while it is read.
#[derive(Debug)]
pub(super) struct Capture {
    pub field: Field,
    pub rank: u8,
    pub mode: Mode,
    /// The element's name as the feed writes it.
    pub element: String,
    /// Whether it belongs to an item, not to the feed.
    pub of_item: bool,
    /// Its frame.
    pub frame: usize,
    pub person: Person,
    /// Whether the address counts: `isPermaLink` of a `guid`.
    pub permalink: bool,
    pub language: Option<String>,
    /// What stands in it.
    pub taken: Taken,
    /// Where the inside begins in the decoded file.
    pub start: usize,
}

impl Capture {
    /// Returns whether text that comes now counts.
    pub const fn listens(&self) -> bool {
        !matches!(self.person, Person::Done)
    }
}

/// A value, with the rank of the element it came from and that element's name.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub rank: u8,
    pub text: String,
    pub element: String,
    /// Where it stands in the decoded file.
    pub at: Range<usize>,
}

/// The fields of an item, or of the feed.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// Where it begins in the decoded file.
    pub start: usize,
    pub id: Option<Value>,
    pub title: Option<Value>,
    pub link: Option<Value>,
    pub authors: Vec<Value>,
    pub published: Option<Value>,
    pub updated: Option<Value>,
    pub language: Option<String>,
    pub body: Option<Body>,
    /// Every date.
    pub dates: Vec<Value>,
    /// Whether the file ends inside of it.
    pub cut_off: bool,
}

impl Item {
    /// Puts `value` where `field` goes, unless a better one stands there.
    pub fn set(&mut self, field: Field, value: Value) {
        if value.text.trim().is_empty() {
            return;
        }
        let slot = match field {
            Field::Id => &mut self.id,
            Field::Title => &mut self.title,
            Field::Link => &mut self.link,
            Field::Published | Field::Updated => {
                self.dates.push(value.clone());
                if field == Field::Published { &mut self.published } else { &mut self.updated }
            }
            Field::Author => {
                self.authors.push(value);
                return;
            }
            Field::Language => {
                self.language = Some(value.text);
                return;
            }
            Field::Body => return,
        };
        if slot.as_ref().is_none_or(|old| value.rank < old.rank) {
            *slot = Some(value);
        }
    }

    /// Returns the names of the best kind of author, joined by `, `.
    pub fn author(&self) -> Option<String> {
        let best = self.authors.iter().map(|author| author.rank).min()?;
        let mut names: Vec<&str> = Vec::new();
        for author in self.authors.iter().filter(|author| author.rank == best) {
            if !names.contains(&author.text.as_str()) {
                names.push(&author.text);
            }
        }
        Some(names.join(", "))
    }
}
