//! One article record: a JSON object whose fields are found by their usual names.
//!
//! `serde_json` checks the object and finds the fields; their strings are unescaped here, because only
//! so can each character of the text be traced to the bytes that stand for it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::escape::{escapes_are_sound, unescape, unescape_all};
use super::{ReadOptions, html};
use crate::document::{Document, FieldPlace, LineIndex, MetaField, Places, SourceMap, TextRange};
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

/// Field names of records that the user set with `--field MEANING=NAME`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap {
    /// Pairs of meaning (`text`, `title`, `id`, …) and the field's name in the records.
    pub names: Vec<(String, String)>,
}

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

impl Meaning {
    /// Whether `field` says nothing of this: then the next of the usual names is asked.
    fn is_blank(self, field: &Field<'_>) -> bool {
        match self {
            Self::Records => !field.value.starts_with('['),
            Self::Text | Self::Html if !field.value.starts_with('"') => is_null(field),
            _ => plain(field.value).is_none(),
        }
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
    pub(super) fn offset(&self, part: &str) -> usize {
        part.as_ptr() as usize - self.text.as_ptr() as usize
    }

    /// Where `value`, JSON in the stretch, stands as stored, without its quotation marks.
    pub(super) fn field(&self, field: MetaField, name: &str, value: &str, below: &SourceMap) -> FieldPlace {
        let inside = string_content(value).unwrap_or(value);
        let at = self.offset(inside);
        let range = below.source_range(TextRange::new(at as u32, (at + inside.len()) as u32));
        FieldPlace { field, name: Arc::from(name), range }
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
    // What stands in the field for the text is read on the way, where that is all that is wanted of it.
    let straight = stretch.places.is_none() && options.body_html != Some(true);
    document.text.clear();
    let mut fields = Fields::default();
    if fields.plain(object, &options.fields, straight.then_some(&mut document.text)).is_none() {
        document.text.clear();
        fields = Fields::find(object, &options.fields)?;
    }
    let body = match (fields.get(Meaning::Text), fields.get(Meaning::Html)) {
        (Some(text), Some(html)) if Meaning::Text.is_blank(text) && !Meaning::Html.is_blank(html) => {
            document.text.clear();
            Some((html, options.body_html != Some(false)))
        }
        (Some(text), _) => Some((text, options.body_html == Some(true))),
        (None, Some(html)) => Some((html, options.body_html != Some(false))),
        (None, None) => None,
    };
    let Some((body, is_html)) = body else {
        if let Some(records) = fields.get(Meaning::Records).filter(|f| f.value.starts_with('[')) {
            let list = records.value;
            metadata(&fields, document);
            return Ok(Outcome::Records(list));
        }
        if fields.get(Meaning::Title).is_none() {
            return Ok(Outcome::NoArticle);
        }
        metadata(&fields, document);
        place(None, stretch.offset(object), stretch, &fields, document);
        return Ok(Outcome::NoText);
    };
    metadata(&fields, document);
    let raw = body.value;
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
        place(None, at, stretch, &fields, document);
        return Ok(Outcome::Article);
    }
    let Some(string) = string_content(raw) else { return wrong(document) };
    let start = at as u64 + 1;
    if is_html {
        let mut source = String::new();
        let below = unescape(string, start, stretch.places.is_some(), &mut source);
        let above = html::render(&source, document, stretch.places.is_some());
        if let Some(below) = below {
            if let Some((stored, _)) = stretch.places {
                document.place_directives(&[&below, stored]);
            }
            place(Some(above.over(&below)), at, stretch, &fields, document);
        }
    } else {
        let map = if fields.body_read {
            None
        } else {
            unescape(string, start, stretch.places.is_some(), &mut document.text)
        };
        segment::blocks_and_markup(&document.text, &mut document.blocks, &mut document.markup);
        if map.is_some() {
            place(map, at, stretch, &fields, document);
        }
    }
    Ok(Outcome::Article)
}

/// Gives `document` its places: `map` leads to the decoded stretch, the stretch's own map on to the file.
/// A text that is empty stands at byte `at` of the stretch.
fn place(
    map: Option<SourceMap>,
    at: usize,
    stretch: Stretch<'_>,
    fields: &Fields<'_>,
    document: &mut Document,
) {
    let Some((below, lines)) = stretch.places else { return };
    let map = map.filter(|_| !document.text.is_empty());
    let map = map.unwrap_or_else(|| SourceMap::identity(at as u64, 1));
    let named = [
        (MetaField::Id, Meaning::Id),
        (MetaField::Title, Meaning::Title),
        (MetaField::Published, Meaning::Published),
        (MetaField::Updated, Meaning::Updated),
    ];
    let fields = named.into_iter().filter_map(|(field, meaning)| {
        let Field { name, value, .. } = fields.get(meaning)?;
        Some(stretch.field(field, name, value, below))
    });
    let places = Places { map: map.over(below), lines: Arc::clone(lines), fields: fields.collect() };
    document.places = Some(Arc::new(places));
}

fn metadata(fields: &Fields<'_>, document: &mut Document) {
    let plain = |meaning| fields.get(meaning).and_then(|field| plain(field.value));
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
    field.value == "null"
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
pub(super) fn string_content(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}

/// The JSON string that opens `text`, with its quotation marks, and what stands behind it.
fn string_at(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut from = 1;
    loop {
        let end = from + memchr::memchr(b'"', bytes.get(from..)?)?;
        let escapes = bytes.get(from..end)?.iter().rev().take_while(|&&byte| byte == b'\\').count();
        if escapes % 2 == 0 {
            return text.split_at_checked(end + 1);
        }
        from = end + 1;
    }
}

/// Length of the whole number, truth value or null that opens `text`; `None` where it goes on otherwise.
fn scalar(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let length = match bytes.first()? {
        b't' | b'n' => 4,
        b'f' => 5,
        b'1'..=b'9' => bytes.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => return None,
    };
    let sound = bytes[0].is_ascii_digit() || matches!(text.get(..length)?, "true" | "null" | "false");
    (sound && matches!(bytes.get(length)?, b' ' | b',' | b'}')).then_some(length)
}

/// One field of a record.
#[derive(Debug, PartialEq, Eq)]
struct Field<'a> {
    /// Lower ranks are preferred among the names of one meaning.
    rank: usize,
    name: Cow<'a, str>,
    value: &'a str,
}

/// The fields of a record that mean something, by meaning.
#[derive(Debug, PartialEq, Eq)]
struct Fields<'a> {
    by_meaning: [Option<Field<'a>>; MEANINGS],
    /// The text's string was unescaped while it was found.
    body_read: bool,
}

impl Default for Fields<'_> {
    fn default() -> Self {
        Self { by_meaning: [const { None }; MEANINGS], body_read: false }
    }
}

