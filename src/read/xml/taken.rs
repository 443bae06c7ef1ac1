//! The inside of an element, while it is read.

use super::entities::{Entities, Reference};
use super::events::Damage;
use crate::document::{SourceMap, SourceMapBuilder};

/// What was taken from the inside of an element, and where it stands.
#[derive(Debug, Default)]
pub struct Taken {
    pub source: String,
    /// From `source` to the decoded file; only kept where places are asked for.
    map: Option<SourceMapBuilder>,
}

impl Taken {
    /// Returns room for what comes; with places if `want_map`.
    pub fn new(want_map: bool) -> Self {
        Self { source: String::new(), map: want_map.then(SourceMapBuilder::new) }
    }

    /// Appends what stands as it is at byte `at` of the decoded file.
    pub fn copy(&mut self, text: &str, at: usize) {
        if let Some(map) = &mut self.map {
            map.copied(self.source.len() as u32, at as u64, text.len() as u32);
        }
        self.source.push_str(text);
    }

    /// Appends `text`, which `length` bytes from byte `at` stand for.
    pub fn unit(&mut self, text: &str, at: usize, length: usize) {
        if let Some(map) = &mut self.map {
            map.unit(self.source.len() as u32, text.len() as u32, at as u64, length as u32);
        }
        self.source.push_str(text);
    }

    /// Appends the inside of `<![CDATA[…]]>`, or as much of it as there is; `verbatim` where the source
    /// is to stay markup, in which a section is text.
    pub fn cdata(&mut self, raw: &str, start: usize, verbatim: bool) {
        let inside = raw.strip_prefix("<![CDATA[").unwrap_or(raw);
        let mut at = start + (raw.len() - inside.len());
        let inside = inside.strip_suffix("]]>").unwrap_or(inside);
        if !verbatim {
            self.copy(inside, at);
            return;
        }
        for part in inside.split_inclusive(['<', '&']) {
            let plain = part.trim_end_matches(['<', '&']);
            self.copy(plain, at);
            at += plain.len();
            if part.ends_with('<') {
                self.unit("&lt;", at, 1);
            } else if part.ends_with('&') {
                self.unit("&amp;", at, 1);
            }
            at += part.len() - plain.len();
        }
    }

    /// Appends what the reference `raw` stands for; as it stands if `verbatim`, where the source stays
    /// markup.
    pub fn reference(
        &mut self,
        raw: &str,
        start: usize,
        verbatim: bool,
        entities: &mut Entities,
        damage: &mut Damage,
    ) {
        let name = raw.trim_start_matches('&').trim_end_matches(';');
        match entities.resolve(name) {
            Reference::Character(_) | Reference::Html(_) if verbatim => self.copy(raw, start),
            Reference::Character(c) => self.unit(c.encode_utf8(&mut [0; 4]), start, raw.len()),
            Reference::Html(text) => {
                if !entities.external {
                    damage.add(start, || format!("`{raw}` is an entity of HTML, not of XML"));
                }
                self.unit(text, start, raw.len());
            }
            Reference::Declared(text) if verbatim => {
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                self.unit(&text, start, raw.len());
            }
            Reference::Declared(text) => self.unit(&text, start, raw.len()),
            Reference::Refused(why) => {
                damage.add(start, || format!("the entity `{raw}` {why}"));
                self.copy(raw, start);
            }
            Reference::Unknown => {
                if !entities.external {
                    damage.add(start, || format!("`{raw}` is no entity"));
                }
                self.copy(raw, start);
            }
        }
    }

    /// Returns what was taken, and the map from it to the decoded file (empty unless asked for).
    pub fn finish(self) -> (String, SourceMap) {
        (self.source, self.map.unwrap_or_default().finish())
    }
}
