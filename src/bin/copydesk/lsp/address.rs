//! Addresses of documents: `file:` URIs to paths and back.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Returns the path that a `file:` URI names; `None` for any other URI.
pub fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // A host may stand before the path: `localhost`, or nothing.
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') {
        return None;
    }
    let path = decoded(path)?;
    // `file:///c:/x` names the drive, without the first slash.
    let drive = cfg!(windows) && path.get(2..3) == Some(":");
    Some(PathBuf::from(if drive { &path[1..] } else { &path[..] }))
}

/// Returns the URI of the file at `path`, which is absolute.
pub fn uri(path: &Path) -> String {
    let mut out = String::from("file://");
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { format!("/{}", text.replace('\\', "/")) } else { text.into_owned() };
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte.into())
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// `text` with `%20` and the like decoded; `None` where that is no text.
fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
        out.push((high * 16 + low) as u8);
    }
    String::from_utf8(out).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        for text in ["/a/b.md", "/a b/\u{e9}#?%.md"] {
            assert_eq!(path(&uri(Path::new(text))), Some(PathBuf::from(text)));
        }
        assert_eq!(path("file:///a%20b"), Some(PathBuf::from("/a b")));
        for other in ["untitled:Untitled-1", "file:///a%2", "file:///%ff", "http://x/a", "file://host"] {
            assert_eq!(path(other), None, "{other}");
        }
    }
}
