//! JSON: one article record, an array of them, or an object that holds such an array.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::record::{self, Outcome, Stretch};
use super::{Piece, ReadOptions, Reader, Sink, encoding};
use crate::document::{DateForm, Document, FieldPlace, MetaField, Metadata, SourceRange, StatedDate};
use crate::error::ReadError;

/// The JSON reader.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl Reader for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "one article record, an array of records, or an object that holds one as `items` or `articles`"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn recognises(&self, head: &str) -> bool {
        let head = head.trim_start();
        let begins_list = |inside: &str| inside.starts_with(['"', '{', ']']);
        opens_object(head) || head.strip_prefix('[').is_some_and(|inside| begins_list(inside.trim_start()))
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let Some(decoded) = encoding::decode_piece(piece, options, None, sink) else { return };
        let text = &*decoded.text;
        let lines = options.places.then(|| decoded.lines(piece.first_line));
        let document = Document::default();
        let stretch = Stretch { text, places: lines.as_ref().map(|lines| (&decoded.map, lines)) };
        let common = Metadata::default();
        let damaged = decoded.damage.is_some();
        let mut file = File { piece, options, stretch, document, common, damaged };
        let body = text.trim();
        if body.starts_with('[') {
            file.list(body, sink);
        } else {
            file.object(body, sink);
        }
    }
}

/// Whether `text` may begin a JSON object. A template of a wiki, which begins with `{{`, does not.
pub(super) fn opens_object(text: &str) -> bool {
    text.strip_prefix('{').is_some_and(|inside| inside.trim_start().starts_with(['"', '}']))
}

struct File<'a> {
    piece: &'a Piece<'a>,
    options: &'a ReadOptions,
    stretch: Stretch<'a>,
    document: Document,
    /// What the file says of all its records.
    common: Metadata,
    /// Whether some bytes were none of the encoding.
    damaged: bool,
}

const NO_ARTICLE: &str = "is JSON but no article: it has no field for the text (text, body, content, content_html, …; name yours with --field text=NAME)";

impl<'a> File<'a> {
    /// A fault at byte `at` of the decoded file.
    fn fault(&self, at: usize, message: &str) -> ReadError {
        let before = self.stretch.text.get(..at).unwrap_or(self.stretch.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = self.piece.first_line + before.matches('\n').count() as u64;
        let column = before[line_start..].chars().count() as u64 + 1;
        ReadError::new(self.piece.path, message).at(line, column)
    }

    fn offset(&self, part: &str) -> usize {
        part.as_ptr() as usize - self.stretch.text.as_ptr() as usize
    }

    /// Makes room for the next record.
    fn begin(&mut self) {
        let Piece { path, offset, bytes, .. } = self.piece;
        self.document.clear();
        self.document.origin.found_in(path, Json.name());
        self.document.origin.damaged = self.damaged;
        self.document.origin.stored = SourceRange { start: *offset, end: offset + bytes.len() as u64 };
    }

    /// The file is one object.
    fn object(&mut self, object: &'a str, sink: &mut dyn Sink) {
        self.begin();
        match record::read(object, self.stretch, self.options, &mut self.document) {
            Ok(Outcome::Article) => sink.document(&mut self.document),
            Ok(Outcome::Records(list)) => {
                self.common = std::mem::take(&mut self.document.meta);
                self.list(list, sink);
            }
            Ok(Outcome::NoText | Outcome::NoArticle) => sink.not_a_document(NO_ARTICLE),
            Err((message, at)) => sink.fault(self.fault(self.offset(object) + at, &message)),
        }
    }

    /// Gives the record what the file says of all of them: author and language; and in a JSON Feed, how
    /// its dates should be written.
    fn inherit(&mut self) {
        let (meta, common) = (&mut self.document.meta, &self.common);
        if meta.author.is_none() {
            meta.author.clone_from(&common.author);
        }
        if meta.language.is_none() {
            meta.language.clone_from(&common.language);
        }
        if is_json_feed(common) {
            let dates = [
                (MetaField::Published, "date_published", &meta.published),
                (MetaField::Updated, "date_modified", &meta.updated),
            ];
            let dates: Vec<_> = dates
                .into_iter()
                .filter_map(|(field, element, value)| {
                    let (element, value) = (element.to_owned(), value.clone()?);
                    Some((field, StatedDate { element, value, form: DateForm::Rfc3339, of_feed: false }))
                })
                .collect();
            if let Some(places) = &mut self.document.places {
                let fields = &mut Arc::make_mut(places).fields;
                for (index, (field, _)) in (0..).zip(&dates) {
                    let place = fields.iter().find(|place| place.field == *field).cloned();
                    fields.extend(place.map(|place| FieldPlace { field: MetaField::Date(index), ..place }));
                }
            }
            meta.dates = dates.into_iter().map(|(_, date)| date).collect();
        }
    }

    /// The file is, or holds, a list of records.
    fn list(&mut self, list: &'a str, sink: &mut dyn Sink) {
        let mut json = serde_json::Deserializer::from_str(list);
        let mut items = Vec::new();
        let end = json.deserialize_seq(Items(&mut items)).and_then(|()| json.end());
        let (mut articles, mut others) = (0, Vec::new());
        for (number, item) in (1u32..).zip(&items) {
            let object = item.get();
            self.begin();
            self.document.origin.record = Some(number);
            match record::read(object, self.stretch, self.options, &mut self.document) {
                Ok(Outcome::Article | Outcome::NoText) => {
                    articles += 1;
                    self.inherit();
                    sink.document(&mut self.document);
                }
                Ok(Outcome::Records(_) | Outcome::NoArticle) => others.push(self.offset(object)),
                Err((_, _)) if !object.starts_with('{') => others.push(self.offset(object)),
                Err((message, at)) => {
                    articles += 1;
                    sink.fault(self.fault(self.offset(object) + at, &message));
                }
            }
        }
        match end {
            Err(error) => {
                let lines = list.split_inclusive('\n').take(error.line().saturating_sub(1));
                let start = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
                let message = error.to_string();
                let message = message.rfind(" at line ").map_or(&*message, |end| &message[..end]);
                let at = self.offset(list) + start.min(list.len());
                sink.fault(self.fault(at, &format!("not valid JSON: {message}")));
            }
            // A feed that has no item today holds no document, and nothing is wrong with it.
            Ok(()) if items.is_empty() && (self.piece.named || is_json_feed(&self.common)) => {}
            Ok(()) if articles == 0 => sink.not_a_document(NO_ARTICLE),
            Ok(()) => {}
        }
        if articles > 0 {
            for at in others {
                sink.fault(self.fault(at, "the record has no text and no title"));
            }
        }
    }
}

/// Whether a file that says `common` of its records is a JSON Feed.
fn is_json_feed(common: &Metadata) -> bool {
    common.version.as_deref().is_some_and(|version| version.contains("jsonfeed.org/version"))
}

/// Collects the items of a list as they stand, as far as it is JSON.
struct Items<'i, 'de>(&'i mut Vec<&'de RawValue>);

impl<'de> Visitor<'de> for Items<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of article records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(item) = access.next_element::<&'de RawValue>()? {
            self.0.push(item);
        }
        Ok(())
    }
}