impl<'a> Fields<'a> {
    /// The fields of an object as nearly all are: one without lists or objects in it, in which no name
    /// has an escape, put into `self`. `None` for any other and for what is no JSON; [`Fields::find`] says
    /// which. Puts what the text's string stands for into `body`, if given.
    fn plain(&mut self, object: &'a str, map: &FieldMap, mut body: Option<&mut String>) -> Option<()> {
        if object.bytes().fold(false, |any, byte| any | (byte < b' ')) {
            return None;
        }
        let names = KeySeed { map };
        let mut rest = object.strip_prefix('{')?;
        loop {
            let (name, behind) = string_at(rest.trim_start_matches(' '))?;
            let behind = behind.trim_start_matches(' ').strip_prefix(':')?.trim_start_matches(' ');
            if memchr::memchr(b'\\', name.as_bytes()).is_some() {
                return None;
            }
            let (value, behind) = match string_at(behind) {
                Some((_, rest)) => behind.split_at(behind.len() - rest.len()),
                None => behind.split_at(scalar(behind)?),
            };
            let name = name.get(1..name.len() - 1)?;
            let meaning = names.meaning(name);
            let string = string_content(value);
            let is_text = meaning.is_some_and(|(meaning, _)| meaning == Meaning::Text);
            // Which of two is the text is not known before both are seen.
            if is_text && self.get(Meaning::Text).is_some() {
                return None;
            }
            match (string, body.as_deref_mut()) {
                (Some(string), Some(body)) if is_text => {
                    if !unescape_all(string, body) {
                        return None;
                    }
                    self.body_read = true;
                }
                (Some(string), _) if !escapes_are_sound(string) => return None,
                _ => {}
            }
            if let Some((meaning, rank)) = meaning {
                self.put(meaning, Field { rank, name: Cow::Borrowed(name), value });
            }
            let behind = behind.trim_start_matches(' ');
            match behind.strip_prefix(',') {
                Some(more) => rest = more,
                None => return behind.strip_prefix('}')?.trim_start_matches(' ').is_empty().then_some(()),
            }
        }
    }

    /// Keeps `field`, if nothing preferred is there: what is not blank before what is, then by rank.
    fn put(&mut self, meaning: Meaning, field: Field<'a>) {
        let slot = &mut self.by_meaning[meaning as usize];
        let is_preferred = slot.as_ref().is_none_or(|there| {
            // A key that stands twice counts where it stands last, as everywhere in JSON.
            field.name == there.name
                || (meaning.is_blank(&field), field.rank) <= (meaning.is_blank(there), there.rank)
        });
        if is_preferred {
            *slot = Some(field);
        }
    }

