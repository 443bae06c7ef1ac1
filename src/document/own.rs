//! Which files did copydesk write itself?
//!
//! A report quotes what it is about, and an index holds it: in a walk they would be copies of the documents. So
//! what looks like a document bears a mark.

/// In the head of every page.
pub const PAGE_MARK: &str = "<meta name=\"generator\" content=\"copydesk\">";

/// The first line of every report in Markdown; nobody sees it where the Markdown is shown.
pub const MARKDOWN_MARK: &str = "<!-- a report of copydesk -->";

/// How the first line of an exported index begins.
pub const EXPORT_MARK: &str = "{\"copydesk-index-export\":";

/// How a report begins that has nothing to tell.
pub const CLEAN: &str = "No faults found";

/// How many lines of a report that bears no mark are looked at.
const LINES: usize = 8;

/// The mark of a page stands within so many bytes.
const PAGE_HEAD: usize = 1024;

/// Returns whether a file that begins with `head` is a report or an export of copydesk.
#[must_use]
pub fn is_own(head: &[u8]) -> bool {
    let begins = |mark: &str| head.starts_with(mark.as_bytes());
    let page = &head[..head.len().min(PAGE_HEAD)];
    lists_findings(page)
        || shows_findings(page)
        || begins(MARKDOWN_MARK)
        || begins(EXPORT_MARK)
        || page.first() == Some(&b'<') && memchr::memmem::find(page, PAGE_MARK.as_bytes()).is_some()
}

/// Whether each of the first whole lines tells a finding, as `concise` (`a.md:3:1: error[rule] …`) or as
/// `github` (`::error file=a.md,line=3,…,title=rule::…`): nobody else writes so.
fn lists_findings(head: &[u8]) -> bool {
    let mut lines =
        head.split_inclusive(|&byte| byte == b'\n').filter(|line| line.ends_with(b"\n")).take(LINES);
    lines.next().is_some_and(is_finding) && lines.all(is_finding)
}

/// Whether this begins as `full` does: with a finding (`error[rule]: …` above ` --> a.md:3:1`) or with the line
/// that says that there is none.
fn shows_findings(head: &[u8]) -> bool {
    // The head may end within a character.
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let (Some(first), second) = (lines.next(), lines.next()) else { return false };
    let told = ["error[", "warning[", "info["].iter().any(|severity| {
        let rule = first.strip_prefix(severity).and_then(|rest| rest.split_once("]: "));
        rule.is_some_and(|(rule, _)| is_rule(rule))
    });
    told && second.is_some_and(|place| place.trim_start().starts_with("--> "))
        || first.starts_with(CLEAN) && second.is_none()
}

fn is_rule(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

fn is_finding(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let severities = ["error", "warning", "info"];
    let concise = severities.iter().any(|severity| {
        let Some((place, rest)) = line.split_once(&format!(": {severity}[")) else { return false };
        let mut numbers = place.rsplitn(3, ':');
        let number = |part: Option<&str>| part.is_some_and(|part| part.parse::<u64>().is_ok());
        let rule = rest.split_once("] ").map_or("", |(rule, _)| rule);
        number(numbers.next()) && number(numbers.next()) && numbers.next().is_some() && is_rule(rule)
    });
    let commands = ["::error file=", "::warning file=", "::notice file="];
    concise || commands.iter().any(|command| line.starts_with(command)) && line.contains(",title=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_findings_are_known_by_their_shape() {
        let concise = "docs/a.md:3:1: error[repeated-paragraph] paragraph repeats docs/a.md:1\n";
        let github = "::error file=a.md,line=3,col=1,endLine=3,endColumn=9,title=mojibake::x\n";
        assert!(is_own(concise.as_bytes()) && is_own([concise, concise].concat().as_bytes()));
        assert!(is_own(github.as_bytes()));
        let full = "error[repeated-paragraph]: paragraph repeats a.md:1\n --> docs/é.md:3:1\n  |\n";
        assert!(is_own(full.as_bytes()) && is_own(b"No faults found in 1 file, 1 document, 2 paragraphs\n"));
        for text in [
            "What it says:\n\na.md:3:1: error[repeated-paragraph] paragraph repeats a.md:1\n",
            "a.md:3:1: error[repeated-paragraph] paragraph repeats a.md:1\n\nis what it says.\n",
            "Chapter 3: error[s] of ours\n",
            "3:1: error[E0308] mismatched types\n",
            "error[E0308]: mismatched types\n --> src/main.rs:3:1\n",
            "error[repeated-paragraph]: what this means\n\nA paragraph stands twice.\n",
            "No faults found, says the board.\n\nIt met on Tuesday.\n",
            "",
        ] {
            assert!(!is_own(text.as_bytes()), "{text}");
        }
    }
}
