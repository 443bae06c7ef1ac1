//! One article record: a JSON object whose fields are found by their usual names.
//!
//! `serde_json` checks the object and finds the fields; their strings are unescaped here, because only
//! so can each character of the text be traced to the bytes that stand for it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use memchr::memchr_iter;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{FieldMap, ReadOptions, html};
use crate::document::{Document, LineIndex, Places, SourceMap, SourceMapBuilder};
use crate::segment;

/// What a field of a record means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Text,
    Html,
    Title,
    Url,
    Id,
    Version,
    Author,
    Published,
    Updated,
    Language,
    /// A list of records: `{"articles": […]}`.
    Records,
}

const MEANINGS: usize = 11;

/// The usual names, those of one meaning in the order in which they are preferred.
const USUAL: &[(&str, Meaning)] = &[
    ("text", Meaning::Text),
    ("body", Meaning::Text),
    ("content", Meaning::Text),
    ("article_body", Meaning::Text),
    ("body_text", Meaning::Text),
    ("content_text", Meaning::Text),
    ("content_html", Meaning::Html),
    ("body_html", Meaning::Html),
    ("title", Meaning::Title),
    ("headline", Meaning::Title),
    ("url", Meaning::Url),
    ("link", Meaning::Url),
    ("id", Meaning::Id),
    ("guid", Meaning::Id),
    ("uri", Meaning::Id),
    ("version", Meaning::Version),
    ("author", Meaning::Author),
    ("authors", Meaning::Author),
    ("byline", Meaning::Author),
    ("published", Meaning::Published),
    ("date", Meaning::Published),
    ("date_published", Meaning::Published),
    ("firstcreated", Meaning::Published),
    ("updated", Meaning::Updated),
    ("modified", Meaning::Updated),
    ("versioncreated", Meaning::Updated),
    ("date_modified", Meaning::Updated),
    ("language", Meaning::Language),
    ("lang", Meaning::Language),
    ("items", Meaning::Records),
    ("articles", Meaning::Records),
    ("records", Meaning::Records),
];

/// The names that `--field MEANING=NAME` can set.
pub const FIELD_MEANINGS: &[&str] =
    &["text", "html", "title", "url", "id", "version", "author", "published", "updated", "language"];

impl Meaning {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "html" => Self::Html,
            "title" => Self::Title,
            "url" => Self::Url,
            "id" => Self::Id,
            "version" => Self::Version,
            "author" => Self::Author,
            "published" => Self::Published,
            "updated" => Self::Updated,
            "language" => Self::Language,
            _ => return None,
        })
    }
}

/// The stretch of a file that a record stands in, decoded: one line, or a whole JSON file.
#[derive(Clone, Copy)]
pub struct Stretch<'a> {
    /// The decoded stretch; record and field are slices of it.
    pub text: &'a str,
    /// From the decoded stretch to stored bytes, and lines: where places are asked for.
    pub places: Option<(&'a SourceMap, &'a Arc<LineIndex>)>,
}

impl Stretch<'_> {
    /// Byte of the stretch at which `part`, a slice of it, begins.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr() as usize - self.text.as_ptr() as usize
    }
}

/// What one JSON object turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// An article; the document is filled.
    Article,
    /// It has a title but no field for the text; the document is filled, its text is empty.
    NoText,
    /// It holds a list of records, as the slice that is the JSON array; the document's metadata is what
    /// the object says of all of them.
    Records(&'a str),
    /// None of its fields is one of an article.
    NoArticle,
}

/// Fills `document` (its origin's path and record are the caller's) from the JSON object `object`, a
/// slice of `stretch`.
///
/// # Errors
///
/// The message, and where in `object` (in bytes) it belongs, when `object` is not JSON, or a field that
/// should be text is something else.
pub fn read<'a>(
    object: &'a str,
    stretch: Stretch<'a>,
    options: &ReadOptions,
    document: &mut Document,
) -> Result<Outcome<'a>, (String, usize)> {
    let fields = Fields::find(object, &options.fields)?;
    let body = match (fields.get(Meaning::Text), fields.get(Meaning::Html)) {
        (Some(text), Some(html)) if is_null(text) => Some((html, true)),
        (Some(text), _) => Some((text, options.body_html == Some(true))),
        (None, Some(html)) => Some((html, options.body_html != Some(false))),
        (None, None) => None,
    };
    let Some((body, is_html)) = body else {
        if let Some(records) = fields.get(Meaning::Records).filter(|f| f.value.get().starts_with('[')) {
            let list = records.value.get();
            metadata(&fields, document);
            return Ok(Outcome::Records(list));
        }
        if fields.get(Meaning::Title).is_none() {
            return Ok(Outcome::NoArticle);
        }
        metadata(&fields, document);
        place(&SourceMap::identity(stretch.offset(object) as u64, 0), stretch, document);
        return Ok(Outcome::NoText);
    };
    metadata(&fields, document);
    let raw = body.value.get();
    let at = stretch.offset(raw);
    let wrong = |document: &mut Document| {
        let what = format!("field `{}` is {}, not a string", body.name, kind(raw));
        document.clear();
        Err((what, at - stretch.offset(object)))
    };
    if document.origin.field.as_deref() != Some(&*body.name) {
        document.origin.field = Some(Arc::from(&*body.name));
    }
    if is_null(body) {
        place(&SourceMap::identity(at as u64, 0), stretch, document);
        return Ok(Outcome::Article);
    }
    let Some(string) = string_content(raw) else { return wrong(document) };
    let start = at as u64 + 1;
    if is_html {
        let mut source = String::new();
        let below = unescape(string, start, stretch.places.is_some(), &mut source);
        let above = html::render(&source, document, stretch.places.is_some());
        if let Some(below) = below {
            place(&above.over(&below), stretch, document);
        }
    } else {
        let map = unescape(string, start, stretch.places.is_some(), &mut document.text);
        segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
        if let Some(map) = map {
            place(&map, stretch, document);
        }
    }
    Ok(Outcome::Article)
}

