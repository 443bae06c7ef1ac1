//! Which documents may be compared? Where the user says so, only those whose paths agree in the braces of a
//! pattern: `docs/{version}/**` keeps the pages of one version from being called copies of another's.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::read::paths::Base;

/// How many stars and braces a pattern may hold: each multiplies the ways a path can be tried.
const MOST_OPEN: usize = 8;

/// The patterns of `compare-within`.
#[derive(Clone, Debug)]
pub struct Scopes {
    base: Arc<Base>,
    patterns: Vec<ScopePattern>,
}

impl Scopes {
    /// Returns the patterns as they hold from `base`.
    #[must_use]
    pub const fn new(base: Arc<Base>, patterns: Vec<ScopePattern>) -> Self {
        Self { base, patterns }
    }

    /// Returns what names the scope of the file at `path`, as given or walked: what the braces of the first
    /// pattern that matches stand for. Files that none matches are a scope of their own, without a name.
    #[must_use]
    pub fn name(&self, path: &str) -> Option<String> {
        let place = self.base.place(path)?;
        let braces = self.patterns.iter().find_map(|pattern| pattern.braces(&place))?;
        Some(braces.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("/"))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    /// `?`: a character, but no slash.
    One,
    /// `*`: characters, but no slash.
    Within,
    /// `**`: anything.
    Anything,
    /// `**/`: folders, or none.
    Folders,
    /// `{name}`: one character or more, but no slash.
    Brace(String),
}

/// One pattern of `compare-within`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopePattern {
    tokens: Vec<Token>,
}

impl ScopePattern {
    /// Returns the pattern that `written` stands for.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn new(written: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let mut chars = written.trim_start_matches("./").trim_start_matches('/').chars().peekable();
        while let Some(c) = chars.next() {
            let token = match c {
                '?' => Token::One,
                '*' if chars.next_if_eq(&'*').is_some() => {
                    if chars.next_if_eq(&'/').is_some() {
                        Token::Folders
                    } else {
                        Token::Anything
                    }
                }
                '*' => Token::Within,
                '{' => {
                    let name: String = std::iter::from_fn(|| chars.next_if(|&c| c != '}')).collect();
                    let word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
                    if chars.next().is_none() {
                        return Err("a brace is not closed".to_owned());
                    }
                    if name.is_empty() || !name.chars().all(word) {
                        return Err(format!("`{{{name}}}` is no name in braces, such as {{version}}"));
                    }
                    if names.contains(&name) {
                        return Err(format!("`{{{name}}}` stands in it twice"));
                    }
                    if matches!(tokens.last(), Some(Token::Brace(_) | Token::Within | Token::Anything)) {
                        return Err(format!("nothing tells where `{{{name}}}` begins"));
                    }
                    names.push(name.clone());
                    Token::Brace(name)
                }
                '}' => return Err("a brace is closed that was not opened".to_owned()),
                c => Token::Char(c),
            };
            tokens.push(token);
        }
        if names.is_empty() {
            return Err("it has no name in braces, such as {version}".to_owned());
        }
        let open = tokens.iter().filter(|token| !matches!(token, Token::Char(_) | Token::One)).count();
        if open > MOST_OPEN {
            return Err(format!("it has more than {MOST_OPEN} stars and braces"));
        }
        Ok(Self { tokens })
    }

    /// Returns what the braces stand for where `path` matches.
    fn braces<'a>(&'a self, path: &'a str) -> Option<BTreeMap<&'a str, &'a str>> {
        let mut braces = BTreeMap::new();
        matches(&self.tokens, path, &mut braces).then_some(braces)
    }
}

/// Whether `path` matches `tokens` whole; `braces` then holds what theirs stand for.
fn matches<'a>(tokens: &'a [Token], path: &'a str, braces: &mut BTreeMap<&'a str, &'a str>) -> bool {
    let Some((token, rest)) = tokens.split_first() else { return path.is_empty() };
    let segment = path.find('/').unwrap_or(path.len());
    let ends = |from: usize, to: usize| (from..=to).filter(|&end| path.is_char_boundary(end));
    match token {
        Token::Char(c) => path.strip_prefix(*c).is_some_and(|path| matches(rest, path, braces)),
        Token::One => {
            let first = path.chars().next().filter(|&c| c != '/');
            first.is_some_and(|c| matches(rest, &path[c.len_utf8()..], braces))
        }
        Token::Within => ends(0, segment).any(|end| matches(rest, &path[end..], braces)),
        Token::Anything => ends(0, path.len()).any(|end| matches(rest, &path[end..], braces)),
        Token::Folders => {
            let slashes = path.match_indices('/').map(|(at, _)| at + 1);
            std::iter::once(0).chain(slashes).any(|end| matches(rest, &path[end..], braces))
        }
        Token::Brace(name) => ends(1, segment).any(|end| {
            let found = matches(rest, &path[end..], braces);
            if found {
                braces.insert(name, &path[..end]);
            }
            found
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn name(patterns: &[&str], path: &str) -> Option<String> {
        let base = Arc::new(Base::new(Path::new("/site"), Path::new("/site")));
        let patterns = patterns.iter().map(|pattern| ScopePattern::new(pattern).unwrap()).collect();
        Scopes::new(base, patterns).name(path)
    }

    #[test]
    fn braces_name_the_scope() {
        let docs = ["docs/{version}/**", "i18n/{lang}/{version}/*.md", "**/{lang}.txt"];
        for (path, expected) in [
            ("docs/v1/a/b.md", Some("version=v1")),
            ("./docs/v2/a.md", Some("version=v2")),
            ("/site/docs/v2/a.md", Some("version=v2")),
            ("docs/a.md", None),
            ("i18n/de/v1/a.md", Some("lang=de/version=v1")),
            ("i18n/de/v1/deeper/a.md", None),
            ("fr.txt", Some("lang=fr")),
            ("a/b/fr.txt", Some("lang=fr")),
            ("../docs/v1/a.md", None),
        ] {
            assert_eq!(name(&docs, path).as_deref(), expected, "{path}");
        }
        assert_eq!(name(&["docs/page.{lang}.md"], "docs/page.pt-BR.md").as_deref(), Some("lang=pt-BR"));
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for (written, expected) in [
            ("docs/**", "no name in braces"),
            ("docs/{version", "not closed"),
            ("docs/}", "not opened"),
            ("docs/{}", "no name in braces"),
            ("{a}/{a}", "twice"),
            ("{a}{b}", "nothing tells"),
            ("{a}/*/*/*/*/*/*/*/*", "more than 8"),
        ] {
            let error = ScopePattern::new(written).unwrap_err();
            assert!(error.contains(expected), "{written}: {error}");
        }
    }
}
