//! From the events of XML to items, whatever is wrong with the XML.

use super::address::resolve;
use super::item::{Capture, Field, Item, Person, Value};
use super::names::{self, Family, Role, Space};
use super::spelling::{marked, marked_as_it_stands, mode};
use crate::read::xml::{
    Attributes, Body, Damage, Entities, Events, Reference, Tag, Taken, content, local, tag, walk,
};

/// How many open elements are searched for the one that an end tag closes.
const SEARCHED: usize = 1000;

/// An open element.
#[derive(Debug)]
struct Frame<'a> {
    /// The name as written, with its prefix.
    name: &'a str,
    role: Role,
    /// How many namespaces were bound outside of it.
    bound: usize,
    language: Option<String>,
    /// What addresses in it are relative to; empty for nothing.
    base: String,
}

/// What the extraction leaves behind.
#[derive(Debug)]
pub(super) struct Extracted {
    /// Whether the file is a feed at all.
    pub is_feed: bool,
    /// The feed's own fields.
    pub feed: Item,
    pub damage: Damage,
}

/// Reads the XML of `text` and gives each item to `give`, together with the feed's own fields as far as
/// they are known.
pub(super) fn extract(text: &str, want_map: bool, give: &mut dyn FnMut(Item, &Item)) -> Extracted {
    let mut extractor = Extractor {
        text,
        want_map,
        give,
        frames: Vec::new(),
        bindings: Vec::new(),
        entities: Entities::default(),
        family: Family::Rss,
        rooted: false,
        certain: false,
        feed: Item::default(),
        item: None,
        capture: None,
        damage: Damage::default(),
    };
    walk(text, 0..text.len(), &mut extractor);
    extractor.finish();
    Extracted { is_feed: extractor.certain, feed: extractor.feed, damage: extractor.damage }
}

/// What only feeds of RSS 1.0 declare at their root.
const RSS_1: &str = "http://purl.org/rss/1.0/";

struct Extractor<'a, 'g> {
    text: &'a str,
    want_map: bool,
    give: &'g mut dyn FnMut(Item, &Item),
    frames: Vec<Frame<'a>>,
    /// Prefixes and the vocabularies they are bound to, innermost last.
    bindings: Vec<(&'a str, Space)>,
    entities: Entities,
    family: Family,
    /// Whether the root was seen.
    rooted: bool,
    /// Whether something was seen that only feeds have.
    certain: bool,
    feed: Item,
    /// The open item and its frame.
    item: Option<(Item, usize)>,
    capture: Option<Capture>,
    damage: Damage,
}

impl<'a> Extractor<'a, '_> {
    /// The end of the file closes what is open.
    fn finish(&mut self) {
        let end = self.text.len();
        if let Some(open) = self.frames.last() {
            let name = open.name;
            self.damage.add(end, || format!("the file ends inside of <{name}>"));
        } else if !self.rooted {
            self.damage.add(end, || "holds no element".to_owned());
        }
        if let Some((item, _)) = &mut self.item {
            item.cut_off = true;
        }
        while !self.frames.is_empty() {
            self.close(end);
        }
    }