/// Gives `document` its places: `map` leads to the decoded stretch, the stretch's own map on to the file.
fn place(map: &SourceMap, stretch: Stretch<'_>, document: &mut Document) {
    if let Some((below, lines)) = stretch.places {
        document.places = Some(Arc::new(Places { map: map.over(below), lines: Arc::clone(lines) }));
    }
}

fn metadata(fields: &Fields<'_>, document: &mut Document) {
    let plain = |meaning| fields.get(meaning).and_then(|field| plain(field.value.get()));
    document.meta.id = plain(Meaning::Id);
    document.meta.title = plain(Meaning::Title);
    document.meta.url = plain(Meaning::Url);
    document.meta.version = plain(Meaning::Version);
    document.meta.author = plain(Meaning::Author);
    document.meta.published = plain(Meaning::Published);
    document.meta.updated = plain(Meaning::Updated);
    document.meta.language = plain(Meaning::Language);
}

/// A metadata value as text: strings unescaped, numbers as written, names of people out of objects and
/// lists; nothing for null and what is blank.
fn plain(raw: &str) -> Option<String> {
    let text = match raw.as_bytes().first()? {
        b'"' => {
            let mut out = String::new();
            unescape(string_content(raw)?, 0, false, &mut out);
            out
        }
        b'n' => return None,
        b'{' | b'[' => names(&serde_json::from_str(raw).ok()?)?,
        _ => raw.to_owned(),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// `{"name": …}` or a list of such or of strings, joined by `, `.
fn names(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(name) => Some(name.clone()),
        serde_json::Value::Object(object) => names(object.get("name")?),
        serde_json::Value::Array(list) => {
            let names: Vec<String> = list.iter().filter_map(names).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
}

fn is_null(field: &Field<'_>) -> bool {
    field.value.get() == "null"
}

fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// What stands between the quotation marks of a JSON string.
fn string_content(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}

/// One field of a record.
struct Field<'a> {
    /// Lower ranks are preferred among the names of one meaning.
    rank: usize,
    name: Cow<'a, str>,
    value: &'a RawValue,
}

/// The fields of a record that mean something, by meaning.
struct Fields<'a>([Option<Field<'a>>; MEANINGS]);

impl<'a> Fields<'a> {
    fn find(object: &'a str, map: &FieldMap) -> Result<Self, (String, usize)> {
        let mut json = serde_json::Deserializer::from_str(object);
        let fields = json.deserialize_map(FieldsVisitor { map }).and_then(|f| json.end().map(|()| f));
        fields.map_err(|error| {
            let message = error.to_string();
            let message = message.rfind(" at line ").map_or(&*message, |end| &message[..end]);
            // Line and column are serde_json's, in bytes; records may span lines in a JSON file.
            let line = error.line().saturating_sub(1);
            let start = object.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
            (
                format!("not valid JSON: {message}"),
                (start + error.column().saturating_sub(1)).min(object.len()),
            )
        })
    }

    fn get(&self, meaning: Meaning) -> Option<&Field<'a>> {
        self.0[meaning as usize].as_ref()
    }
}

struct FieldsVisitor<'m> {
    map: &'m FieldMap,
}

impl<'de> Visitor<'de> for FieldsVisitor<'_> {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, one article record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields([const { None }; MEANINGS]);
        while let Some(key) = access.next_key_seed(KeySeed { map: self.map })? {
            let Some((meaning, rank, name)) = key else {
                access.next_value::<IgnoredAny>()?;
                continue;
            };
            let value: &'de RawValue = access.next_value()?;
            let slot = &mut fields.0[meaning as usize];
            // A key that stands twice counts where it stands last, as everywhere in JSON.
            if slot.as_ref().is_none_or(|field| rank <= field.rank) {
                *slot = Some(Field { rank, name, value });
            }
        }
        Ok(fields)
    }
}

/// Reads a key and tells at once what it means: meaning, rank, name.
struct KeySeed<'m> {
    map: &'m FieldMap,
}

type Key<'de> = Option<(Meaning, usize, Cow<'de, str>)>;

