//! JSON: one article record, an array of them, or an object that holds such an array.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::record::{self, Outcome, Stretch};
use super::{Piece, ReadOptions, Reader, Sink, encoding};
use crate::document::{Document, SourceRange};
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
        let inside = head.strip_prefix(['{', '[']).map(str::trim_start);
        inside.is_some_and(|inside| inside.starts_with(['"', '{', '}', ']']))
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let Some(decoded) = encoding::decode_piece(piece, options, None, sink) else { return };
        let text = &*decoded.text;
        let lines = options.places.then(|| decoded.lines(piece.first_line));
        let mut document = Document::default();
        document.origin.path = Arc::clone(piece.path);
        document.origin.format = self.name();
        document.origin.stored =
            SourceRange { start: piece.offset, end: piece.offset + piece.bytes.len() as u64 };
        let stretch = Stretch { text, places: lines.as_ref().map(|lines| (&decoded.map, lines)) };
        let mut file = File { piece, options, stretch, document };
        let body = text.trim();
        if body.starts_with('[') {
            file.list(body, sink);
        } else {
            file.object(body, sink);
        }
    }
}

struct File<'a> {
    piece: &'a Piece<'a>,
    options: &'a ReadOptions,
    stretch: Stretch<'a>,
    document: Document,
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

    /// The file is one object.
    fn object(&mut self, object: &'a str, sink: &mut dyn Sink) {
        self.document.clear();
        match record::read(object, self.stretch, self.options, &mut self.document) {
            Ok(Outcome::Article) => sink.document(&mut self.document),
            Ok(Outcome::Records(list)) => self.list(list, sink),
            Ok(Outcome::NoText | Outcome::NoArticle) => sink.not_a_document(NO_ARTICLE),
            Err((message, at)) => sink.fault(self.fault(self.offset(object) + at, &message)),
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
            self.document.clear();
            self.document.origin.record = Some(number);
            match record::read(object, self.stretch, self.options, &mut self.document) {
                Ok(Outcome::Article | Outcome::NoText) => {
                    articles += 1;
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
