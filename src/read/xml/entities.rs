//! What do references stand for? Nothing is fetched and no file is read, and what a file declares for
//! itself is put in only as long as it stays small.

use std::collections::BTreeMap;

use quick_xml::escape::resolve_html5_entity;

/// How long the text of one entity may be; those of real feeds are a character.
const ENTITY: usize = 1024;

/// How deep entities may stand in entities.
const DEPTH: u32 = 4;

/// How much text a whole feed may get out of its own entities.
const ALL: usize = 1 << 20;

/// What a reference stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Reference {
    /// A character that XML itself names, or by its number.
    Character(char),
    /// Text that the feed declares.
    Declared(String),
    /// An entity of HTML, which XML does not know by itself.
    Html(&'static str),
    /// It stands outside of the file, or would grow beyond all bounds.
    Refused(&'static str),
    Unknown,
}

/// The entities that a feed declares.
#[derive(Debug, Default)]
pub struct Entities {
    /// The values as declared; `None` for what stands outside of the file.
    values: BTreeMap<String, Option<String>>,
    /// Whether a document type outside of the file may declare more.
    pub external: bool,
    /// How much text was put in.
    spent: usize,
}

impl Entities {
    /// Takes in a document type declaration, `rss PUBLIC "…" "…" [ <!ENTITY …> ]`.
    pub fn declare(&mut self, doctype: &str) {
        let subset = doctype.find('[').unwrap_or(doctype.len());
        self.external |= doctype[..subset].contains("PUBLIC") || doctype[..subset].contains("SYSTEM");
        let mut rest = &doctype[subset..];
        while let Some(at) = rest.find("<!ENTITY") {
            rest = rest[at + "<!ENTITY".len()..].trim_start();
            if rest.starts_with('%') {
                self.external = true;
                continue;
            }
            let Some(end) = rest.find(char::is_whitespace) else { return };
            let (name, value) = rest.split_at(end);
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let inner = quote.and_then(|quote| value[1..].split(quote).next());
            // The first declaration counts.
            self.values.entry(name.to_owned()).or_insert_with(|| inner.map(str::to_owned));
            rest = inner.map_or(value, |inner| &value[(inner.len() + 2).min(value.len())..]);
        }
    }

    /// Returns what `&name;` stands for.
    pub fn resolve(&mut self, name: &str) -> Reference {
        if let Some(number) = name.strip_prefix('#') {
            return character(number).map_or(Reference::Unknown, Reference::Character);
        }
        if let Some(c) = predefined(name) {
            return Reference::Character(c);
        }
        match self.values.get(name) {
            Some(None) => return Reference::Refused("stands outside of the feed and is not read"),
            Some(Some(_)) => {
                let mut out = String::new();
                if !self.expand(name, DEPTH, &mut out) || self.spent + out.len() > ALL {
                    return Reference::Refused("grows too long and is not put in");
                }
                self.spent += out.len();
                return Reference::Declared(out);
            }
            None => {}
        }
        resolve_html5_entity(name).map_or(Reference::Unknown, Reference::Html)
    }

    /// Appends the text of the entity `name`; false where it is too long or too deep.
    fn expand(&self, name: &str, depth: u32, out: &mut String) -> bool {
        let Some(Some(value)) = self.values.get(name) else { return false };
        let mut rest = value.as_str();
        while let Some(at) = rest.find('&') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let Some((inner, after)) = rest.split_once(';') else {
                out.push('&');
                continue;
            };
            rest = after;
            if let Some(c) = inner.strip_prefix('#').and_then(character).or_else(|| predefined(inner)) {
                out.push(c);
            } else if let Some(html) =
                resolve_html5_entity(inner).filter(|_| !self.values.contains_key(inner))
            {
                out.push_str(html);
            } else if depth == 0 || !self.expand(inner, depth - 1, out) {
                return false;
            }
            if out.len() > ENTITY {
                return false;
            }
        }
        out.push_str(rest);
        out.len() <= ENTITY
    }
}

/// The five that XML knows.
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// The character by its number, decimal or `x` hexadecimal. The numbers of C1 controls mean windows-1252,
/// as in browsers; those of no character mean U+FFFD.
fn character(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let code = match code {
        Ok(code) => code,
        // All digits, but too many of them.
        Err(_) if number.trim_start_matches(['x', 'X']).chars().all(|c| c.is_ascii_hexdigit()) => u32::MAX,
        Err(_) => return None,
    };
    if let 0x80..=0x9f = code {
        let byte = [code as u8];
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next();
    }
    Some(char::from_u32(code).filter(|&c| c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_feed_declares_is_put_in() {
        let mut entities = Entities::default();
        entities.declare("rss [ <!ENTITY nbsp \"&#160;\"> <!ENTITY who 'the &amp; board &nbsp;'> ]");
        assert_eq!(entities.resolve("who"), Reference::Declared("the & board \u{a0}".to_owned()));
        assert_eq!(entities.resolve("eacute"), Reference::Html("\u{e9}"));
        assert_eq!(entities.resolve("amp"), Reference::Character('&'));
        assert_eq!(entities.resolve("#150"), Reference::Character('\u{2013}'));
        assert_eq!(entities.resolve("#xD800"), Reference::Character('\u{fffd}'));
        assert_eq!(entities.resolve("#99999999999"), Reference::Character('\u{fffd}'));
        assert_eq!(entities.resolve("hask"), Reference::Unknown);
        assert!(!entities.external);
    }

    #[test]
    fn what_grows_or_stands_outside_is_refused() {
        let mut entities = Entities::default();
        let mut doctype = "rss [<!ENTITY l0 \"lol\">".to_owned();
        for i in 1..10 {
            let before = format!("&l{};", i - 1).repeat(10);
            doctype.push_str(&format!("<!ENTITY l{i} \"{before}\">"));
        }
        doctype.push_str("<!ENTITY me \"&me;\"><!ENTITY file SYSTEM \"file:///etc/passwd\">]");
        entities.declare(&doctype);
        for name in ["l9", "me", "file"] {
            assert!(matches!(entities.resolve(name), Reference::Refused(_)), "{name}");
        }
    }
}
