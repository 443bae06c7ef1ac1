//! Which reader knows a format, an extension, a content?

use super::{READERS, Reader, plaintext};

/// Returns the reader called `name`.
#[must_use]
pub fn reader_named(name: &str) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.name() == name)
}

/// Returns the reader for a file called `file_name` (a path's last part, without `.gz` and the like),
/// by its extension; of several with one extension the last, `None` where the extension is none of ours.
#[must_use]
pub fn reader_for(file_name: &str) -> Option<&'static dyn Reader> {
    let (_, extension) = file_name.rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    READERS.iter().copied().rfind(|reader| reader.extensions().contains(&extension.as_str()))
}

/// Returns the reader whose format `head`, the decoded beginning of a file, looks like; plain text
/// where it looks like no other.
#[must_use]
pub fn reader_recognising(head: &str) -> &'static dyn Reader {
    READERS.iter().copied().find(|reader| reader.recognises(head)).unwrap_or(&plaintext::PlainText)
}
