//! From XML to tags, text and references, whatever is wrong with the XML.
//!
//! quick-xml cuts the text and leaves all else to us: which end belongs to which beginning, what a lone
//! `&` or `<` is, and where to go on behind a tag that is none.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::spelling::{false_tag, told};

/// How many tags that never end are stepped over; each costs a look at the rest of the file.
const ENDLESS: u32 = 100;

/// What is wrong with the XML: the first fault, and how many there are.
#[derive(Debug, Default)]
pub struct Damage {
    /// Where the first is, in bytes of the text, and what it is.
    pub first: Option<(usize, String)>,
    pub count: u64,
}

impl Damage {
    /// Notes a fault at byte `at`.
    pub fn add(&mut self, at: usize, message: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(|| (at, message()));
    }

    /// Returns the first fault and how many more there are, in one line; with its place.
    pub fn told(self) -> Option<(usize, String)> {
        let (at, message) = self.first?;
        let more = match self.count - 1 {
            0 => String::new(),
            1 => "; 1 more fault in the XML".to_owned(),
            more => format!("; {more} more faults in the XML"),
        };
        Some((at, format!("{message}{more}")))
    }
}

/// Receives the parts of XML in order, each as it stands in the text from byte `start` on.
pub trait Events<'a> {
    /// Takes a start, end or empty tag.
    fn tag(&mut self, raw: &'a str, start: usize);

    /// Takes text that stands for itself.
    fn text(&mut self, raw: &'a str, start: usize);

    /// Takes `&name;`.
    fn reference(&mut self, raw: &'a str, start: usize);

    /// Takes `<![CDATA[…]]>`, or as much of it as there is.
    fn cdata(&mut self, raw: &'a str, start: usize);

    /// Takes the inside of a document type declaration.
    fn doctype(&mut self, inside: &'a str);

    /// Returns where faults are noted.
    fn damage(&mut self) -> &mut Damage;
}

/// Gives the parts of `text` in `range` to `events`, in order.
pub fn walk<'a>(text: &'a str, range: Range<usize>, events: &mut dyn Events<'a>) {
    let Some(text) = text.get(..range.end) else { return };
    let (mut at, mut endless) = (range.start, 0);
    // What is read twice because a tag was none, in bytes.
    let mut budget = range.len().saturating_mul(8).saturating_add(1 << 20);
    while at < text.len() {
        let Some(rest) = text.get(at..) else { return };
        let mut reader = Reader::from_str(rest);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let base = at;
        loop {
            let start = base + reader.buffer_position() as usize;
            let event = reader.read_event();
            let end = base + reader.buffer_position() as usize;
            let Some(raw) = text.get(start..end.max(start)) else { return };
            match event {
                Ok(Event::Eof) => return,
                Ok(Event::Start(_) | Event::Empty(_) | Event::End(_)) => match false_tag(raw) {
                    None => events.tag(raw, start),
                    Some(length) => {
                        events.damage().add(start, || "`<` begins no tag".to_owned());
                        events.text(&raw[..length], start);
                        at = start + length;
                        let cost = raw.len() - length;
                        if cost > budget {
                            return;
                        }
                        budget -= cost;
                        break;
                    }
                },
                Ok(Event::Text(_)) => {
                    if raw.starts_with('&') {
                        events.damage().add(start, || "`&` begins no reference".to_owned());
                    }
                    events.text(raw, start);
                }
                Ok(Event::GeneralRef(_)) => events.reference(raw, start),
                Ok(Event::CData(_)) => events.cdata(raw, start),
                Ok(Event::DocType(_)) => events.doctype(raw.get("<!DOCTYPE".len()..).unwrap_or("")),
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
                Err(error) => {
                    events.damage().add(start, || format!("is not well-formed: {}", told(&error)));
                    let rest = &text[start..];
                    if rest.starts_with("<![CDATA[") {
                        events.cdata(rest, start);
                        return;
                    }
                    endless += 1;
                    let length = rest.chars().next().map_or(1, char::len_utf8).min(rest.len());
                    events.text(&rest[..length], start);
                    if endless >= ENDLESS {
                        return;
                    }
                    at = start + length;
                    break;
                }
            }
        }
    }
}
