//! IPTC ninjs 1.x, 2.x and 3.x: news as JSON objects, one, an array of them, or one behind the other.
//!
//! The versions spell the same things differently (`headline` and `body_html`, `headlines` and `bodies`,
//! `versioncreated` and `versionCreated`); all spellings are read in any file.
//!
//! - The text is the first body that is not blank: plain text before HTML, and where there is none the
//!   description, which is the caption of a picture.
//! - Associated objects that have a body are documents of their own, behind the one that names them.
//! - Usage terms, rights, subjects and planning are not text.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::encoding::{self, Decoded};
use super::escape::unescape;
use super::record::{Stretch, string_content};
use super::{Piece, ReadOptions, Reader, Sink, html, json};
use crate::document::{DateForm, Document, LineIndex, MetaField, Places, SourceMap, SourceRange, StatedDate};
use crate::segment;

/// The reader of ninjs.
#[derive(Clone, Copy, Debug)]
pub struct Ninjs;

/// How deep objects may be associated with each other.
const DEPTH: u32 = 8;

/// Names of properties that ninjs has and other records of articles have not.
const TELLING: [&str; 15] = [
    "versioncreated",
    "contentcreated",
    "pubstatus",
    "body_xhtml",
    "bodies",
    "headlines",
    "copyrightholder",
    "copyrightnotice",
    "usageterms",
    "representationtype",
    "altids",
    "trustindicators",
    "rightsinfo",
    "plannedcoverage",
    "eventdetails",
];

/// The other names of properties of any version.
#[rustfmt::skip]
const KNOWN: [&str; 58] = [
    "uri", "$standard", "standard", "standardversion", "type", "mimetype", "profile", "version",
    "firstcreated", "contentmodified", "embargoed", "urgency", "ednote", "language", "expires", "person",
    "people", "organisation", "organisations", "place", "places", "subject", "subjects", "event", "events",
    "object", "objects", "infosource", "infosources", "title", "byline", "bylines", "by", "headline",
    "slugline", "located", "charcount", "wordcount", "renditions", "trustindicator", "genre", "genres",
    "descriptions", "advices", "contentwarnings", "digitalsourcetype", "creditline", "name", "copyright",
    "signal", "services", "products", "parent", "related", "associations",
    "contactinfo", "keywords", "derivedfrom",
];

/// Properties of which an object may have several, named by what stands behind: `body_html`.
const SPREAD: [&str; 3] = ["body_", "description_", "headline_"];

impl Reader for Ninjs {
    fn name(&self) -> &'static str {
        "ninjs"
    }

    fn summary(&self) -> &'static str {
        "IPTC ninjs 1.x, 2.x and 3.x: one news object, or many"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["ninjs", "json"]
    }

    /// An object with a `uri` that says it is ninjs, or has a property that only ninjs has, or none
    /// that ninjs has not.
    fn recognises(&self, head: &str) -> bool {
        let head = head.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '[' | '\u{feff}'));
        if !head.starts_with('{') || !head.contains("\"uri\"") {
            return false;
        }
        let names = names(head);
        let has = |wanted: &str| names.iter().any(|name| name == wanted);
        let telling = names.iter().filter(|name| TELLING.contains(&name.as_str())).count();
        let known = |name: &String| {
            let spread = SPREAD.iter().any(|start| name.starts_with(start));
            spread || TELLING.contains(&name.as_str()) || KNOWN.contains(&name.as_str())
        };
        let standard = has("$standard") || has("standard");
        has("uri") && (standard && head.contains("ninjs") || telling > 0 || names.iter().all(known))
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        // Whoever names the fields has records of another kind.
        if !options.fields.names.is_empty() {
            return json::Json.read(piece, options, sink);
        }
        let Some(decoded) = encoding::decode_piece(piece, options, None, sink) else { return };
        let lines = options.places.then(|| decoded.lines(piece.first_line));
        let stretch =
            Stretch { text: &decoded.text, places: lines.as_ref().map(|lines| (&decoded.map, lines)) };
        let mut file = File { piece, options, decoded: &decoded, stretch, document: Document::default() };
        file.read(sink);
    }
}

