//! The header of a WARC record.

use std::ops::Range;

use crate::read::Extent;

/// How long a header may be.
const LONGEST: usize = 64 << 10;

/// The header of one record.
#[derive(Debug)]
pub(super) struct Head<'a> {
    /// The lines behind the first, as far as they are text.
    fields: &'a str,
    /// Where the block begins.
    pub block: usize,
    /// How long the block is.
    length: u64,
}

/// What a record holds; the ranges are bytes of the record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An HTTP response.
    Response(Range<usize>),
    /// A page without the HTTP around it.
    Html(Range<usize>),
    /// Plain text that was taken out of a page.
    Text(Range<usize>),
    /// No document.
    Other,
}

impl<'a> Head<'a> {
    /// Returns the header that `record` begins with; `None` where it begins with none that is whole.
    pub fn of(record: &'a [u8]) -> Option<Self> {
        if !record.starts_with(b"WARC/") {
            return None;
        }
        let end = end_of(record)?;
        let head = std::str::from_utf8(&record[..end]).ok()?;
        let fields = head.split_once('\n')?.1;
        let length = field(fields, "Content-Length")?.parse().ok()?;
        Some(Self { fields, block: end, length })
    }

    /// Returns the value of the field `name`.
    pub fn field(&self, name: &str) -> Option<&'a str> {
        field(self.fields, name)
    }

    /// Returns what `record`, or as much of it as there is, holds.
    pub fn kind(&self, record: &[u8]) -> Kind {
        let end = usize::try_from(self.length).unwrap_or(usize::MAX).saturating_add(self.block);
        let block = self.block.min(record.len())..end.min(record.len());
        let content = self.field("Content-Type").unwrap_or("").to_ascii_lowercase();
        match self.field("WARC-Type").unwrap_or("").to_ascii_lowercase().as_str() {
            // The header should say so, and need not.
            "response" if content.is_empty() || content.starts_with("application/http") => {
                Kind::Response(block)
            }
            "response" | "resource" if is_html(&content) => Kind::Html(block),
            "conversion" if content.starts_with("text/plain") => Kind::Text(block),
            "conversion" if is_html(&content) => Kind::Html(block),
            _ => Kind::Other,
        }
    }
}

/// Whether a content type is that of a page.
pub(super) fn is_html(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml")
}

/// Returns where the header ends that `bytes` begin with: behind its empty line.
pub(super) fn end_of(bytes: &[u8]) -> Option<usize> {
    let head = &bytes[..bytes.len().min(LONGEST)];
    memchr::memchr_iter(b'\n', head).find_map(|at| match head.get(at + 1..)? {
        [b'\r', b'\n', ..] => Some(at + 3),
        [b'\n', ..] => Some(at + 2),
        _ => None,
    })
}

/// Returns the value of the field `name` among lines of `name: value`.
pub(super) fn field<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    let value = fields.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })?;
    (!value.is_empty()).then_some(value)
}

/// Returns how far the record reaches that `bytes` begin with, blank lines before it included. What is no
/// record reaches to where the next one begins.
pub(super) fn extent(bytes: &[u8]) -> Extent {
    let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let record = &bytes[blank..];
    if record.len() < 5 {
        return Extent::Unknown;
    }
    let known = |length: u64, wanted| Extent::Known { length: length.saturating_add(blank as u64), wanted };
    let Some(head) = Head::of(record) else {
        if record.starts_with(b"WARC/") && end_of(record).is_none() && record.len() < LONGEST {
            return Extent::Unknown;
        }
        // A header that is none: on to the next.
        return match memchr::memmem::find(&record[1..], b"\nWARC/") {
            Some(at) => known(at as u64 + 2, true),
            None => Extent::Unknown,
        };
    };
    let wanted = match head.kind(record) {
        Kind::Other => false,
        Kind::Html(_) | Kind::Text(_) => true,
        Kind::Response(block) => match super::http::may_be_page(&record[block.clone()]) {
            Some(may_be) => may_be,
            None if (block.len() as u64) < head.length && block.len() < LONGEST => return Extent::Unknown,
            None => false,
        },
    };
    known((head.block as u64).saturating_add(head.length), wanted)
}
