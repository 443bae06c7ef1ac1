//! What in MDX is code beside the text: tags, expressions in braces, and comments in them.
//!
//! CommonMark knows nothing of JSX: for it `>` on a line by itself is a quotation, and a `>` in an attribute
//! ends a tag. So these are found first, and the parser is given a source of the same length in which they are
//! covered: by blanks where they stand alone on their lines, as MDX ends a paragraph there, and by a tag of
//! HTML within a line of text. Tags of HTML that are written as HTML on one line are left as they are.

use std::ops::Range;

use memchr::memmem;

/// What covers the code of an MDX source.
#[derive(Debug, Default)]
pub struct Covered {
    /// The source with its code covered: as long as before, with line ends where they were.
    pub source: String,
    /// Where comments, and tags without a name, stand: they may lie within words.
    pub left_out: Vec<Range<usize>>,
    /// Where the comments stand.
    pub comments: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Comment,
    Expression,
    /// `<>` or `</>`.
    Fragment,
    /// A tag that is to be covered.
    Tag,
    /// A tag that HTML can read.
    Html,
}

/// Covers the code in `text` from byte `from` on.
pub fn cover(text: &str, from: usize) -> Covered {
    let budget = text.len().saturating_mul(8);
    let mut scanner = Scanner { text, at: from, quotes: 0, budget, found: Vec::new() };
    scanner.run();
    let found = scanner.found;
    let ranges = |wanted: &[Kind]| {
        let wanted = found.iter().filter(|(kind, _)| wanted.contains(kind));
        wanted.map(|(_, range)| range.clone()).collect()
    };
    let mut covered = Covered {
        source: String::new(),
        left_out: ranges(&[Kind::Comment, Kind::Fragment]),
        comments: ranges(&[Kind::Comment]),
    };
    let (mut rest, mut line) = (&found[..], from);
    while let Some((_, first)) = rest.first() {
        let (row, behind) = rest.split_at(row(text, rest));
        let done = covered.source.len().max(line);
        line = text[done..first.start].rfind('\n').map_or(line, |end| done + end + 1);
        let before = &text[line..first.start];
        let marks = container(before);
        let end = row.last().map_or(first.end, |(_, last)| last.end);
        let alone = marks == before.len() && ends_line(&text[end..]);
        for (kind, range) in row {
            cover_one(text, *kind, range, (alone, before[..marks].contains('>')), &mut covered.source);
        }
        line = text[first.start..end].rfind('\n').map_or(line, |last| first.start + last + 1);
        rest = behind;
    }
    covered.source.push_str(&text[covered.source.len()..]);
    covered
}

/// How many of the first of `found` stand in a row, with nothing but blanks between them.
fn row(text: &str, found: &[(Kind, Range<usize>)]) -> usize {
    let blank = |gap: &str| gap.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
    let joined = found.windows(2).take_while(|pair| blank(&text[pair[0].1.end..pair[1].1.start]));
    joined.count() + 1
}

/// Whether nothing but blanks stands between the beginning of `text` and the end of its first line.
fn ends_line(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '\t', '\r']);
    rest.is_empty() || rest.starts_with('\n')
}

/// Copies `text` as far as `range` reaches to `out`, the range covered, which may stand alone on its lines
/// and in a quotation.
fn cover_one(
    text: &str,
    kind: Kind,
    range: &Range<usize>,
    (is_alone, is_quoted): (bool, bool),
    out: &mut String,
) {
    if kind == Kind::Html || kind == Kind::Expression && !is_alone {
        return;
    }
    out.push_str(&text[out.len()..range.start]);
    let code = &text[range.clone()];
    let opens_line = || out.trim_end_matches([' ', '\t']).ends_with('\n');
    let as_blanks = is_alone || code.contains('\n') && opens_line();
    for (number, line) in code.split_inclusive('\n').enumerate() {
        let bare = line.trim_end_matches(['\n', '\r']);
        let mut width = bare.len();
        if is_quoted && number > 0 {
            // The marks of the quotation stay.
            let inside = bare.trim_start_matches([' ', '\t', '>']);
            width = if inside.is_empty() { bare.len().min(1) } else { inside.len() };
            out.push_str(&bare[..bare.len() - width]);
        }
        if as_blanks || width < 3 {
            out.extend(std::iter::repeat_n(' ', width));
        } else {
            out.push('<');
            out.extend(std::iter::repeat_n('x', width - 2));
            out.push('>');
        }
        out.push_str(&line[bare.len()..]);
    }
}