/// The names of the properties of the object that opens `head`, in lower case, as far as it goes.
fn names(head: &str) -> Vec<String> {
    let bytes = head.as_bytes();
    let (mut names, mut depth, mut at) = (Vec::new(), 0_u32, 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => break,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let start = at;
                while bytes.get(at).is_some_and(|&byte| byte != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let name = head.get(start..at.min(bytes.len()));
                at += 1;
                let behind = bytes.get(at..).unwrap_or_default().trim_ascii_start();
                if depth == 1 && behind.first() == Some(&b':') {
                    names.extend(name.map(str::to_ascii_lowercase));
                }
            }
            _ => {}
        }
    }
    names
}

/// The properties of one object, by their names in lower case; the values are slices of the file.
type Object<'a> = BTreeMap<String, Property<'a>>;

/// One property.
#[derive(Clone, Debug)]
struct Property<'a> {
    /// The name as the file has it.
    name: String,
    /// The JSON of its value.
    value: &'a str,
}

/// The file that is being read.
struct File<'a> {
    piece: &'a Piece<'a>,
    options: &'a ReadOptions,
    decoded: &'a Decoded<'a>,
    stretch: Stretch<'a>,
    document: Document,
}

const NO_NEWS: &str = "is JSON but no ninjs: there is no object with a `uri`";

impl<'a> File<'a> {
    fn read(&mut self, sink: &mut dyn Sink) {
        let text = self.stretch.text;
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<&'a RawValue>();
        let (mut objects, mut others) = (Vec::new(), Vec::new());
        let mut damage = None;
        for value in values.by_ref() {
            match value {
                Ok(value) => gather(value.get(), 0, &mut objects, &mut others),
                Err(error) => damage = Some(error),
            }
        }
        let numbered = objects.len() > 1 || text.trim_start().starts_with('[');
        for (number, object) in (1..).zip(&objects) {
            self.object(object, numbered.then_some(number));
            sink.document(&mut self.document);
        }
        if let Some(error) = damage {
            let start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len);
            let at = start.sum::<usize>() + error.column().saturating_sub(1);
            let message = error.to_string();
            let message = message.rfind(" at line ").map_or(&*message, |end| &message[..end]);
            let at = at.min(text.len());
            sink.fault(self.decoded.fault_at(self.piece, at, &format!("not valid JSON: {message}")));
        } else if objects.is_empty() {
            sink.not_a_document(NO_NEWS);
        } else {
            for other in others {
                let at = self.stretch.offset(other);
                sink.fault(self.decoded.fault_at(self.piece, at, "the object has no `uri`"));
            }
        }
    }

    /// Fills the document from one object.
    fn object(&mut self, object: &Object<'a>, number: Option<u32>) {
        let Piece { path, offset, bytes, .. } = self.piece;
        let document = &mut self.document;
        document.clear();
        document.origin.found_in(path, Ninjs.name());
        document.origin.record = number;
        document.origin.field = None;
        document.origin.stored = SourceRange { start: *offset, end: offset + bytes.len() as u64 };
        document.origin.damaged = self.decoded.damage.is_some();
        let mut places = Vec::new();
        let meta = &mut document.meta;
        let mut find = |field: Option<MetaField>, names: &[&str]| {
            let (name, found) = names.iter().find_map(|name| value(object, name))?;
            if let (Some(field), Some((below, _))) = (field, self.stretch.places) {
                places.push(self.stretch.field(field, name, found, below));
            }
            scalar(found)
        };
        meta.id = find(Some(MetaField::Id), &["uri"]);
        meta.title = find(Some(MetaField::Title), &["headline", "headlines", "headline_", "title", "name"]);
        meta.version = find(None, &["version"]);
        meta.author = find(None, &["byline", "bylines", "by"]);
        meta.language = find(None, &["language"]);
        meta.published = find(Some(MetaField::Published), &["firstcreated", "contentcreated"]);
        meta.updated = find(Some(MetaField::Updated), &["versioncreated", "contentmodified"]);
        // The dates that cannot lie in the future by right, as `embargoed` and `expires` can.
        let dated = ["firstcreated", "versioncreated", "contentcreated", "contentmodified"];
        for name in dated {
            let index = meta.dates.len() as u32;
            let Some(said) = find(Some(MetaField::Date(index)), &[name]) else { continue };
            let element = value(object, name).map_or(name, |(name, _)| name).to_owned();
            meta.dates.push(StatedDate { element, value: said, form: DateForm::Rfc3339, of_feed: false });
        }
        let body = body(object);
        let at = body.as_ref().map_or_else(
            || object.get("uri").map_or(0, |uri| self.stretch.offset(uri.value)),
            |body| self.stretch.offset(body.value),
        );
        let want_map = self.stretch.places.is_some();
        let map = body.and_then(|body| {
            document.origin.field = Some(Arc::from(&*body.name));
            let string = string_content(body.value)?;
            let is_html = self.options.body_html.unwrap_or(body.is_html);
            fill(string, at as u64 + 1, is_html, want_map, document)
        });
        if let Some((below, lines)) = self.stretch.places {
            let map = map.filter(|_| !document.text.is_empty());
            let map = map.unwrap_or_else(|| SourceMap::identity(at as u64, 1)).over(below);
            let lines: &Arc<LineIndex> = lines;
            document.places = Some(Arc::new(Places { map, lines: Arc::clone(lines), fields: places }));
        }
    }
}

