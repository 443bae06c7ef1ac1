//! What does a dump say? Pages, and the revisions of each, as they come by.
//!
//! A dump is a stream of some ten kinds of element, written by one program: `<` and `&` are always
//! escaped in texts. So [`memchr`] finds the next tag, a text is copied once, and only texts with `&` are
//! unescaped. One text is in memory at a time.

use std::io::{self, Read};
use std::ops::Range;

use super::escape::unescape;

/// What an element may be long whatever the limit, in bytes.
const SHORT: u64 = 1 << 20;

/// Why a revision has no text: it is longer than was asked for.
pub const TOO_LONG: &str = "larger than --max-size";

/// What a dump says of one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its title, with its namespace.
    pub title: String,
    /// Its number.
    pub id: String,
    /// The number of its namespace; 0 is that of articles.
    pub namespace: String,
    /// Whether it leads to another page.
    pub redirect: bool,
}

/// What a dump says of one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// Its number.
    pub id: String,
    /// When it was saved.
    pub time: String,
    /// The name or address of who saved it; empty where that is deleted.
    pub author: String,
    /// The summary of the edit; empty where there is none.
    pub comment: String,
    /// What its text is written in: `wikitext`, `css`, `Scribunto`.
    pub model: String,
    /// Its text.
    pub text: String,
    /// Where the text stands, escaped, in bytes of the dump.
    pub stored: Range<u64>,
    /// Why there is no text.
    pub missing: Option<&'static str>,
    /// How many bytes or references in it could not be understood, and the line of the first.
    pub damaged: Option<(u64, u64)>,
}

/// What comes next in a dump.
#[derive(Debug)]
pub enum Event<'a> {
    /// A page begins: title, number and namespace are known.
    Page(&'a Page),
    /// A revision has ended.
    Revision(&'a mut Revision),
    /// The page has ended.
    EndOfPage,
}

/// Why a dump is not read to its end.
#[derive(Debug)]
pub enum Stop {
    /// The bytes cannot be read.
    Input(io::Error),
    /// They end before the dump does, at this line, inside of what is named; `None` between pages.
    CutOff(u64, Option<String>),
    /// What should be a short element is longer than any text may be, at this line.
    TooLong(u64),
}

/// Reads a dump.
#[derive(Debug)]
pub struct Dump<R> {
    from: R,
    buffer: Vec<u8>,
    filled: usize,
    /// Where in the buffer what was not looked at begins.
    at: usize,
    /// Where the buffer begins in the dump, in bytes, and which line that is.
    offset: u64,
    line: u64,
    ended: bool,
    longest: u64,
    page: Page,
    revision: Revision,
    inside: Inside,
    /// Whether the page was told.
    told: bool,
}

/// Which elements are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Inside {
    Nothing,
    Dump,
    Page,
    Revision,
    /// A second slot of a revision: its text is not the page's.
    Slot,
}

/// A tag, as ranges of the buffer.
struct Tag {
    /// What stands before it.
    before: Range<usize>,
    /// Everything between `<` and `>`.
    inside: Range<usize>,
}

impl<R: Read> Dump<R> {
    /// Returns a reader of the dump that `from` gives from line `line` on, which reads `step` bytes at once;
    /// a text longer than `longest` bytes is left out.
    pub fn new(from: R, line: u64, longest: u64, step: usize) -> Self {
        Self {
            from,
            buffer: vec![0; step.max(1)],
            filled: 0,
            at: 0,
            offset: 0,
            line,
            ended: false,
            longest,
            page: Page::default(),
            revision: Revision::default(),
            inside: Inside::Nothing,
            told: false,
        }
    }