impl KeySeed<'_> {
    fn meaning(&self, key: &str) -> Option<(Meaning, usize)> {
        // A name that the user set comes before all usual ones.
        let set = self.map.names.iter().find(|(_, name)| name == key);
        if let Some(meaning) = set.and_then(|(meaning, _)| Meaning::named(meaning)) {
            return Some((meaning, 0));
        }
        let rank = USUAL.iter().position(|(name, _)| *name == key)?;
        Some((USUAL[rank].1, rank + 1))
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(self.meaning(key).map(|(meaning, rank)| (meaning, rank, Cow::Borrowed(key))))
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(self.meaning(key).map(|(meaning, rank)| (meaning, rank, Cow::Owned(key.to_owned()))))
    }
}

/// Appends what the JSON string content `raw` (checked JSON, without its quotation marks) stands for to
/// `out`, and returns the map from `out` to the stretch, in which `raw` begins at byte `start`, if asked.
///
/// A lone surrogate (`\ud83d` without its second half) becomes U+FFFD, as in browsers.
fn unescape(raw: &str, start: u64, want_map: bool, out: &mut String) -> Option<SourceMap> {
    out.reserve(raw.len());
    let mut map = want_map.then(SourceMapBuilder::new);
    let mut at = 0;
    for found in memchr_iter(b'\\', raw.as_bytes()) {
        // The second half of `\\` is no escape.
        if found < at {
            continue;
        }
        copy(&raw[at..found], start + at as u64, map.as_mut(), out);
        let (c, length) = escape(&raw[found..]);
        if let Some(map) = &mut map {
            map.unit(out.len() as u32, c.len_utf8() as u32, start + found as u64, length as u32);
        }
        out.push(c);
        at = found + length;
    }
    copy(&raw[at..], start + at as u64, map.as_mut(), out);
    map.map(SourceMapBuilder::finish)
}

#[inline]
fn copy(part: &str, start: u64, map: Option<&mut SourceMapBuilder>, out: &mut String) {
    if let Some(map) = map {
        map.copied(out.len() as u32, start, part.len() as u32);
    }
    out.push_str(part);
}

/// The character that the escape at the beginning of `raw` stands for, and the escape's length in bytes.
fn escape(raw: &str) -> (char, usize) {
    let c = match raw.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode_escape(raw),
        Some(&other) if other.is_ascii() => other as char,
        // Checked JSON has no other; a lone backslash at the end stands for itself.
        _ => return ('\\', 1),
    };
    (c, 2)
}

fn unicode_escape(raw: &str) -> (char, usize) {
    let unit = |at: usize| raw.get(at..at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(first) = unit(2) else { return (char::REPLACEMENT_CHARACTER, 2) };
    let second = (raw.get(6..8) == Some("\\u")).then(|| unit(8)).flatten();
    match (first, second) {
        (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
            let code = 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{SourceRange, TextRange};

    #[test]
    fn escapes_keep_their_places() {
        let raw = r"a\u00e9\n\ud83d\ude00\ud83dz";
        let mut out = String::new();
        let map = unescape(raw, 10, true, &mut out).unwrap();
        assert_eq!(out, "a\u{e9}\n\u{1f600}\u{fffd}z");
        let range = |start, end| map.source_range(TextRange::new(start, end));
        assert_eq!(range(1, 3), SourceRange { start: 11, end: 17 });
        assert_eq!(range(3, 4), SourceRange { start: 17, end: 19 });
        assert_eq!(range(4, 8), SourceRange { start: 19, end: 31 });
        assert_eq!(range(8, 11), SourceRange { start: 31, end: 37 });
        assert_eq!(range(11, 12), SourceRange { start: 37, end: 38 });
    }

    fn read_one(object: &str) -> (Result<bool, String>, Document) {
        let mut document = Document::default();
        let outcome =
            read(object, Stretch { text: object, places: None }, &ReadOptions::default(), &mut document);
        (outcome.map(|o| o == Outcome::Article).map_err(|(message, _)| message), document)
    }

    #[test]
    fn fields_go_by_their_usual_names_and_ranks() {
        let (outcome, document) = read_one(
            r#"{"body": "second choice", "id": 7, "headline": "H", "text": "first", "author": [{"name": "A"}, "B"]}"#,
        );
        assert_eq!(outcome, Ok(true));
        assert_eq!(document.text, "first");
        assert_eq!(document.meta.id.as_deref(), Some("7"));
        assert_eq!(document.meta.title.as_deref(), Some("H"));
        assert_eq!(document.meta.author.as_deref(), Some("A, B"));
        assert_eq!(document.origin.field.as_deref(), Some("text"));
    }

    #[test]
    fn what_is_no_article_is_told_apart() {
        assert_eq!(read_one(r#"{"name": "left-pad", "version": "1"}"#).0, Ok(false));
        assert!(read_one(r#"{"text": 5}"#).0.unwrap_err().contains("a number"));
        assert!(read_one(r#"{"text": "a"#).0.unwrap_err().contains("not valid JSON"));
        assert_eq!(read_one(r#"{"text": null}"#).0, Ok(true));
    }
}
