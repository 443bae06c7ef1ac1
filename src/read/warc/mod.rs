//! Which documents are in a crawl's archive?
//!
//! WARC: one document for each page that a crawl brought home.
//!
//! A file of any size is read record after record (member-wise gzip or not); only one record at a time is
//! in memory, and one over the limit is told and passed over. Read are HTML pages (`response` with a 2xx
//! status, `resource`) and extracted plain text (`conversion`); pictures, requests, redirects and the
//! like are passed over.
//!
//! - [`head`] reads a record's own header, [`http`] takes the body out of the response: chunks, gzip,
//!   deflate, zstd.
//! - The text of a page is its [main content](super::html::main_content), unless the user says otherwise.
//! - Places are exact, through chunks too. A compressed body stands as a whole: no byte of it stands for
//!   one character.
//! - The id is the address, and the date of the crawl the version: two captures of one page are versions
//!   of one document.

mod head;
mod http;
mod page;

use super::{Extent, Framing, Piece, ReadOptions, Reader, Sink};
use crate::document::Document;
use crate::error::ReadError;
use head::Head;
use page::File;

/// The reader of WARC.
#[derive(Clone, Copy, Debug)]
pub struct Warc;

impl Reader for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }

    fn summary(&self) -> &'static str {
        "WARC 0.17 to 1.1: one document for each HTML page, its main content"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["warc", "wet"]
    }

    fn recognises(&self, head: &str) -> bool {
        head.starts_with("WARC/")
    }

    fn framing(&self) -> Framing {
        Framing::Records
    }

    fn extent(&self, bytes: &[u8]) -> Extent {
        head::extent(bytes)
    }

    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink) {
        let mut file = File { piece, options, document: Document::default() };
        let (mut at, mut line) = (0, piece.first_line);
        while at < piece.bytes.len() {
            let rest = &piece.bytes[at..];
            let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            line += memchr::memchr_iter(b'\n', &rest[..blank]).count() as u64;
            let record = &rest[blank..];
            if record.is_empty() {
                break;
            }
            let length = match head::extent(record) {
                Extent::Known { length, .. } => usize::try_from(length).unwrap_or(usize::MAX),
                Extent::Unknown => usize::MAX,
            };
            let here = &record[..length.min(record.len())];
            file.document.origin.cut_off = length > record.len();
            match Head::of(here) {
                Some(head) => file.record(&head, here, piece.offset + (at + blank) as u64, line, sink),
                // A head that is cut off is no other fault.
                None if length > record.len() && here.starts_with(b"WARC/") => {}
                None => {
                    let message = "is no WARC record; what follows is read from the next record on";
                    sink.fault(ReadError::new(piece.path, message).at(line, 1));
                }
            }
            if length > record.len() {
                let message = "the file ends inside of a record";
                sink.fault(ReadError::new(piece.path, message).at(line, 1));
            }
            line += memchr::memchr_iter(b'\n', here).count() as u64;
            at += blank + here.len();
        }
    }
}

#[cfg(test)]
mod tests;
