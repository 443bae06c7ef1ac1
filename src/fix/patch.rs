//! Says a change of stored bytes as a patch that `git apply` and `patch -p1` take.

use std::io;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// How many lines around a change are shown, unless the user says otherwise.
pub const CONTEXT: usize = 3;

/// Writes the patch from `old` to `new`, the bytes of the file called `path`, with `context` lines around
/// each change.
///
/// # Errors
///
/// Those of `out`.
pub fn patch(
    path: &str,
    (old, new): (&[u8], &[u8]),
    context: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let lines = |bytes| -> Vec<&[u8]> { <[u8]>::split_inclusive(bytes, |&byte| byte == b'\n').collect() };
    let (old, new): (Vec<&[u8]>, Vec<&[u8]>) = (lines(old), lines(new));
    let groups = group_diff_ops(capture_diff_slices(Algorithm::Histogram, &old, &new), context);
    if groups.iter().flatten().all(|op| matches!(op, DiffOp::Equal { .. })) {
        return Ok(());
    }
    writeln!(out, "--- {}\n+++ {}", named("a/", path), named("b/", path))?;
    for group in groups {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let range = |start: usize, end: usize| match end - start {
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            length => format!("{},{length}", start + 1),
        };
        let olds = range(first.old_range().start, last.old_range().end);
        let news = range(first.new_range().start, last.new_range().end);
        writeln!(out, "@@ -{olds} +{news} @@")?;
        for op in group {
            let equal = matches!(op, DiffOp::Equal { .. });
            for line in old.get(op.old_range()).unwrap_or_default() {
                write_line(if equal { b' ' } else { b'-' }, line, out)?;
            }
            for line in new.get(op.new_range()).filter(|_| !equal).unwrap_or_default() {
                write_line(b'+', line, out)?;
            }
        }
    }
    Ok(())
}

fn write_line(sign: u8, line: &[u8], out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(&[sign])?;
    out.write_all(line)?;
    if line.ends_with(b"\n") { Ok(()) } else { out.write_all(b"\n\\ No newline at end of file\n") }
}

/// A file name as patches have it: in quotation marks where it holds what would end it, with a tab behind
/// it where it holds a space.
fn named(prefix: &str, path: &str) -> String {
    let path = path.trim_start_matches("./").trim_start_matches('/');
    if path.chars().any(|c| {
        c.is_control() || matches!(c, '"' | '\\' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    }) {
        let mut out = format!("\"{prefix}");
        for byte in path.bytes() {
            match byte {
                b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
                b' '..=b'~' => out.push(char::from(byte)),
                _ => out.push_str(&format!("\\{byte:03o}")),
            }
        }
        out.push('"');
        return out;
    }
    let tab = if path.contains(' ') { "\t" } else { "" };
    format!("{prefix}{path}{tab}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &str, old: &str, new: &str) -> String {
        let mut out = Vec::new();
        patch(path, (old.as_bytes(), new.as_bytes()), CONTEXT, &mut out).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn lines_that_go_are_marked() {
        let text = written("./n/a.txt", "a\n\nb\n\nc", "a\n\nc");
        let expected =
            "--- a/n/a.txt\n+++ b/n/a.txt\n@@ -1,5 +1,3 @@\n a\n \n-b\n-\n c\n\\ No newline at end of file\n";
        assert_eq!(text, expected);
        assert_eq!(written("a", "a\n", "a\n"), "");
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        let header = |path| written(path, "a\n", "").lines().next().unwrap_or_default().to_owned();
        assert_eq!(header("/x/b c.txt"), "--- a/x/b c.txt\t");
        assert_eq!(header("a\n\"\u{202e}.txt"), "--- \"a/a\\012\\\"\\342\\200\\256.txt\"");
    }
}