    fn start(&mut self, name: &'a str, attributes: &'a str, raw: &'a str, start: usize) {
        let bound = self.bindings.len();
        let mut language = None;
        let mut base = None;
        for (key, value) in Attributes(attributes) {
            if let Some(prefix) = key.strip_prefix("xmlns") {
                if prefix.is_empty() || prefix.starts_with(':') {
                    self.certain |= self.frames.is_empty() && value.trim() == RSS_1;
                    self.bindings.push((prefix.trim_start_matches(':'), Space::of_uri(value)));
                }
            } else if key == "xml:lang" {
                language = Some(value.trim().to_owned());
            } else if key == "xml:base" {
                base = Some(value);
            }
        }
        let base = match base {
            Some(base) => {
                let own = self.attribute(base);
                resolve(self.base(), &own)
            }
            // Inside of fields nothing is relative to anything.
            None if self.capture.is_some() => String::new(),
            None => self.base().to_owned(),
        };
        let frame = self.frames.len();
        let role = if self.capture.is_some() { Role::Other } else { self.role(name) };
        // An item inside an item was never closed.
        if role == Role::Item {
            if let Some((_, open)) = self.item {
                if open + 1 < frame {
                    self.frames.push(Frame { name, role: Role::Other, bound, language, base });
                    return;
                }
                self.damage.add(start, || format!("<{name}> begins inside of another"));
                self.close(start);
                self.item =
                    Some((Item { start, id: self.about(attributes, start), ..Item::default() }, open));
                self.frames.push(Frame { name, role, bound: self.bindings.len().min(bound), language, base });
                return;
            }
            self.item = Some((Item { start, id: self.about(attributes, start), ..Item::default() }, frame));
            self.certain = true;
        }
        self.frames.push(Frame { name, role, bound, language, base });
        match role {
            Role::Field => self.open_field(name, attributes, frame, start + raw.len()),
            _ if self.capture.is_some() => self.inner_start(name, raw, start, frame),
            _ => {}
        }
    }

    /// The name that RSS 1.0 gives an item.
    fn about(&mut self, attributes: &str, start: usize) -> Option<Value> {
        let (key, value) = Attributes(attributes).find(|(key, _)| matches!(*key, "rdf:about" | "about"))?;
        let text = self.attribute(value).trim().to_owned();
        (!text.is_empty()).then(|| Value { rank: 1, text, element: key.to_owned(), at: start..start })
    }

    /// What the element `name` is where it stands.
    fn role(&mut self, name: &str) -> Role {
        let space = self.space(name);
        let local = local(name);
        let is = |other: &str| local.eq_ignore_ascii_case(other);
        if !self.rooted {
            self.rooted = true;
            if is("feed") && matches!(space, Space::Core) || is("entry") && space == Space::Core {
                self.family = Family::Atom;
                self.certain = true;
                return if is("feed") { Role::Feed } else { Role::Item };
            }
            if is("rss") {
                self.certain = true;
                return Role::Root;
            }
            return if is("rdf") {
                Role::Root
            } else if is("channel") && space == Space::Core {
                Role::Feed
            } else {
                Role::Other
            };
        }
        let known_root = self.frames.first().is_none_or(|root| root.role != Role::Other);
        if !known_root {
            return Role::Other;
        }
        if space == Space::Core && (is("item") || is("entry")) {
            return Role::Item;
        }
        let parent = self.frames.last().map(|frame| frame.role);
        if space == Space::Core && is("channel") && parent == Some(Role::Root) {
            self.certain = true;
            return Role::Feed;
        }
        match parent {
            Some(Role::Item | Role::Feed) if names::field(space, local, self.family).is_some() => {
                // A channel without its root, and without items.
                self.certain |= self.frames.len() == 1 && is("link");
                Role::Field
            }
            _ => Role::Other,
        }
    }

    /// What addresses are relative to where the reading stands.
    fn base(&self) -> &str {
        self.frames.last().map_or("", |frame| frame.base.as_str())
    }

    fn space(&self, name: &str) -> Space {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        match self.bindings.iter().rev().find(|(bound, _)| *bound == prefix) {
            // A default namespace of their own is what many feeds give their plain names.
            Some((_, Space::Other)) if prefix.is_empty() => {
                if self.rooted && self.family == Family::Rss {
                    Space::Core
                } else {
                    Space::Other
                }
            }
            Some((_, space)) => *space,
            None if prefix.is_empty() => Space::Core,
            None => Space::of_prefix(prefix),
        }
    }

