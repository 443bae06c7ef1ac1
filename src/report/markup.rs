//! Text of documents inside of markup: HTML and Markdown that shows it and obeys nothing of it.

use super::visible;

/// Returns `text` as HTML text or attribute; what acts on the order of a line or on a terminal is shown as
/// an escape, line breaks and tabs stay.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\r' => {}
            c if visible::acts(c) => visible::push_escape(c, &mut out),
            c => out.push(c),
        }
    }
    out
}

/// Returns `text`, a line of Markdown, with whatever Markdown or HTML would obey made plain.
pub(super) fn markdown(text: &str) -> String {
    let shown = visible::line(text);
    let mut out = String::with_capacity(shown.len());
    for c in shown.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '+' | '~' | '|' | '!' | '@' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_obeyed() {
        assert_eq!(html("<b a='1'>\r\n&\u{202e}\x1b"), "&lt;b a=&#39;1&#39;&gt;\n&amp;\\u{202e}\\x1b");
        assert_eq!(markdown("a|b <i> [x](y) *z* @me"), "a\\|b &lt;i&gt; \\[x\\](y) \\*z\\* \\@me");
    }
}
