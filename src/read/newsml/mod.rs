//! How do news items in XML become documents?
//!
//! News items in XML: NewsML-G2, NITF, and NewsML 1.x.
//!
//! [`outline`] notes the elements of an item and where they stand, [`item`] knows what they mean in each
//! vocabulary, [`inline`] turns the content (NITF, XHTML) into HTML whose characters keep their places.
//!
//! - A document is each `newsItem` of a `newsMessage`, a `newsItem` or `nitf` by itself, or each `NewsItem`
//!   of NewsML 1.x. Packages, concepts and planning items name things and have no text.
//! - The text is the content: `body.content` of NITF, the XHTML, or the inline data; of several the first.
//!   Headline, byline and dateline are no text, nor is an abstract, unless there is nothing else.
//! - Broken XML is read as far as it goes, with one fault; nothing is fetched.

mod inline;
mod item;
mod outline;

use std::sync::Arc;

use super::encoding::{declared, decode_piece};
use super::xml::{Entities, local, root};
use super::{Piece, ReadOptions, Reader, Sink};
use crate::document::{Document, Origin, SourceRange};
use item::File;

/// NewsML-G2, NITF and NewsML 1.x.
#[derive(Clone, Copy, Debug)]
pub struct NewsMl;

/// Roots that may hold news items.
const ROOTS: [&str; 4] = ["newsMessage", "newsItem", "nitf", "NewsML"];

/// Roots of the same family that hold none, and a part of an item by itself.
const OTHERS: [&str; 6] =
    ["contentSet", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"];

impl Reader for NewsMl {
    fn name(&self) -> &'static str {
        "newsml"
    }

    fn summary(&self) -> &'static str {
        "NewsML-G2, NITF and NewsML 1.x: one document for each news item"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["nitf", "newsml", "xml"]
    }

    fn recognises(&self, head: &str) -> bool {
        root(head).is_some_and(|root| ROOTS.iter().chain(&OTHERS).any(|known| *known == local(root)))
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let Some(decoded) = decode_piece(piece, options, declared(piece.bytes), sink) else { return };
        let lines = options.places.then(|| decoded.lines(piece.first_line));
        let origin = Origin {
            path: Arc::clone(piece.path),
            format: self.name(),
            stored: SourceRange { start: piece.offset, end: piece.offset + piece.bytes.len() as u64 },
            damaged: decoded.damage.is_some(),
            ..Origin::default()
        };
        let mut file = File {
            options,
            decoded: &decoded,
            lines,
            origin,
            document: Document::default(),
            entities: Entities::default(),
            items: 0,
        };
        let mut damage = outline::read(&decoded.text, &mut |item, damage| file.item(item, damage, sink));
        if file.items == 0 {
            sink.not_a_document("is XML but holds no news item: neither `newsItem` nor `nitf`");
            return;
        }
        if let Some((at, message)) = std::mem::take(&mut damage).told() {
            sink.fault(decoded.fault_at(piece, at, &message));
        }
    }
}

#[cfg(test)]
mod tests;
