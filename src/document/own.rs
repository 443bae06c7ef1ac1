//! Which files did copydesk write itself?
//!
//! A report quotes what it is about, and an index holds it: in a walk they would be copies of the documents. So
//! what looks like a document bears a mark.

/// In the head of every page.
pub const PAGE_MARK: &str = "<meta name=\"generator\" content=\"copydesk\">";

/// The first line of every report in Markdown; nobody sees it where the Markdown is shown.
pub const MARKDOWN_MARK: &str = "<!-- a report of copydesk -->";

/// How the first line of an exported index begins.
pub const EXPORT_MARK: &str = "{\"copydesk-index-export\":";

/// The mark of a page stands within so many bytes.
const PAGE_HEAD: usize = 1024;

/// Returns whether a file that begins with `head` is a report or an export of copydesk.
#[must_use]
pub fn is_own(head: &[u8]) -> bool {
    let begins = |mark: &str| head.starts_with(mark.as_bytes());
    let page = &head[..head.len().min(PAGE_HEAD)];
    begins(MARKDOWN_MARK)
        || begins(EXPORT_MARK)
        || page.first() == Some(&b'<') && memchr::memmem::find(page, PAGE_MARK.as_bytes()).is_some()
}