    /// Begins to take in the field whose element has just been opened as `frame`.
    fn open_field(&mut self, name: &str, attributes: &'a str, frame: usize, start: usize) {
        let space = self.space(name);
        let Some((field, rank)) = names::field(space, local(name), self.family) else { return };
        let of_item = self.item.is_some();
        let get =
            |wanted: &str| Attributes(attributes).find(|(key, _)| *key == wanted).map(|(_, value)| value);
        if field == Field::Link {
            self.link(get("href"), get("rel"), of_item, start);
        }
        if !of_item && field == Field::Author && self.family == Family::Rss {
            return;
        }
        let content_type = get("type").map_or("", str::trim).to_ascii_lowercase();
        let mode = mode(field, space, self.family, &content_type, get("mode"));
        let permalink = get("isPermaLink").is_none_or(|value| value.trim() != "false");
        let language = self.frames.iter().rev().find_map(|frame| frame.language.clone());
        self.capture = Some(Capture {
            field,
            rank,
            mode,
            element: name.to_owned(),
            of_item,
            frame,
            person: Person::Whole,
            permalink: permalink && self.family == Family::Rss,
            language,
            taken: Taken::new(self.want_map && field == Field::Body && of_item),
            start,
        });
    }

    /// The link of Atom: an address in an attribute.
    fn link(&mut self, href: Option<&str>, rel: Option<&str>, of_item: bool, start: usize) {
        let Some(href) = href else { return };
        let rank = match rel.map_or("alternate", str::trim) {
            "alternate" | "http://www.iana.org/assignments/relation/alternate" => 1,
            "self" => 5,
            _ => return,
        };
        let text = self.attribute(href);
        let text = resolve(self.base(), &text);
        let value =
            Value { rank, text: text.trim().to_owned(), element: "link".to_owned(), at: start..start };
        if of_item {
            if let Some((item, _)) = &mut self.item {
                item.set(Field::Link, value);
            }
        } else {
            self.feed.set(Field::Link, value);
        }
    }

    /// The value of an attribute with its references resolved.
    fn attribute(&mut self, value: &str) -> String {
        let mut out = String::new();
        let mut rest = value;
        while let Some(at) = rest.find('&') {
            out.push_str(&rest[..at]);
            let name = rest[at + 1..].split_once(';').map(|(name, _)| name);
            let length = match name.map(|name| (name.len() + 2, self.entities.resolve(name))) {
                Some((length, Reference::Character(c))) => {
                    out.push(c);
                    length
                }
                Some((length, Reference::Html(text))) => {
                    out.push_str(text);
                    length
                }
                Some((length, Reference::Declared(text))) => {
                    out.push_str(&text);
                    length
                }
                _ => {
                    out.push('&');
                    1
                }
            };
            rest = &rest[at + length..];
        }
        out.push_str(rest);
        out
    }

    /// A tag inside a field.
    fn inner_start(&mut self, name: &'a str, raw: &'a str, start: usize, frame: usize) {
        let space = self.space(name);
        let Some(capture) = &mut self.capture else { return };
        if capture.field == Field::Author && local(name) == "name" && capture.person == Person::Whole {
            capture.taken.source.clear();
            capture.person = Person::Name(frame);
        }
        if marked(capture.mode) && space != Space::Other {
            let prefix = name.len() - local(name).len();
            capture.taken.copy("<", start);
            capture.taken.copy(&raw[1 + prefix..], start + 1 + prefix);
        }
    }

    fn end(&mut self, name: &str, raw: &'a str, start: usize) {
        let open = self.frames.iter().rev().take(SEARCHED).position(|frame| frame.name == name);
        let Some(above) = open else {
            self.damage.add(start, || format!("</{name}> closes nothing"));
            return;
        };
        // The end tag of markup inside a field closes nothing outside of it by chance: a field's own
        // name is not one of HTML.
        for _ in 0..above {
            let inner = self.frames.last().map_or("", |frame| frame.name);
            self.damage.add(start, || format!("<{inner}> is not closed before </{name}>"));
            self.close(start);
        }
        let depth = self.frames.len();
        let inside = |capture: &&mut Capture| capture.frame + 1 < depth && marked(capture.mode);
        if let Some(capture) = self.capture.as_mut().filter(inside) {
            match name.len() - local(name).len() {
                0 => capture.taken.copy(raw, start),
                _ => capture.taken.unit(&format!("</{}>", local(name)), start, raw.len()),
            }
        }
        self.close(start);
    }

