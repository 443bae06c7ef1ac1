//! Messages on standard input and output: a header that says how long they are, and JSON.

use std::io::{self, BufRead, Read as _, Write};

use serde_json::Value;

/// The longest message that is read, in bytes: a document as large as `check` reads, with every character
/// escaped, is shorter.
const LONGEST: u64 = 1 << 30;

/// The longest line of a header, in bytes.
const LONGEST_LINE: u64 = 4 << 10;

/// What came from the client.
#[derive(Debug)]
pub enum Incoming {
    /// JSON.
    Message(Value),
    /// Something else, and what is wrong with it.
    Broken(String),
    /// Nothing more comes.
    Ended,
}

/// Reads the next message. What is broken is skipped up to where the next may begin.
pub fn read(input: &mut impl BufRead) -> Incoming {
    let mut length = None;
    let mut seen = false;
    loop {
        let mut line = Vec::new();
        match input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return Incoming::Ended,
            Ok(_) => {}
        }
        let line = line.trim_ascii();
        if line.is_empty() {
            if seen {
                break;
            }
            // Empty lines before a header are nobody's.
            continue;
        }
        seen = true;
        let (name, value) = match line.iter().position(|&byte| byte == b':') {
            Some(colon) => (line.get(..colon).unwrap_or_default(), line.get(colon + 1..).unwrap_or_default()),
            None => (line, &b""[..]),
        };
        if name.eq_ignore_ascii_case(b"content-length") {
            length = std::str::from_utf8(value).ok().and_then(|value| value.trim().parse::<u64>().ok());
        }
    }
    let Some(length) = length else {
        return Incoming::Broken("a header without Content-Length".to_owned());
    };
    if length > LONGEST {
        // Skipped, and not kept.
        return match io::copy(&mut input.by_ref().take(length), &mut io::sink()) {
            Ok(_) => Incoming::Broken(format!("a message of {length} bytes is too long")),
            Err(_) => Incoming::Ended,
        };
    }
    let mut body = Vec::new();
    match input.by_ref().take(length).read_to_end(&mut body) {
        Ok(read) if read as u64 == length => {}
        _ => return Incoming::Ended,
    }
    match serde_json::from_slice(&body) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Broken(format!("not JSON: {error}")),
    }
}

/// Writes one message.
///
/// # Errors
///
/// Those of `out`.
pub fn write(message: &Value, out: &mut impl Write) -> io::Result<()> {
    let body = message.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read, each message as its JSON, what is broken as `!`.
    fn all(mut input: &[u8]) -> Vec<String> {
        let mut out = Vec::new();
        loop {
            match read(&mut input) {
                Incoming::Message(value) => out.push(value.to_string()),
                Incoming::Broken(_) => out.push("!".to_owned()),
                Incoming::Ended => return out,
            }
        }
    }

    #[test]
    fn what_is_broken_is_skipped() {
        let input = b"Content-Length: 2\r\n\r\n{}content-length:4\nContent-Type: x\n\n{\"a\"Nonsense\r\n\r\n\
                      Content-Length: 9999999999\r\n\r\n";
        assert_eq!(all(input), ["{}", "!", "!", "!"]);
        assert_eq!(all(b"Content-Length: 20\r\n\r\n{}"), [""; 0]);
        assert_eq!(all(b""), [""; 0]);
    }
}
