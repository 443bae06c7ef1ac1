//! The content of an item as HTML: NITF has names of its own for some of what HTML has.

use std::ops::Range;

use crate::document::SourceMap;
use crate::read::xml::{Damage, Entities, Events, Tag, Taken, local, tag, walk};

/// Elements that HTML knows to be empty; and `p`, which is closed by what follows.
const VOID: [&str; 11] = ["br", "hr", "img", "input", "wbr", "col", "area", "source", "embed", "link", "p"];

/// What an element of NITF is in HTML; `None` for one whose content is no text.
fn html_name(name: &str) -> Option<&str> {
    Some(match name {
        "hl1" | "hl2" => "h2",
        "block" | "note" | "fn" | "nitf-table" | "media" | "credit" | "datasource" | "body.content" => "div",
        "bq" => "blockquote",
        "media-caption" => "figcaption",
        "media-reference" | "media-metadata" | "media-object" | "media-producer" | "nitf-table-metadata" => {
            return None;
        }
        name => name,
    })
}

/// Returns the XML of `text` in `range` as HTML (or without its tags, if not `markup`), and the map from
/// it to `text`, empty unless `want_map`.
pub(super) fn taken(
    text: &str,
    range: Range<usize>,
    markup: bool,
    want_map: bool,
    entities: &mut Entities,
    damage: &mut Damage,
) -> (String, SourceMap) {
    let mut inline = Inline {
        markup,
        taken: Taken::new(want_map),
        entities,
        damage,
        walked: Damage::default(),
        depth: 0,
        skipped: None,
    };
    walk(text, range, &mut inline);
    inline.taken.finish()
}

struct Inline<'e> {
    markup: bool,
    taken: Taken,
    entities: &'e mut Entities,
    /// For the faults of references.
    damage: &'e mut Damage,
    /// The other faults were told when the outline was read.
    walked: Damage,
    depth: usize,
    /// How deep the element stands that is being passed over.
    skipped: Option<usize>,
}

impl<'a> Events<'a> for Inline<'_> {
    fn tag(&mut self, raw: &'a str, start: usize) {
        let (name, end, empty) = match tag(raw) {
            Tag::End(name) => (name, true, false),
            Tag::Start { name, empty, .. } => (name, false, empty),
        };
        if end {
            self.depth = self.depth.saturating_sub(1);
        }
        let plain = local(name);
        let html = html_name(plain);
        let skips = self.skipped.is_some();
        if end && self.skipped == Some(self.depth) {
            self.skipped = None;
        }
        if !end && !empty && html.is_none() && !skips {
            self.skipped = Some(self.depth);
        }
        if let Some(html) = html.filter(|_| self.markup && !skips) {
            if html == name {
                self.taken.copy(raw, start);
            } else {
                let slash = if end { "/" } else { "" };
                self.taken.unit(&format!("<{slash}{html}>"), start, raw.len());
            }
            if empty && !VOID.contains(&html) {
                self.taken.unit(&format!("</{html}>"), start + raw.len(), 0);
            }
        }
        if !end && !empty {
            self.depth += 1;
        }
    }

    fn text(&mut self, raw: &'a str, start: usize) {
        if self.skipped.is_none() {
            self.taken.copy(raw, start);
        }
    }

    fn reference(&mut self, raw: &'a str, start: usize) {
        if self.skipped.is_none() {
            self.taken.reference(raw, start, self.markup, self.entities, self.damage);
        }
    }

    fn cdata(&mut self, raw: &'a str, start: usize) {
        if self.skipped.is_none() {
            self.taken.cdata(raw, start, self.markup);
        }
    }

    fn doctype(&mut self, _: &'a str) {}

    fn damage(&mut self) -> &mut Damage {
        &mut self.walked
    }
}
