//! The body of an HTTP response, as a browser would get it.

use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::head::{end_of, field, is_html};
use crate::document::{SourceMap, SourceMapBuilder};

/// How long a page may become when it is unpacked, in bytes: no page that anybody reads is so long.
const LONGEST: u64 = 64 << 20;

/// The body of a response.
#[derive(Debug)]
pub(super) struct Body<'a> {
    /// The body, out of its chunks and unpacked.
    pub bytes: Cow<'a, [u8]>,
    /// The charset that the response names.
    pub charset: Option<String>,
    /// Where it is stored in the record.
    pub start: usize,
    /// How long it is there.
    pub length: usize,
    /// Where the chunks stand in the record.
    chunks: Vec<Range<usize>>,
    packed: bool,
}

impl<'a> Body<'a> {
    /// A body that is stored as it is.
    pub fn plain(range: Range<usize>, record: &'a [u8]) -> Self {
        let bytes = Cow::Borrowed(&record[range.clone()]);
        let (start, length) = (range.start, range.len());
        Self { bytes, charset: None, start, length, chunks: vec![range], packed: false }
    }

    /// Whether the body is stored compressed.
    pub const fn is_packed(&self) -> bool {
        self.packed
    }

    /// The map from the body to the file, in which the record begins at byte `offset`.
    pub fn map(&self, offset: u64) -> SourceMap {
        let mut map = SourceMapBuilder::new();
        let mut at = 0;
        for chunk in self.chunks.iter().filter(|_| !self.packed) {
            map.copied(at, offset + chunk.start as u64, chunk.len() as u32);
            at += chunk.len() as u32;
        }
        map.finish()
    }
}

/// Whether the response that `block` begins with is a page; `None` where its header is not whole.
pub(super) fn may_be_page(block: &[u8]) -> Option<bool> {
    let end = end_of(block)?;
    Some(is_page(&String::from_utf8_lossy(&block[..end])))
}

/// A 2xx status and HTML.
fn is_page(head: &str) -> bool {
    let status = head.split_ascii_whitespace().nth(1).unwrap_or("");
    head.starts_with("HTTP/") && status.starts_with('2') && field(head, "Content-Type").is_some_and(is_html)
}

/// Returns the body of the response at `block` of `record`; `None` where it is no page.
///
/// # Errors
///
/// What is wrong with the body.
pub(super) fn body(block: Range<usize>, record: &[u8]) -> Result<Option<Body<'_>>, String> {
    let response = &record[block.clone()];
    let Some(end) = end_of(response) else { return Ok(None) };
    let head = String::from_utf8_lossy(&response[..end]);
    if !is_page(&head) {
        return Ok(None);
    }
    let mut body = Body::plain(block.start + end..block.end, record);
    let content_type = field(&head, "Content-Type").unwrap_or("").to_ascii_lowercase();
    body.charset = content_type.split_once("charset=").map(|(_, label)| {
        label.trim_matches(['"', '\'', ' ']).split([';', ' ']).next().unwrap_or("").to_owned()
    });
    let is_chunked =
        field(&head, "Transfer-Encoding").is_some_and(|c| c.to_ascii_lowercase().contains("chunked"));
    // Many crawlers store the body without its chunks, and the header that speaks of them all the same.
    if let Some(chunks) = is_chunked.then(|| chunks(&body.bytes, body.start)).flatten() {
        body.bytes = Cow::Owned(chunks.iter().flat_map(|chunk| &record[chunk.clone()]).copied().collect());
        body.chunks = chunks;
    }
    if let Some(packing) = field(&head, "Content-Encoding")
        && let Some(unpacked) = unpacked(&body.bytes, &packing.to_ascii_lowercase())?
    {
        body.bytes = Cow::Owned(unpacked);
        body.packed = true;
    }
    Ok(Some(body))
}

/// Where the chunks of `body` stand, which begins at byte `start` of the record; `None` where it is not
/// in chunks. A last chunk that is cut off is taken as far as it goes.
fn chunks(body: &[u8], start: usize) -> Option<Vec<Range<usize>>> {
    let mut chunks = Vec::new();
    let mut at = 0;
    loop {
        let rest = body.get(at..)?;
        let Some(line_end) = memchr::memchr(b'\n', &rest[..rest.len().min(1024)]) else {
            return (!chunks.is_empty()).then_some(chunks);
        };
        let line = std::str::from_utf8(&rest[..line_end]).ok()?;
        let size = line.split(';').next().unwrap_or("").trim();
        let Ok(size) = usize::from_str_radix(size, 16) else {
            return (!chunks.is_empty()).then_some(chunks);
        };
        if size == 0 {
            return Some(chunks);
        }
        let from = at + line_end + 1;
        let to = from.saturating_add(size).min(body.len());
        chunks.push(start + from..start + to);
        at = to;
        while body.get(at).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            at += 1;
        }
        if at >= body.len() {
            return Some(chunks);
        }
    }
}

/// What `body` is unpacked; `None` where it was unpacked before it was stored.
fn unpacked(body: &[u8], packing: &str) -> Result<Option<Vec<u8>>, String> {
    let mut out = Vec::new();
    let read = |from: &mut dyn Read, out: &mut Vec<u8>| from.take(LONGEST + 1).read_to_end(out);
    let result = match (packing, body) {
        ("gzip" | "x-gzip", [0x1f, 0x8b, ..]) => read(&mut MultiGzDecoder::new(body), &mut out),
        ("deflate", [0x78, ..]) => read(&mut ZlibDecoder::new(body), &mut out),
        ("deflate", _) => match read(&mut DeflateDecoder::new(body), &mut out) {
            Err(_) if std::str::from_utf8(body).is_ok() => return Ok(None),
            other => other,
        },
        ("zstd", [0x28, 0xb5, 0x2f, 0xfd, ..]) => match zstd::stream::read::Decoder::with_buffer(body) {
            Ok(mut decoder) => read(&mut decoder, &mut out),
            Err(error) => Err(error),
        },
        ("br", _) if std::str::from_utf8(body).is_err() && !looks_like_markup(body) => {
            return Err("the page is compressed with brotli, which is not read".to_owned());
        }
        _ => return Ok(None),
    };
    if out.len() as u64 > LONGEST {
        return Err("decompression bomb? the page unpacks to more than 64 MiB".to_owned());
    }
    // What came before the damage is read.
    match result {
        Err(error) if out.is_empty() => Err(format!("the page's {packing} stream is damaged: {error}")),
        _ => Ok(Some(out)),
    }
}

fn looks_like_markup(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}
