//! XML that any parser takes: what XML 1.0 forbids is shown as an escape, and so is what [`acts`].
//!
//! [`acts`]: super::visible::acts

use std::fmt;
use std::io;

use super::visible;

/// Writes what an XML file begins with.
///
/// # Errors
///
/// Those of `out`.
pub fn prolog(out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
}

/// Text for an attribute or an element, on one line; what it shows is told in the
/// [module's documentation](self).
pub struct Text<'a>(pub &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = visible::line_start(self.0);
        let mut rest = &*shown;
        // `>` too, so that no `]]>` stands anywhere.
        let special = |c| matches!(c, '&' | '<' | '>' | '"' | '\'' | '\u{fffe}' | '\u{ffff}');
        while let Some(at) = rest.find(special) {
            let (before, from) = rest.split_at(at);
            f.write_str(before)?;
            let mut chars = from.chars();
            match chars.next() {
                Some('&') => f.write_str("&amp;")?,
                Some('<') => f.write_str("&lt;")?,
                Some('>') => f.write_str("&gt;")?,
                Some('"') => f.write_str("&quot;")?,
                Some('\'') => f.write_str("&#39;")?,
                Some(c) => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                None => {}
            }
            rest = chars.as_str();
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stands_for_markup_and_nothing_is_forbidden() {
        assert_eq!(
            Text("a ]]> <b c=\"d\" e='f'> &amp;").to_string(),
            "a ]]&gt; &lt;b c=&quot;d&quot; e=&#39;f&#39;&gt; &amp;amp;"
        );
        assert_eq!(Text("a\0b\x1bc\nd\u{ffff}e\u{202e}").to_string(), "a\\x00b\\x1bc\\nd\\u{ffff}e\\u{202e}");
        assert_eq!(Text("::error::x").to_string(), "\\x3a:error::x");
    }
}
