//! `double-escaped`: a text shows escapes that should be characters.

use crate::document::{BlockKind, Document, TextRange};
use crate::lint::{Flag, Rule, Settings, Severity};

/// The rule.
pub(super) struct DoubleEscaped;

impl Rule for DoubleEscaped {
    fn name(&self) -> &'static str {
        "double-escaped"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a text shows escapes that should be characters"
    }

    fn explanation(&self) -> &'static str {
        EXPLANATION
    }

    fn document(&self, document: &Document, _: &Settings, flags: &mut Vec<Flag>) {
        if ["markdown", "mediawiki"].contains(&document.origin.format) {
            return;
        }
        for block in document.blocks.iter().filter(|block| block.kind != BlockKind::Code) {
            let text = &document.text[block.range.as_usize()];
            let mut found = escapes(text);
            found.retain(|escape| {
                let start = block.range.start + escape.start as u32;
                !document.is_code(TextRange::new(start, block.range.start + escape.end as u32))
            });
            let (Some(first), Some(last)) = (found.first(), found.last()) else { continue };
            let range =
                TextRange::new(block.range.start + first.start as u32, block.range.start + last.end as u32);
            let shown = &text[first.start..first.end];
            let message = match found.len() {
                1 => format!("text shows \"{shown}\", which is \"{}\" escaped twice", first.text),
                2 => format!("text shows \"{shown}\" and 1 more escape, escaped twice"),
                n => format!("text shows \"{shown}\" and {} more escapes, escaped twice", n - 1),
            };
            let help = "escape the text once where it is written into the feed, not again";
            let mut mended = String::new();
            let mut at = first.start;
            for escape in &found {
                mended.push_str(&text[at..escape.start]);
                mended.push_str(&escape.text);
                at = escape.end;
            }
            let mut flag = Flag::new(self.name(), range, message, help, text);
            flag.replacement = Some(mended);
            flags.push(flag);
        }
    }
}

/// An escape that a reader sees, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Escape {
    start: usize,
    end: usize,
    text: String,
}

/// The escapes that stand in `text` as text: `&amp;`, `&lt;`, `&#8217;`.
fn escapes(text: &str) -> Vec<Escape> {
    let mut out: Vec<Escape> = Vec::new();
    for start in memchr::memchr_iter(b'&', text.as_bytes()) {
        let rest = &text[start + 1..];
        let Some(length) = rest.bytes().take(12).position(|byte| byte == b';') else { continue };
        let name = &rest[..length];
        let text = match name.strip_prefix('#') {
            Some(number) => numbered(number),
            None if length >= 2 => quick_xml::escape::resolve_html5_entity(name).map(str::to_owned),
            None => None,
        };
        if let Some(text) = text.filter(|_| out.last().is_none_or(|last| last.end <= start)) {
            out.push(Escape { start, end: start + length + 2, text });
        }
    }
    out
}

fn numbered(number: &str) -> Option<String> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?).filter(|c| !c.is_control()).map(String::from)
}

const EXPLANATION: &str = "\
A reader sees `&amp;`, `&lt;p&gt;`, `&nbsp;` or `&#8217;` in the text: it was escaped once more than it
is unescaped.

    <description>Seals &amp;amp;amp; nets</description>      reads: Seals &amp; nets

Markdown files, where such escapes are markup, and code (also `<code>`, `<kbd>`, `<samp>` within a line of
HTML) are left alone. The suggestion puts the
characters in their places.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_told_from_ampersands() {
        let found: Vec<String> =
            escapes("a &amp; b &lt;p&gt; c&#8217;s &nbsp;").into_iter().map(|e| e.text).collect();
        assert_eq!(found, ["&", "<", ">", "\u{2019}", "\u{a0}"]);
        assert_eq!(escapes("AT&T; R&D; Q&A & more; a&b=c;d &hask; &#xZZ; &"), []);
    }
}