    /// Closes the innermost element; what it holds ends at byte `end`.
    fn close(&mut self, end: usize) {
        let Some(frame) = self.frames.pop() else { return };
        let number = self.frames.len();
        if let Some(capture) = self.capture.as_mut().filter(|capture| capture.person == Person::Name(number))
        {
            capture.person = Person::Done;
        }
        if let Some(capture) = self.capture.take_if(|capture| capture.frame == number) {
            self.take(capture, frame.language.clone(), &frame.base, end);
        }
        if let Some((mut item, _)) = self.item.take_if(|(_, open)| *open == number) {
            if item.language.is_none() {
                let outer = || self.frames.iter().rev().find_map(|frame| frame.language.clone());
                item.language = frame.language.or_else(outer);
            }
            (self.give)(item, &self.feed);
        }
        self.bindings.truncate(frame.bound.min(self.bindings.len()));
    }

    /// Puts a field that was read to its end in its place.
    fn take(&mut self, capture: Capture, language: Option<String>, base: &str, end: usize) {
        let Capture { field, rank, element, mode, start, .. } = capture;
        let (source, map) = capture.taken.finish();
        let target = match &mut self.item {
            Some((item, _)) if capture.of_item => item,
            _ => &mut self.feed,
        };
        if field == Field::Body {
            let better = target.body.as_ref().is_none_or(|old| {
                let blank = |text: &str| text.trim().is_empty();
                !blank(&source) && (blank(&old.source) || rank <= old.rank)
            });
            if better && capture.of_item {
                if language.is_some() || target.language.is_none() {
                    target.language = language.or(capture.language);
                }
                target.body = Some(Body { rank, mode, element, source, map, start: capture.start, end });
            }
            return;
        }
        let text = content::line(&source, mode);
        let mut value = Value { rank, text, element, at: start..end.max(start) };
        if field == Field::Id
            && capture.permalink
            && value.text.contains("://")
            && local(&value.element) == "guid"
        {
            target.set(Field::Link, Value { rank: 3, ..value.clone() });
        }
        if matches!(field, Field::Id | Field::Link | Field::Language) {
            value.text = value.text.trim().to_owned();
        }
        if field == Field::Link {
            value.text = resolve(base, &value.text);
        }
        target.set(field, value);
    }
}

impl<'a> Events<'a> for Extractor<'a, '_> {
    fn tag(&mut self, raw: &'a str, start: usize) {
        let (name, attributes, empty) = match tag(raw) {
            Tag::End(name) => return self.end(name, raw, start),
            Tag::Start { name, attributes, empty } => (name, attributes, empty),
        };
        self.start(name, attributes, raw, start);
        if empty {
            if let (Some(capture), true) = (&mut self.capture, self.frames.last().is_some()) {
                // An empty element of XHTML needs its end in HTML, unless HTML knows it to be empty.
                let local = local(name);
                let void = ["br", "hr", "img", "input", "wbr", "col", "area", "source", "embed", "p"];
                if capture.frame + 1 < self.frames.len() && marked(capture.mode) && !void.contains(&local) {
                    let close = format!("</{local}>");
                    capture.taken.unit(&close, start + raw.len(), 0);
                }
            }
            self.close(start + raw.len());
        }
    }

    fn text(&mut self, raw: &'a str, start: usize) {
        if let Some(capture) = self.capture.as_mut().filter(|capture| capture.listens()) {
            capture.taken.copy(raw, start);
        }
    }

    fn reference(&mut self, raw: &'a str, start: usize) {
        if let Some(capture) = self.capture.as_mut().filter(|capture| capture.listens()) {
            let verbatim = marked_as_it_stands(capture.mode);
            capture.taken.reference(raw, start, verbatim, &mut self.entities, &mut self.damage);
        }
    }

    fn cdata(&mut self, raw: &'a str, start: usize) {
        if let Some(capture) = self.capture.as_mut().filter(|capture| capture.listens()) {
            // In XHTML it is text, not markup.
            capture.taken.cdata(raw, start, marked_as_it_stands(capture.mode));
        }
    }

    fn doctype(&mut self, inside: &'a str) {
        self.entities.declare(inside);
    }

    fn damage(&mut self) -> &mut Damage {
        &mut self.damage
    }
}