/// Fills the text from the JSON string content `string`, which begins at byte `start` of the file.
fn fill(
    string: &str,
    start: u64,
    is_html: bool,
    want_map: bool,
    document: &mut Document,
) -> Option<SourceMap> {
    if !is_html {
        let map = unescape(string, start, want_map, &mut document.text);
        segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
        return map;
    }
    let mut source = String::new();
    let below = unescape(string, start, want_map, &mut source);
    let above = html::render(&source, document, want_map);
    Some(above.over(&below?))
}

/// Collects the news objects of a JSON value: itself, its items, and what it is associated with if that
/// has a body.
fn gather<'a>(value: &'a str, depth: u32, objects: &mut Vec<Object<'a>>, others: &mut Vec<&'a str>) {
    if depth > DEPTH {
        return;
    }
    if value.starts_with('[') {
        let items: Vec<&'a RawValue> = serde_json::from_str(value).unwrap_or_default();
        items.into_iter().for_each(|item| gather(item.get(), depth + 1, objects, others));
        return;
    }
    let Some(object) = object(value).filter(|object| object.contains_key("uri")) else {
        others.push(value);
        return;
    };
    let associated = object.get("associations").map(|property| property.value);
    objects.push(object);
    let Some(associated) = associated else { return };
    // Named by properties in 1.x, a list from 2.0 on.
    let mut inner: Vec<&'a str> = if associated.starts_with('[') {
        let list: Vec<&'a RawValue> = serde_json::from_str(associated).unwrap_or_default();
        list.into_iter().map(RawValue::get).collect()
    } else {
        self::object(associated).unwrap_or_default().into_values().map(|property| property.value).collect()
    };
    inner.sort_by_key(|value| value.as_ptr() as usize);
    for value in inner {
        let with_text = |object: Object<'a>| body(&object).is_some_and(|body| !body.is_description);
        if self::object(value).is_some_and(with_text) {
            gather(value, depth + 1, objects, &mut Vec::new());
        }
    }
}

/// The properties of `value`; `None` where it is no object.
fn object(value: &str) -> Option<Object<'_>> {
    let properties: BTreeMap<String, &RawValue> = serde_json::from_str(value).ok()?;
    let property = properties.into_iter().map(|(name, value)| {
        let key = name.to_ascii_lowercase();
        (key, Property { name, value: value.get() })
    });
    Some(property.collect())
}

/// Returns the property called `name`, or for a name that ends in `_` the first that begins so, with the
/// string to read in it: of a list the value with the role `main`, or else the first.
fn value<'o, 'a>(object: &'o Object<'a>, name: &str) -> Option<(&'o str, &'a str)> {
    let property = if name.ends_with('_') {
        object.range(name.to_owned()..).next().filter(|(found, _)| found.starts_with(name))?.1
    } else {
        object.get(name)?
    };
    let value = match property.value.as_bytes().first()? {
        b'[' => {
            let parts = parts(property.value);
            let main = parts.iter().find(|part| part.role == "main");
            main.or_else(|| parts.first())?.value
        }
        b'{' | b'n' => return None,
        _ => property.value,
    };
    (!is_blank(value)).then_some((&*property.name, value))
}