    /// Returns what comes next; `None` at the end. `wanted` says whether the text of a revision is read, by
    /// what stands before it.
    ///
    /// # Errors
    ///
    /// If the dump cannot be read on. What came before stays given.
    pub fn next(&mut self, wanted: impl Fn(&Page, &Revision) -> bool) -> Result<Option<Event<'_>>, Stop> {
        while let Some(tag) = self.tag(true)? {
            let inside = &self.buffer[tag.inside.clone()];
            let (name, end, empty) = parts(inside);
            match (self.inside, name, end) {
                (Inside::Nothing, b"mediawiki", false) => self.inside = Inside::Dump,
                (_, b"mediawiki", true) => self.inside = Inside::Nothing,
                (_, b"page", false) => {
                    // A piece of a dump, cut between pages, has no root; two that were cut off and put
                    // behind each other have a page in a page.
                    self.page = Page::default();
                    self.told = false;
                    self.inside = Inside::Page;
                }
                (Inside::Page, b"title", false) => self.page.title = self.content()?,
                (Inside::Page, b"ns", false) => self.page.namespace = self.content()?,
                (Inside::Page, b"id", false) => self.page.id = self.content()?,
                (Inside::Page, b"redirect", false) => self.page.redirect = true,
                (Inside::Page, b"revision", false) => {
                    let text = std::mem::take(&mut self.revision.text);
                    self.revision =
                        Revision { text, missing: Some("not in the dump"), ..Revision::default() };
                    self.revision.text.clear();
                    self.inside = Inside::Revision;
                    if !std::mem::replace(&mut self.told, true) {
                        return Ok(Some(Event::Page(&self.page)));
                    }
                }
                (Inside::Page, b"page", true) => {
                    self.inside = Inside::Dump;
                    if self.told {
                        return Ok(Some(Event::EndOfPage));
                    }
                }
                (Inside::Revision, b"id", false) if self.revision.id.is_empty() => {
                    self.revision.id = self.content()?;
                }
                (Inside::Revision, b"timestamp", false) => self.revision.time = self.content()?,
                (Inside::Revision, b"username" | b"ip", false) if !empty => {
                    self.revision.author = self.content()?;
                }
                (Inside::Revision, b"comment", false) if !empty => self.revision.comment = self.content()?,
                (Inside::Revision, b"model", false) => self.revision.model = self.content()?,
                (Inside::Revision, b"text", false) => {
                    let deleted = has_attribute(inside, b"deleted");
                    if empty {
                        // `<text bytes="0" …/>` is an empty text; deleted ones and stubs have none.
                        let bytes = attribute(inside, b"bytes").is_none_or(|bytes| bytes == b"0");
                        self.revision.missing = match (deleted, bytes) {
                            (true, _) => Some("deleted"),
                            (false, true) => None,
                            (false, false) => Some("not in the dump"),
                        };
                    } else {
                        let wanted = wanted(&self.page, &self.revision);
                        self.text(wanted)?;
                        if deleted {
                            self.revision.missing = Some("deleted");
                        }
                    }
                }
                (Inside::Revision, b"content", false) if !empty => self.inside = Inside::Slot,
                (Inside::Slot, b"content", true) => self.inside = Inside::Revision,
                (Inside::Revision | Inside::Slot, b"revision", true) => {
                    self.inside = Inside::Page;
                    return Ok(Some(Event::Revision(&mut self.revision)));
                }
                _ => {}
            }
        }
        if self.inside == Inside::Nothing { Ok(None) } else { Err(self.cut_off()) }
    }

    /// Returns the page that was told last.
    pub const fn page(&self) -> &Page {
        &self.page
    }

    fn cut_off(&self) -> Stop {
        let inside = match self.inside {
            Inside::Nothing | Inside::Dump => None,
            Inside::Page => Some(format!("page `{}`", self.page.title)),
            Inside::Revision | Inside::Slot => {
                Some(format!("revision {} of page `{}`", self.revision.id, self.page.title))
            }
        };
        Stop::CutOff(self.line_at(self.at), inside)
    }

    /// Reads more; false at the end of the dump. What lies before `self.at` is forgotten.
    fn more(&mut self) -> Result<bool, Stop> {
        if self.ended {
            return Ok(false);
        }
        // Move only where that frees much, so that each byte is moved about once.
        if self.at > 0 && (self.at >= self.filled / 2 || self.filled == self.buffer.len()) {
            self.line += memchr::memchr_iter(b'\n', &self.buffer[..self.at]).count() as u64;
            self.offset += self.at as u64;
            self.buffer.copy_within(self.at..self.filled, 0);
            self.filled -= self.at;
            self.at = 0;
        }
        if self.filled == self.buffer.len() {
            if self.filled as u64 >= self.longest.max(SHORT) {
                return Err(Stop::TooLong(self.line_at(self.at)));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match self.from.read(&mut self.buffer[self.filled..]) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.filled += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Input(error)),
            }
        }
    }

    /// Returns how far from `self.at` the next `byte` stands, from `skip` on; `None` where none comes.
    fn find(&mut self, byte: u8, mut skip: usize) -> Result<Option<usize>, Stop> {
        loop {
            let from = (self.at + skip).min(self.filled);
            if let Some(at) = memchr::memchr(byte, &self.buffer[from..self.filled]) {
                return Ok(Some(from - self.at + at));
            }
            skip = self.filled - self.at;
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Takes the next tag; comments, declarations and instructions are passed over. `None` at the end.
    ///
    /// Unless `pass_over`, what stands before the tag is kept, and the tag may be a CDATA section.
    fn tag(&mut self, pass_over: bool) -> Result<Option<Tag>, Stop> {
        loop {
            let before = if pass_over {
                if !self.skip_to_tag()? {
                    return Ok(None);
                }
                0
            } else {
                match self.find(b'<', 0)? {
                    Some(at) => at,
                    None => return Ok(None),
                }
            };
            let Some(mut end) = self.find(b'>', before + 1)? else { return Ok(None) };
            let start = self.at + before;
            let begins = |marker: &[u8]| self.buffer[start..self.filled].starts_with(marker);
            let closing: &[u8] = if begins(b"<!--") {
                b"-->"
            } else if begins(b"<![CDATA[") {
                b"]]>"
            } else if begins(b"<?") {
                b"?>"
            } else {
                b">"
            };
            while !self.buffer[self.at + before..=self.at + end].ends_with(closing) {
                match self.find(b'>', end + 1)? {
                    Some(next) => end = next,
                    None => return Ok(None),
                }
            }
            let start = self.at + before;
            let tag = Tag { before: self.at..start, inside: start + 1..self.at + end };
            let passed = pass_over && matches!(self.buffer.get(start + 1), Some(b'!' | b'?'));
            self.at += end + 1;
            if !passed {
                return Ok(Some(tag));
            }
        }
    }

    /// Moves to the next `<`, and forgets what stands before. False where there is none.
    fn skip_to_tag(&mut self) -> Result<bool, Stop> {
        loop {
            if let Some(at) = memchr::memchr(b'<', &self.buffer[self.at..self.filled]) {
                self.at += at;
                return Ok(true);
            }
            self.at = self.filled;
            if !self.more()? {
                return Ok(false);
            }
        }
    }

    /// Returns the content of a short element whose tag was taken.
    fn content(&mut self) -> Result<String, Stop> {
        let Some(tag) = self.tag(false)? else { return Err(self.cut_off()) };
        let mut content = String::new();
        unescape(&self.buffer[tag.before], &mut content);
        Ok(content)
    }

    /// Reads the revision's text, whose tag was taken, up to its end tag; passes over it unless `wanted`.
    fn text(&mut self, wanted: bool) -> Result<(), Stop> {
        self.revision.missing = None;
        self.revision.text.clear();
        let start = self.offset + self.at as u64;
        self.revision.stored = start..start;
        if !wanted {
            self.revision.missing = Some("not wanted");
        }
        loop {
            let tag = match self.tag(!wanted) {
                Ok(Some(tag)) => tag,
                Ok(None) => return Err(self.cut_off()),
                Err(Stop::TooLong(_)) => {
                    self.revision.missing = Some(TOO_LONG);
                    self.revision.text = String::new();
                    return self.text_rest();
                }
                Err(stop) => return Err(stop),
            };
            let inside = &self.buffer[tag.inside.clone()];
            let (name, end, _) = parts(inside);
            let last = end && name == b"text";
            let end_of_content = self.offset + tag.inside.start as u64 - 1;
            if wanted {
                let mut damage = unescape(&self.buffer[tag.before.clone()], &mut self.revision.text);
                if let Some(section) = inside.strip_prefix(b"![CDATA[") {
                    let section = section.strip_suffix(b"]]").unwrap_or(section);
                    self.revision.text.push_str(&String::from_utf8_lossy(section));
                } else if !last && !inside.starts_with(b"!--") {
                    // `<` that nobody escaped: it is text.
                    damage += 1;
                    self.revision.text.push('<');
                    unescape(inside, &mut self.revision.text);
                    self.revision.text.push('>');
                }
                if damage > 0 {
                    let line = self.line_at(tag.before.start);
                    let (count, _) = self.revision.damaged.get_or_insert((0, line));
                    *count += damage;
                }
            }
            if last {
                self.revision.stored.end = end_of_content;
                return Ok(());
            }
        }
    }

    /// Passes over the rest of a text.
    fn text_rest(&mut self) -> Result<(), Stop> {
        while let Some(tag) = self.tag(true)? {
            if &self.buffer[tag.inside] == b"/text" {
                return Ok(());
            }
        }
        Err(self.cut_off())
    }

    /// Returns the number of the line that byte `at` of the buffer stands in.
    fn line_at(&self, at: usize) -> u64 {
        self.line + memchr::memchr_iter(b'\n', &self.buffer[..at.min(self.filled)]).count() as u64
    }
}

/// The name of the tag, whether it is an end tag, and whether it is an empty element.
fn parts(inside: &[u8]) -> (&[u8], bool, bool) {
    let (rest, end) = match inside.strip_prefix(b"/") {
        Some(rest) => (rest, true),
        None => (inside, false),
    };
    let length =
        rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/').unwrap_or(rest.len());
    (&rest[..length], end, inside.ends_with(b"/"))
}

fn has_attribute(inside: &[u8], name: &[u8]) -> bool {
    attribute(inside, name).is_some()
}

/// The value of an attribute, as it is written.
fn attribute<'a>(inside: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(inside.get(from..)?, name) {
        let start = from + at;
        let after = start + name.len();
        let apart = start > 0 && inside[start - 1].is_ascii_whitespace();
        if apart && inside.get(after..after + 2) == Some(b"=\"") {
            let value = &inside[after + 2..];
            return Some(&value[..memchr::memchr(b'"', value).unwrap_or(value.len())]);
        }
        from = after;
    }
    None
}
