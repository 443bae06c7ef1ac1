//! From the tokenizer to the renderer: texts and tags, each with its place in the source.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::{Emitter, Error, State, Tokenizer};
use memchr::memmem;

use super::marks::Mark;
use super::render::Renderer;
use super::tag::Tag;
use crate::document::DIRECTIVE;

/// Gives the texts and tags of `html` to `renderer`, in order; and to `marks`, if given, the tags that tell
/// where the main content is.
pub fn feed(html: &str, renderer: Renderer<'_>, marks: Option<&mut Vec<Mark>>) {
    let feed = Feed {
        html,
        renderer,
        is_xml: html.trim_start().starts_with("<?xml"),
        position: 0,
        done: 0,
        run: 0..0,
        name: Vec::new(),
        last_start: Vec::new(),
        is_end: false,
        is_self_closing: false,
        attributes: Attributes::default(),
        attribute: Attribute::default(),
        has_attribute: false,
        wants_attributes: false,
        marks,
        linked_data: None,
        wants_comments: memmem::find(html.as_bytes(), DIRECTIVE.as_bytes()).is_some(),
        comment: Vec::new(),
    };
    let Ok(()) = Tokenizer::new_with_emitter(html, feed).finish();
}

/// The attributes of one start tag that matter.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// Whether the element is hidden.
    pub hidden: bool,
    /// Whether a dialog is open.
    pub open: bool,
    /// All of them, where the element is one whose attributes are read.
    pub all: Vec<Attribute>,
}

/// One attribute.
#[derive(Clone, Debug, Default)]
pub struct Attribute {
    /// The name, in lower case.
    pub name: Vec<u8>,
    /// The value, with its entities decoded.
    pub value: Vec<u8>,
}

impl Attributes {
    /// Returns the value of the attribute `name`, without white space at either end.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let attribute = self.all.iter().find(|attribute| attribute.name == name.as_bytes())?;
        let value = std::str::from_utf8(&attribute.value).ok()?.trim();
        (!value.is_empty()).then_some(value)
    }
}

/// The emitter that html5gum calls. It copies no text: a text is a range of the source, which grows
/// while what the tokenizer emits is what stands there.
struct Feed<'a, 'd, 'm> {
    html: &'a str,
    renderer: Renderer<'d>,
    /// Whether the page says that it is XML: then `<script/>` is a whole element.
    is_xml: bool,
    /// Where the tokenizer stands.
    position: usize,
    /// Up to where the source has been taken in, as text or as tags.
    done: usize,
    /// Text that stands in the source as it is, and has not been given to the renderer yet.
    run: Range<usize>,
    name: Vec<u8>,
    last_start: Vec<u8>,
    is_end: bool,
    is_self_closing: bool,
    attributes: Attributes,
    attribute: Attribute,
    has_attribute: bool,
    wants_attributes: bool,
    marks: Option<&'m mut Vec<Mark>>,
    /// Where the JSON-LD begins that is open.
    linked_data: Option<usize>,
    /// Whether any comment may be one to copydesk.
    wants_comments: bool,
    /// What the open comment says.
    comment: Vec<u8>,
}

impl Feed<'_, '_, '_> {
    /// Gives the run to the renderer.
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        if !run.is_empty() {
            self.renderer.text(self.html, run);
        }
    }

    /// Where `text`, just emitted, stands as it is; `None` where the source writes it otherwise.
    fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        let bytes = self.html.as_bytes();
        let stands_at = |at: usize| {
            let there = bytes.get(at..at + text.len());
            there == Some(text) || (text == b"\n" && there == Some(b"\r"))
        };
        let end = self.done + text.len();
        let is_reference = bytes.get(self.done) == Some(&b'&') && self.position != end;
        if is_reference {
            return None;
        }
        if stands_at(self.done) {
            return Some(self.done..end);
        }
        // Behind something that emits nothing: the opening of a CDATA section.
        let start = self.position.checked_sub(text.len())?;
        (start >= self.done && stands_at(start)).then_some(start..self.position)
    }

    /// Takes note of what a tag in `place` says beside the text.
    fn note(&mut self, place: &Range<usize>) {
        if self.name == b"script" {
            let is_data = |kind: &str| kind.eq_ignore_ascii_case("application/ld+json");
            let start = self.linked_data.take();
            if !self.is_end && self.attributes.value("type").is_some_and(is_data) {
                self.linked_data = Some(place.end);
            } else if let Some(json) = start.and_then(|start| self.html.get(start..place.start)) {
                self.renderer.linked_data(json, place.start - json.len());
            }
        }
        let Some(marks) = &mut self.marks else { return };
        let at = if self.is_end { place.end } else { place.start };
        marks.extend(Mark::of(&self.name, &self.attributes, at, self.is_end));
    }

    fn finish_attribute(&mut self) {
        if !std::mem::take(&mut self.has_attribute) {
            return;
        }
        match self.attribute.name.as_slice() {
            b"hidden" => self.attributes.hidden = true,
            // Pages that wait for their scripts hide themselves whole.
            b"style" if self.name != b"body" && self.name != b"html" => {
                self.attributes.hidden |= hides(&self.attribute.value);
            }
            b"open" => self.attributes.open = true,
            _ => {}
        }
        if self.wants_attributes {
            self.attributes.all.push(std::mem::take(&mut self.attribute));
        }
    }
}

