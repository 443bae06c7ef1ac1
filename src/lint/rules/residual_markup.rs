//! `residual-markup`: a text shows tags or template code that should have been taken off.

use crate::document::{BlockKind, Document, TextRange};
use crate::lint::{Flag, Rule, Settings, Severity};

/// The rule.
pub(super) struct ResidualMarkup;

impl Rule for ResidualMarkup {
    fn name(&self) -> &'static str {
        "residual-markup"
    }

    fn default_severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn summary(&self) -> &'static str {
        "a text shows tags or template code that should have been taken off"
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
            let mut found = remains(text);
            found.retain(|&(start, end)| {
                let at = |byte: usize| block.range.start + byte as u32;
                !document.is_code(TextRange::new(at(start), at(end)))
            });
            let Some(&(start, end)) = found.first() else { continue };
            let shown = &text[start..end];
            let message = match found.len() - 1 {
                0 => format!("text shows the markup \"{shown}\""),
                1 => format!("text shows the markup \"{shown}\", and 1 more place of it"),
                more => format!("text shows the markup \"{shown}\", and {more} more places of it"),
            };
            let range = TextRange::new(block.range.start + start as u32, block.range.start + end as u32);
            let help = "render the markup before the text is stored, or say that the field is HTML";
            let mut flag = Flag::new(self.name(), range, message, help, text);
            flag.replacement = Some(String::new()).filter(|_| found.len() == 1);
            flags.push(flag);
        }
    }
}

/// Elements of HTML that articles are written with.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "p",
    "param",
    "picture",
    "pre",
    "q",
    "s",
    "script",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "video",
    "audio",
    "wbr",
];

/// Shortcodes of the usual publishing systems.
const SHORTCODES: &[&str] =
    &["caption", "gallery", "embed", "audio", "video", "playlist", "youtube", "tweet", "vc_", "et_pb_"];

/// How long one tag may be.
const LONGEST: usize = 500;

/// The pieces of markup in `text`, in order: start and end.
fn remains(text: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for start in memchr::memchr3_iter(b'<', b'[', b'{', text.as_bytes()) {
        if out.last().is_some_and(|&(_, end)| start < end) {
            continue;
        }
        let rest = &text[start..];
        let length = match rest.as_bytes()[0] {
            b'<' => tag(rest).filter(|_| !is_ticker(text, rest)),
            b'[' => shortcode(rest),
            _ => template(rest),
        };
        if let Some(length) = length {
            out.push((start, start + length));
        }
    }
    out
}

/// Bytes up to and with `close`, where it comes soon enough.
fn until(rest: &str, close: &str) -> Option<usize> {
    let window = &rest.as_bytes()[..rest.len().min(LONGEST)];
    memchr::memmem::find(window, close.as_bytes()).map(|at| at + close.len())
}

/// `<p>`, `</p>`, `<a href="…">`, `<!-- … -->`.
fn tag(rest: &str) -> Option<usize> {
    if rest.starts_with("<!--") {
        return until(rest, "-->");
    }
    let inside = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    let length = inside.find(|c: char| !c.is_ascii_alphanumeric()).filter(|&length| length > 0)?;
    let name = inside[..length].to_ascii_lowercase();
    if !TAGS.contains(&name.as_str()) {
        return None;
    }
    let after = &inside[length..];
    let end = until(rest, ">")?;
    let bare = after.starts_with('>') || after.starts_with("/>") || after.starts_with(" />");
    let attributes = after.starts_with(' ') && rest[..end].contains('=');
    (bare || attributes).then_some(end)
}

/// Whether `rest` opens with a name in capitals that `text` never closes: `<DD>` is a company to the wire.
fn is_ticker(text: &str, rest: &str) -> bool {
    let name = rest[1..].split('>').next().unwrap_or("");
    let capitals = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase());
    capitals && name != "P" && name != "BR" && !text.contains(&format!("</{name}>"))
}

/// `[caption id="…"]`, `[/caption]`.
fn shortcode(rest: &str) -> Option<usize> {
    let inside = rest[1..].strip_prefix('/');
    let closing = inside.is_some();
    let inside = inside.unwrap_or(&rest[1..]);
    let code = SHORTCODES.iter().find(|code| inside.starts_with(**code))?;
    let after = &inside[code.len()..];
    let end = until(rest, "]")?;
    let attributes = (after.starts_with(' ') || code.ends_with('_')) && rest[..end].contains('=');
    (closing && (after.starts_with(']') || code.ends_with('_')) || attributes).then_some(end)
}

/// `{{ name }}`, `{% if … %}`.
fn template(rest: &str) -> Option<usize> {
    if rest.starts_with("{{") {
        until(rest, "}}").filter(|&end| end > 4 && rest[2..end].contains(char::is_alphabetic))
    } else if rest.starts_with("{%") {
        until(rest, "%}")
    } else {
        None
    }
}

const EXPLANATION: &str = "\
A reader sees tags (`<p>`, `</div>`, `<!-- -->`), shortcodes (`[caption id=\"…\"]`, `[/caption]`) or
template code (`{{ byline }}`) in the text: the markup was stored as text, or never filled in.

    {\"text\": \"<p>The harbour board met on Tuesday.</p>\"}

Markdown files and code (also `<code>`, `<kbd>`, `<samp>` within a line of HTML) are left alone. Where
the field does hold HTML, say so with `--body-format html`.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_told_from_signs() {
        let text =
            "<p>a</p> <a href=\"x\">b</a> <!-- c --> [caption id=\"1\"]d[/caption] {{ e }} {% f %}<br/>";
        let found: Vec<&str> = remains(text).into_iter().map(|(start, end)| &text[start..end]).collect();
        assert_eq!(
            found,
            [
                "<p>",
                "</p>",
                "<a href=\"x\">",
                "</a>",
                "<!-- c -->",
                "[caption id=\"1\"]",
                "[/caption]",
                "{{ e }}",
                "{% f %}",
                "<br/>"
            ]
        );
        let text = "a <b and c> d <RTR.N> <DD> <U> <3 [sic] [caption] {a} {{}} x<y <a lot> [video shows a pier] <\u{e9}>";
        assert_eq!(remains(text), []);
    }
}
