//! How does a stored file become documents?
//!
//! [`inputs`](walk) are found (files, folders, globs, standard input), opened ([`input`]: decompressed,
//! spooled where they cannot be read twice), decoded ([`encoding`]), and given to the one [`Reader`]
//! that knows their format. A reader turns one [`Piece`] of a file into [`Document`]s and hands each to
//! a [`Sink`]; what is damaged goes to the same sink as a fault and the read goes on behind it.
//!
//! A new format is one file here and one line in [`READERS`].
//!
//! Exact places cost time and memory, so a reader builds them only when [`ReadOptions::places`] asks:
//! a check reads everything without, then reads again the few records that a finding names.

mod choice;
pub mod compress;
pub mod encoding;
mod escape;
pub mod feed;
mod framing;
pub mod html;
pub mod input;
pub mod json;
pub mod jsonl;
pub mod markdown;
pub mod mediawiki;
pub mod newsml;
pub mod ninjs;
pub mod paths;
pub mod pieces;
pub mod plaintext;
pub mod record;
mod spool;
pub mod versions;
pub mod volume;
pub mod walk;
pub mod warc;
mod xml;

use std::fmt;
use std::sync::Arc;

use crate::document::Document;
use crate::error::ReadError;
pub use choice::{reader_for, reader_named, reader_recognising};
pub use framing::{Extent, Framing};
pub use record::FieldMap;

/// Every input format, in the order in which content is tried against them.
///
/// Of those that share an extension the last takes what the others do not recognise.
#[rustfmt::skip]
pub static READERS: &[&dyn Reader] = &[
    &jsonl::Jsonl, &ninjs::Ninjs, &json::Json, &mediawiki::MediaWiki, &newsml::NewsMl, &feed::Feed,
    &html::Html, &warc::Warc, &markdown::Markdown, &plaintext::PlainText,
];

/// One input format.
pub trait Reader: Sync {
    /// Returns the format's name on the command line (`--input-format`) and in the documentation.
    fn name(&self) -> &'static str;

    /// Returns what the format is, in a few words, for `--help` and docs/formats.md.
    fn summary(&self) -> &'static str;

    /// Returns the file name extensions of the format, lower case, without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// Returns whether `head`, the first bytes of a file decoded as far as they go, looks like this
    /// format. Asked only where the extension settles nothing: standard input and unknown names.
    fn recognises(&self, head: &str) -> bool;

    /// Returns how a file of the format can be cut into pieces that are read apart.
    fn framing(&self) -> Framing {
        Framing::Whole
    }

    /// Returns how far the record reaches that `bytes` begin with; asked of readers of
    /// [`Framing::Records`].
    fn extent(&self, bytes: &[u8]) -> Extent {
        let _ = bytes;
        Extent::Unknown
    }

    /// Reads one piece: gives each document to `sink`, and each fault with its place.
    ///
    /// After a fault the read goes on with what still can be read; documents already given stay given.
    fn read(&self, piece: &Piece<'_>, options: &ReadOptions, sink: &mut dyn Sink);
}

impl fmt::Debug for dyn Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A stretch of a file, decompressed but not decoded.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    /// The path as given or walked.
    pub path: &'a Arc<str>,
    /// The stored bytes.
    pub bytes: &'a [u8],
    /// Where `bytes` begins in the (decompressed) file.
    pub offset: u64,
    /// 1-based number of the line that `bytes` begins with.
    pub first_line: u64,
    /// Whether the file was named by the user: then it is an error, not a skip, when it is no document.
    pub named: bool,
}

/// Receives what a reader finds.
pub trait Sink {
    /// Takes one document. The reader may reuse its buffers afterwards; who wants to keep it takes it.
    fn document(&mut self, document: &mut Document);

    /// Takes one fault: one line for the user, exit status 2.
    fn fault(&mut self, fault: ReadError);

    /// Takes word that the piece is no document at all (a `package.json` in a walk), and why; it is
    /// counted as skipped in a walk and is a fault for a named file.
    fn not_a_document(&mut self, why: &'static str);
}

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Whether documents get their [`Places`](crate::document::Places).
    pub places: bool,
    /// Which fields of a record mean what, before the usual names.
    pub fields: FieldMap,
    /// Whether a record's body is HTML; `None` leaves it to the field's name.
    pub body_html: Option<bool>,
    /// Whether of a page only the main content is read; `None`: of pages in WARC, not of HTML files.
    pub main_content: Option<bool>,
    /// The encoding to decode with, instead of the one that is found.
    pub encoding: Option<&'static encoding_rs::Encoding>,
}