/// One of several values: `{"role": "main", "contentType": "text/html", "value": "…"}`.
struct Part<'a> {
    role: String,
    kind: String,
    value: &'a str,
}

/// The values of a list that are not blank.
fn parts(list: &str) -> Vec<Part<'_>> {
    let items: Vec<&RawValue> = serde_json::from_str(list).unwrap_or_default();
    let mut out = Vec::new();
    for item in items {
        let plain = item.get();
        let plain = Part { role: String::new(), kind: String::new(), value: plain };
        let found = Some(plain).filter(|part| part.value.starts_with('"')).or_else(|| {
            let object = object(item.get())?;
            let text = |name: &str| object.get(name).and_then(|p| scalar(p.value)).unwrap_or_default();
            let value = ["value", "byline", "name"].iter().find_map(|name| object.get(*name))?.value;
            Some(Part { role: text("role"), kind: text("contenttype").to_ascii_lowercase(), value })
        });
        out.extend(found.filter(|part| part.value.starts_with('"') && !is_blank(part.value)));
    }
    out
}

/// A body, or a description in its place.
struct Body<'a> {
    name: String,
    value: &'a str,
    is_html: bool,
    is_description: bool,
}

/// The first body that is not blank: text before HTML, and descriptions behind.
fn body<'a>(object: &Object<'a>) -> Option<Body<'a>> {
    bodies(object, "body_", "bodies").or_else(|| {
        let description = bodies(object, "description_", "descriptions")?;
        Some(Body { is_description: true, ..description })
    })
}

fn bodies<'a>(object: &Object<'a>, start: &str, list: &str) -> Option<Body<'a>> {
    let named = object.range(start.to_owned()..).take_while(|(name, _)| name.starts_with(start));
    let named = named.filter(|(_, p)| p.value.starts_with('"') && !is_blank(p.value)).map(|(name, p)| Body {
        name: p.name.clone(),
        value: p.value,
        is_html: name.contains("html"),
        is_description: false,
    });
    let listed = object.get(list).into_iter().flat_map(|property| {
        parts(property.value).into_iter().map(|part| Body {
            name: property.name.clone(),
            value: part.value,
            is_html: part.kind.contains("html")
                || part.kind.contains("xml")
                || part.kind.is_empty() && part.role.contains("html"),
            is_description: false,
        })
    });
    // The first of the least: text, then HTML, each in the order of the file.
    named.chain(listed).min_by_key(|body| body.is_html)
}

/// A value as text: strings unescaped, numbers as written; nothing for what is blank.
fn scalar(raw: &str) -> Option<String> {
    let text = match raw.as_bytes().first()? {
        b'"' => {
            let mut out = String::new();
            unescape(string_content(raw)?, 0, false, &mut out);
            out.trim().to_owned()
        }
        b'n' | b'{' | b'[' => return None,
        _ => raw.to_owned(),
    };
    (!text.is_empty()).then_some(text)
}