/// Length of the marks of quotations and list items that open `line`, with the blanks around them.
fn container(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'>') => at += 1,
            Some(b'-' | b'*' | b'+') if matches!(bytes.get(at + 1), Some(b' ' | b'\t')) => at += 2,
            Some(b'0'..=b'9') => {
                let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let is_item = matches!(bytes.get(end), Some(b'.' | b')'))
                    && matches!(bytes.get(end + 1), Some(b' ' | b'\t'));
                if !is_item {
                    return at;
                }
                at = end + 2;
            }
            _ => return at,
        }
    }
}

/// Whether `paragraph` is a module's line: `import` or `export`.
pub fn is_module(paragraph: &str) -> bool {
    paragraph.starts_with("import ") && paragraph.contains(['\'', '"'])
        || ["const ", "let ", "function ", "default ", "async ", "{", "*"]
            .iter()
            .any(|what| paragraph.strip_prefix("export ").is_some_and(|rest| rest.starts_with(what)))
}

/// Goes through a source once. What was looked at in vain is counted, so that hostile sources end.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// How many quotations the line stands in.
    quotes: usize,
    /// How many bytes may still be looked at in vain.
    budget: usize,
    found: Vec<(Kind, Range<usize>)>,
}

impl Scanner<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn run(&mut self) {
        let mut opens_line = true;
        let mut behind_blank = true;
        while let Some(byte) = self.byte(self.at) {
            if std::mem::take(&mut opens_line) {
                let is_blank = self.line(self.at).trim().is_empty();
                if self.skip_block(behind_blank) {
                    (opens_line, behind_blank) = (true, true);
                    continue;
                }
                behind_blank = is_blank;
            }
            match byte {
                b'\n' => {
                    opens_line = true;
                    self.at += 1;
                }
                b'\\' => self.at += 2,
                b'`' => self.skip_code_span(),
                b'<' | b'{' => match self.code(byte) {
                    Some((kind, end)) => {
                        if kind != Kind::Html || end > self.at {
                            self.found.push((kind, self.at..end));
                        }
                        self.at = end;
                    }
                    None => self.at += 1,
                },
                _ => self.at += 1,
            }
        }
    }

    /// The line from byte `at` on.
    fn line(&self, at: usize) -> &str {
        self.text.get(at..).and_then(|rest| rest.split_inclusive('\n').next()).unwrap_or_default()
    }

    /// Skips a module's lines or fenced code that begins on the line, and returns whether one did.
    fn skip_block(&mut self, behind_blank: bool) -> bool {
        let prefix = container(self.line(self.at));
        self.quotes = self.line(self.at)[..prefix].matches('>').count();
        let inside = &self.line(self.at)[prefix..];
        if behind_blank && prefix == 0 && inside.starts_with(['i', 'e']) {
            let lines = self.text[self.at..].split_inclusive('\n');
            let length = lines.take_while(|line| !line.trim().is_empty()).map(str::len).sum::<usize>();
            if is_module(&self.text[self.at..self.at + length]) {
                self.at += length;
                return true;
            }
            return false;
        }
        let Some(mark) = inside.chars().next().filter(|mark| matches!(mark, '`' | '~')) else { return false };
        let width = inside.len() - inside.trim_start_matches(mark).len();
        if width < 3 || mark == '`' && inside[width..].contains('`') {
            return false;
        }
        self.at += prefix + inside.len();
        while self.at < self.text.len() {
            let line = self.line(self.at);
            let bare = line.trim_start_matches([' ', '\t', '>']).trim_end();
            let closes = bare.len() >= width && bare.chars().all(|c| c == mark);
            self.at += line.len();
            if closes {
                break;
            }
        }
        true
    }

    /// Skips a code span, or backticks that open none.
    fn skip_code_span(&mut self) {
        let bytes = self.text.as_bytes();
        let run = |at: usize| bytes[at..].iter().take_while(|&&byte| byte == b'`').count();
        let width = run(self.at);
        let start = self.at + width;
        self.at = start;
        let mut at = start;
        while self.budget > 0 {
            match bytes.get(at) {
                Some(b'`') if run(at) == width => {
                    self.at = at + width;
                    return;
                }
                Some(b'`') => at += run(at),
                Some(b'\n') if !self.line(at + 1).trim().is_empty() => at += 1,
                Some(b'\n') | None => break,
                Some(_) => at += 1,
            }
        }
        self.budget = self.budget.saturating_sub(at - start);
    }

    /// What begins with `byte` at the place, and where it ends.
    fn code(&mut self, byte: u8) -> Option<(Kind, usize)> {
        if self.budget == 0 {
            return None;
        }
        let start = self.at;
        if byte == b'<' {
            if self.text[start..].starts_with("<!--") {
                return Some((Kind::Html, self.find("-->", start)?));
            }
            return self.tag(start);
        }
        let end = self.expression(start)?;
        let inside = self.text[start + 1..end - 1].trim();
        let is_comment =
            inside.starts_with("/*") && memmem::find(inside.as_bytes(), b"*/") == Some(inside.len() - 2);
        Some((if is_comment { Kind::Comment } else { Kind::Expression }, end))
    }

    /// The end of the first `needle` from byte `from` on.
    fn find(&mut self, needle: &str, from: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(from..)?;
        let found = memmem::find(rest, needle.as_bytes());
        if found.is_none() {
            self.budget = self.budget.saturating_sub(rest.len());
        }
        Some(from + found? + needle.len())
    }

    /// The first byte behind the white space at `at`; `None` where a line without words is part of it. The
    /// marks of the quotations that the tag stands in count as white space.
    fn blanks(&self, mut at: usize) -> Option<usize> {
        while let Some(byte) = self.byte(at).filter(u8::is_ascii_whitespace) {
            at += 1;
            if byte == b'\n' {
                let mut quotes = self.quotes;
                while self.byte(at).is_some_and(|b| matches!(b, b' ' | b'\t') || b == b'>' && quotes > 0) {
                    quotes -= usize::from(self.byte(at) == Some(b'>'));
                    at += 1;
                }
                if matches!(self.byte(at), Some(b'\n' | b'\r') | None) {
                    return None;
                }
            }
        }
        Some(at)
    }

    /// The tag that begins at `start`, and where it ends.
    fn tag(&mut self, start: usize) -> Option<(Kind, usize)> {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_$.:".contains(byte) || *byte >= 0x80;
        let is_end = self.byte(start + 1) == Some(b'/');
        let name = start + 1 + usize::from(is_end);
        if self.byte(name) == Some(b'>') {
            return Some((Kind::Fragment, name + 1));
        }
        let first = self.byte(name).filter(|byte| byte.is_ascii_alphabetic() || b"_$".contains(byte))?;
        let bytes = self.text.as_bytes();
        let mut at = name + bytes[name..].iter().take_while(|byte| is_name(byte)).count();
        let mut is_html = first.is_ascii_lowercase() && !bytes[name..at].contains(&b'.');
        loop {
            at = self.blanks(at)?;
            match self.byte(at)? {
                b'>' => break at += 1,
                b'/' if !is_end => {
                    at = self.blanks(at + 1)?;
                    if self.byte(at)? != b'>' {
                        return None;
                    }
                }
                b'{' if !is_end => {
                    is_html = false;
                    at = self.expression(at)?;
                }
                byte if !is_end && (is_name(&byte) || byte == b'@') => {
                    at += 1 + bytes[at + 1..].iter().take_while(|byte| is_name(byte)).count();
                    let behind = self.blanks(at)?;
                    if self.byte(behind)? == b'=' {
                        at = self.blanks(behind + 1)?;
                        at = match self.byte(at)? {
                            b'"' => self.find("\"", at + 1)?,
                            b'\'' => self.find("'", at + 1)?,
                            b'{' => {
                                is_html = false;
                                self.expression(at)?
                            }
                            _ => return None,
                        };
                    }
                }
                _ => {
                    self.budget = self.budget.saturating_sub(at - start);
                    return None;
                }
            }
        }
        is_html &= !self.text[start..at].contains('\n');
        Some((if is_html { Kind::Html } else { Kind::Tag }, at))
    }

    /// Where the expression ends whose brace opens at `start`.
    fn expression(&mut self, start: usize) -> Option<usize> {
        let (mut depth, mut at) = (0_usize, start);
        while self.budget > 0 {
            let Some(byte) = self.byte(at) else {
                self.budget = self.budget.saturating_sub(at - start);
                return None;
            };
            at += 1;
            match byte {
                b'{' => depth += 1,
                b'}' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                // A quotation mark without another on its line is an apostrophe.
                b'"' | b'\'' => at = self.string(byte, at, true).unwrap_or(at),
                b'`' => at = self.string(byte, at, false).unwrap_or(at),
                b'/' if self.byte(at) == Some(b'*') => at = self.find("*/", at + 1)?,
                b'/' if self.byte(at) == Some(b'/')
                    && self.byte(at - 2).is_some_and(|b| b.is_ascii_whitespace()) =>
                {
                    at += self.line(at).len();
                }
                _ => {}
            }
        }
        None
    }

    /// Where the string ends that `quote` opened before `start`.
    fn string(&mut self, quote: u8, start: usize, one_line: bool) -> Option<usize> {
        let mut at = start;
        while let Some(byte) = self.byte(at).filter(|&byte| !one_line || byte != b'\n') {
            at += 1;
            match byte {
                b'\\' => at += 1,
                byte if byte == quote => return Some(at),
                _ => {}
            }
        }
        self.budget = self.budget.saturating_sub(at - start);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> String {
        let covered = cover(text, 0);
        assert_eq!(covered.source.len(), text.len(), "{text}");
        let ends = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>();
        assert_eq!(ends(&covered.source), ends(text), "{text}");
        covered.source
    }

    #[test]
    fn code_that_stands_alone_is_blank() {
        for text in [
            "<Card\n  title=\"One > two\"\n  icon={<Icon name=\"x\" />}\n>",
            "<Card\n\ttitle='it'\n\thref=\"/x\"\n/>",
            "{/* a\n\nb */}",
            "{items.map((item) => (\n  <Item key={item} />\n\n))}",
            "<Foo.Bar x=\"1\"> {a} </Foo.Bar>",
            "<>",
            "<div\n  className=\"a\"\n>",
            "<div onClick={() => \"}\"}>",
        ] {
            assert_eq!(source(text).trim(), "", "{text}");
            assert_eq!(source(&format!("- {text}\n")).trim(), "-", "{text}");
        }
        assert_eq!(source("> <A\n>   b=\"c\"\n> >\n> d").replace(' ', ""), ">\n>\n>\n>d");
    }

    #[test]
    fn code_beside_text_is_a_tag() {
        assert_eq!(source("a <Tab t={() => <p>b</p>}>c</Tab>"), format!("a <{}>c<xxxx>", "x".repeat(22)));
        assert_eq!(source("f{/* x */}our"), "f<xxxxxxx>our");
        assert_eq!(source("<>a</>"), "  a<xx>".replace("<xx>", "<x>"));
    }

    #[test]
    fn what_is_no_code_of_mdx_stays() {
        for text in [
            "a < B and {c} > d",
            "`<Foo a={b}>`",
            "```jsx\n<Foo\n  a={b}\n>\n```",
            "    ~~~\n    <Foo />\n    ~~~\n",
            "\\<Foo /> \\{a}",
            "<a href=\"{b}\">c</a><br/>",
            "<!-- <Foo /> -->",
            "export const a = () => (\n  <Foo />\n)",
            "<Foo a=\"b",
            "<Foo\n\nbar>",
            "{ a",
        ] {
            assert_eq!(source(text), text);
        }
    }
}