    fn find(object: &'a str, map: &FieldMap) -> Result<Self, (String, usize)> {
        let mut json = serde_json::Deserializer::from_str(object);
        let fields = json.deserialize_map(FieldsVisitor { map }).and_then(|f| json.end().map(|()| f));
        fields.map_err(|error| {
            if let Some(what) = no_object(object) {
                let start = object.len() - object.trim_start().len();
                return (format!("is {what} and no record: a record is an object, in braces"), start);
            }
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
        self.by_meaning[meaning as usize].as_ref()
    }
}

/// What `json` is, if it is valid and no object.
fn no_object(json: &str) -> Option<&'static str> {
    let what = match json.trim_start().bytes().next()? {
        b'[' => "an array",
        b'"' => "a string",
        b't' | b'f' => "true or false",
        b'n' => "null",
        b'-' | b'0'..=b'9' => "a number",
        _ => return None,
    };
    serde_json::from_str::<IgnoredAny>(json).is_ok().then_some(what)
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
        let mut fields = Fields::default();
        while let Some(key) = access.next_key_seed(KeySeed { map: self.map })? {
            let Some((meaning, rank, name)) = key else {
                access.next_value::<IgnoredAny>()?;
                continue;
            };
            let value: &'de RawValue = access.next_value()?;
            fields.put(meaning, Field { rank, name, value: value.get() });
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(object: &str) -> (Result<bool, String>, Document) {
        let mut document = Document::default();
        let outcome =
            read(object, Stretch { text: object, places: None }, &ReadOptions::default(), &mut document);
        (outcome.map(|o| o == Outcome::Article).map_err(|(message, _)| message), document)
    }

    #[test]
    fn plain_objects_are_read_as_any_other() {
        const PARTS: [&str; 40] = [
            "{",
            "}",
            ",",
            ":",
            " ",
            "\"",
            "\\",
            "\\\"",
            "\\\\",
            "\\n",
            "\\u00e9",
            "\\ud83d",
            "\\ude00",
            "\\u12",
            "\\x",
            "a",
            "é",
            "\t",
            "5",
            "0",
            "-",
            "1.5",
            "true",
            "null",
            "nul",
            "[]",
            "\"id\"",
            "\"text\"",
            "\"body\"",
            "\"text\": \"a b\"",
            "\"body\":null",
            "\"body\": \"x\\ny\"",
            "\"title\": \"\\\"T\\\"\"",
            "\"n\": \"\\\\\"",
            "\"content_html\": \"<p>\"",
            "\"id\": 17",
            ", ",
            "\"text\": \"\\u0041\\ud83d\\ude00 long enough for a step or two of it\"",
            "\"text\": \"",
            "\"te\\u0078t\": \"z\"",
        ];
        let mut state = 7_u64;
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % limit
        };
        let (map, mut plain_ones) = (FieldMap::default(), 0);
        for _ in 0..200_000 {
            let mut object = "{".to_owned();
            for number in 0..=below(4) {
                object += if number > 0 && below(8) > 0 { "," } else { "" };
                let parts = if below(3) > 0 { &PARTS[26..] } else { &PARTS[..] };
                (0..=below(3) / 2).for_each(|_| object += parts[below(parts.len())]);
            }
            object += "}";
            let mut body = String::new();
            let (mut plain, mut unread) = (Fields::default(), Fields::default());
            if plain.plain(&object, &map, Some(&mut body)).is_none() {
                continue;
            }
            plain_ones += 1;
            if let (true, Some(text)) = (plain.body_read, plain.get(Meaning::Text)) {
                let mut slowly = String::new();
                unescape(string_content(text.value).unwrap(), 0, false, &mut slowly);
                assert_eq!(body, slowly, "{object}");
            }
            plain.body_read = false;
            assert_eq!(unread.plain(&object, &map, None), Some(()), "{object}");
            assert_eq!(unread, plain, "{object}");
            assert_eq!(Fields::find(&object, &map).unwrap(), plain, "{object}");
        }
        assert!(plain_ones > 10_000, "{plain_ones}");
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
    fn a_blank_field_leaves_its_meaning_to_the_next() {
        for blank in ["null", r#""""#, r#"" \n\u00a0""#] {
            for (one, other) in [("text", "body"), ("body", "text"), ("content_text", "content_html")] {
                for object in [
                    format!(r#"{{"{one}": {blank}, "{other}": "Words."}}"#),
                    format!(r#"{{"{other}": "Words.", "{one}": {blank}}}"#),
                ] {
                    assert_eq!(read_one(&object).1.text.trim(), "Words.", "{object}");
                }
            }
            let object = format!(
                r#"{{"id": {blank}, "guid": "g", "author": [{{}}], "byline": "B", "date": "2024-05-01", "published": {blank}, "text": {blank}, "content_html": {blank}}}"#
            );
            let (outcome, document) = read_one(&object);
            assert_eq!(outcome, Ok(true), "{object}");
            assert_eq!(document.meta.id.as_deref(), Some("g"), "{object}");
            assert_eq!(document.meta.author.as_deref(), Some("B"), "{object}");
            assert_eq!(document.meta.published.as_deref(), Some("2024-05-01"), "{object}");
            assert_eq!(document.origin.field.as_deref(), Some("text"), "{object}");
        }
        assert!(read_one(r#"{"text": 5, "body": "b"}"#).0.is_err());
    }

    #[test]
    fn what_is_no_article_is_told_apart() {
        assert_eq!(read_one(r#"{"name": "left-pad", "version": "1"}"#).0, Ok(false));
        assert!(read_one(r#"{"text": 5}"#).0.unwrap_err().contains("a number"));
        assert!(read_one(r#"{"text": "a"#).0.unwrap_err().contains("not valid JSON"));
        assert_eq!(read_one(r#"{"text": null}"#).0, Ok(true));
    }
}