fn is_blank(raw: &str) -> bool {
    scalar(raw).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextRange;
    use crate::error::ReadError;

    #[derive(Default)]
    struct Got {
        documents: Vec<Document>,
        faults: Vec<String>,
        refused: Option<&'static str>,
    }

    impl Sink for Got {
        fn document(&mut self, document: &mut Document) {
            self.documents.push(document.clone());
        }
        fn fault(&mut self, fault: ReadError) {
            self.faults.push(fault.to_string());
        }
        fn not_a_document(&mut self, why: &'static str) {
            self.refused = Some(why);
        }
    }

    fn read(text: &str) -> Got {
        let mut got = Got::default();
        let path: Arc<str> = Arc::from("n.json");
        let piece = Piece { path: &path, bytes: text.as_bytes(), offset: 0, first_line: 1, named: true };
        Ninjs.read(&piece, &ReadOptions { places: true, ..ReadOptions::default() }, &mut got);
        got
    }

    #[test]
    fn the_spellings_of_all_versions_mean_the_same() {
        let one = r#"{"uri": "urn:1", "headline": "Nets torn", "byline": "Lotte Brand", "versioncreated": "2026-11-18T12:00:00Z", "body_html": "<p>Seals &amp; nets.</p>"}"#;
        let two = r#"{"uri": "urn:1", "headlines": [{"role": "sub", "value": "no"}, {"role": "main", "value": "Nets torn"}], "bylines": [{"byline": "Lotte Brand"}], "versioncreated": "2026-11-18T12:00:00Z", "bodies": [{"contenttype": "text/html", "value": "<p>Seals &amp; nets.</p>"}]}"#;
        let three = r#"{"uri": "urn:1", "headlines": [{"value": "Nets torn"}], "by": "Lotte Brand", "versionCreated": "2026-11-18T12:00:00Z", "bodies": [{"value": " "}, {"contentType": "text/html", "value": "<p>Seals &amp; nets.</p>"}]}"#;
        for text in [one, two, three] {
            assert!(Ninjs.recognises(text), "{text}");
            let got = read(text);
            let [document] = &got.documents[..] else { panic!("{:?}", got.documents) };
            assert_eq!(document.text.trim(), "Seals & nets.");
            let meta = &document.meta;
            assert_eq!(meta.title.as_deref(), Some("Nets torn"));
            assert_eq!(meta.author.as_deref(), Some("Lotte Brand"));
            assert_eq!(meta.updated.as_deref(), Some("2026-11-18T12:00:00Z"));
            let at = document.text.find('&').unwrap() as u32;
            let places = document.places.as_ref().unwrap();
            let stored = places.map.source_range(TextRange::new(at, at + 1));
            assert_eq!(&text[stored.start as usize..stored.end as usize], "&amp;");
            let title = places.fields.iter().find(|place| place.field == MetaField::Title).unwrap();
            assert_eq!(&text[title.range.start as usize..title.range.end as usize], "Nets torn");
        }
    }

    #[test]
    fn associated_objects_with_a_body_are_documents() {
        let got = read(
            r#"{"uri": "a", "body_text": "One.", "associations": {"z": {"uri": "b", "body_text": "Two."}, "p": {"uri": "c", "description_text": "A picture."}}}"#,
        );
        let texts: Vec<_> = got.documents.iter().map(|d| (d.origin.record, d.text.as_str())).collect();
        assert_eq!(texts, [(Some(1), "One."), (Some(2), "Two.")]);
    }

    #[test]
    fn arrays_and_rows_of_objects_are_read() {
        for text in [
            r#"[{"uri": "a", "body_text": "One."}, {"uri": "b", "description_text": "Two."}]"#,
            "{\"uri\": \"a\", \"body_text\": \"One.\"}\n{\"uri\": \"b\", \"body_text\": \"Two.\"}",
        ] {
            let got = read(text);
            let texts: Vec<_> = got.documents.iter().map(|d| d.text.as_str()).collect();
            assert_eq!(texts, ["One.", "Two."]);
        }
    }

    #[test]
    fn what_is_broken_is_told_with_its_place() {
        let got = read("{\"uri\": \"a\",\n \"body_text\": \"One.\" \"x\"}");
        assert!(got.faults[0].starts_with("n.json:2:"), "{:?}", got.faults);
        let got = read(r#"[{"uri": "a", "body_text": "One."}, 5]"#);
        assert_eq!((got.documents.len(), got.faults.len()), (1, 1));
        assert!(read("[1, 2]").refused.is_some());
        assert!(read("").refused.is_some());
    }

    #[test]
    fn other_json_is_not_recognised() {
        for text in [
            r#"{"name": "package", "version": "1.0.0"}"#,
            r#"{"uri": "a", "random": 1}"#,
            r#"{"id": "a", "text": "uri"}"#,
            r#"{"a": {"uri": 1, "headlines": []}}"#,
            "[\"uri\"]",
        ] {
            assert!(!Ninjs.recognises(text), "{text}");
        }
        assert!(Ninjs.recognises(r#" [ {"uri": "a", "pubStatus": "usable", "x": "cut of"#));
    }
}