/// Whether an element with this `style` is not shown: `display: none` or `visibility: hidden`. Of two
/// declarations the last holds.
fn hides(style: &[u8]) -> bool {
    let style = String::from_utf8_lossy(style).to_ascii_lowercase();
    let (mut no_box, mut invisible) = (false, false);
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.split('!').next().unwrap_or_default().trim();
        match property.trim() {
            "display" => no_box = value == "none",
            "visibility" => invisible = matches!(value, "hidden" | "collapse"),
            _ => {}
        }
    }
    no_box || invisible
}

impl Emitter for Feed<'_, '_, '_> {
    type Token = Infallible;

    #[inline]
    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        self.last_start.clear();
        self.last_start.extend_from_slice(last_start_tag.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.flush();
        self.renderer.finish();
    }

    fn emit_error(&mut self, _: Error) {}

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    #[inline]
    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    #[inline]
    fn init_string(&mut self) {
        self.done = self.done.max(self.position);
    }

    fn emit_string(&mut self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        if let Some(found) = self.find(text) {
            if self.run.end != found.start || self.run.is_empty() {
                self.flush();
                self.run = found.clone();
            }
            // A return and a line feed are one line end, of which the tokenizer emits one.
            let bytes = self.html.as_bytes();
            let pair = text == b"\n" && bytes[found.start] == b'\r' && bytes.get(found.end) == Some(&b'\n');
            self.done = found.end + usize::from(pair);
            self.run.end = self.done;
        } else {
            self.flush();
            let range = self.done..self.position.max(self.done);
            self.done = range.end;
            self.renderer.unit(&String::from_utf8_lossy(text), range);
        }
    }

    fn init_start_tag(&mut self) {
        self.name.clear();
        self.is_end = false;
        self.is_self_closing = false;
        self.attributes.hidden = false;
        self.attributes.open = false;
        self.attributes.all.clear();
        self.has_attribute = false;
        self.wants_attributes = false;
    }

    fn init_end_tag(&mut self) {
        self.init_start_tag();
        self.is_end = true;
    }

    fn init_comment(&mut self) {
        self.comment.clear();
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.finish_attribute();
        self.flush();
        let place = self.done..self.position;
        self.done = self.position;
        let tag = Tag::named(&self.name);
        self.note(&place);
        if self.is_end {
            self.last_start.clear();
            self.renderer.end_tag(tag, place);
            return None;
        }
        std::mem::swap(&mut self.last_start, &mut self.name);
        let is_foreign = self.renderer.is_foreign();
        let is_whole = self.is_self_closing && (self.is_xml || is_foreign);
        self.renderer.start_tag(tag, place, &self.attributes, is_whole);
        if is_whole || is_foreign { None } else { tag.state() }
    }

    fn emit_current_comment(&mut self) {
        self.flush();
        if self.wants_comments {
            let place = self.done..self.position;
            self.renderer.comment(&String::from_utf8_lossy(&self.comment), place);
        }
        self.done = self.position;
    }

    fn emit_current_doctype(&mut self) {
        self.flush();
        self.done = self.position;
    }

    fn set_self_closing(&mut self) {
        self.is_self_closing = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, s: &[u8]) {
        self.name.extend_from_slice(s);
    }

    fn push_comment(&mut self, s: &[u8]) {
        if self.wants_comments {
            self.comment.extend_from_slice(s);
        }
    }

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {}

    fn init_attribute(&mut self) {
        self.finish_attribute();
        self.has_attribute = true;
        self.attribute.name.clear();
        self.attribute.value.clear();
        self.wants_attributes = matches!(self.name.as_slice(), b"meta" | b"link" | b"html" | b"script")
            || self.marks.is_some() && Mark::may_be(&self.name);
    }

    fn push_attribute_name(&mut self, s: &[u8]) {
        self.attribute.name.extend_from_slice(s);
    }

    fn push_attribute_value(&mut self, s: &[u8]) {
        if self.wants_attributes || self.attribute.name == b"style" {
            self.attribute.value.extend_from_slice(s);
        }
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end && !self.last_start.is_empty() && self.last_start == self.name
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.is_xml || self.renderer.is_foreign()
    }
}
