//! `--since REF`: what git says was added since the merge base, work tree, submodules and untracked files included.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use copydesk::lint::added::{Added, AddedIn, Changes};
use copydesk::read::input::Input;
use copydesk::read::paths::Base;

/// Returns what of `inputs` was added since the merge base of `reference` and HEAD, in the repository that the
/// folder `current` is in.
///
/// # Errors
///
/// One line: there is no git, no repository, or no such commit.
pub fn added_since(reference: &str, current: &Path, inputs: &[Input]) -> Result<Added, String> {
    let up = match git(current, &["rev-parse", "--show-cdup"])? {
        Ok(up) => text(&up),
        Err(said) if said.contains("not a git repository") => {
            return Err("--since: the current folder is in no git repository".to_owned());
        }
        Err(said) => return Err(format!("--since: git says: {said}")),
    };
    let depth = up.matches("..").count();
    let top = current.ancestors().nth(depth).unwrap_or(current);
    let mut changes = Changes::default();
    collect(&merge_base(reference, current)?, top, "", &mut changes)?;
    Ok(Added::new(&Base::new(top, current), &changes, inputs))
}

/// Adds to `changes` what differs from the commit `base` in the work tree at `top`, and what git does not know
/// of there; names begin with `prefix`.
fn collect(base: &str, top: &Path, prefix: &str, changes: &mut Changes) -> Result<(), String> {
    let Differences { whole, changed } = diff(base, top)?;
    let name = |name: &[u8]| format!("{prefix}{}", text(name));
    for own in whole {
        all_of(&top.join(path(&own)), name(&own), changes);
    }
    for (own, lines) in changed {
        let (name, path) = (name(&own), top.join(path(&own)));
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                let added = in_bytes(&path, &lines).map_err(|error| format!("--since: {name}: {error}"))?;
                add(name, added, changes);
            }
            // A submodule: what differs from the commit that it was at.
            Ok(metadata) if metadata.is_dir() => match commit_of(base, &own, top, &path) {
                Some(commit) => collect(&commit, &path, &format!("{name}/"), changes)?,
                None => _ = changes.folders.insert(name),
            },
            // A link that leads elsewhere, or a file that went away meanwhile.
            _ => all_of(&path, name, changes),
        }
    }
    // What is ignored is unknown to git all the same: whoever names it wants it checked.
    let unknown = git(top, &["ls-files", "--others", "--directory", "-z"])?
        .map_err(|said| format!("--since: git says: {said}"))?;
    for own in unknown.split(|&byte| byte == 0).filter(|own| !own.is_empty()) {
        let own = own.strip_suffix(b"/").unwrap_or(own);
        all_of(&top.join(path(own)), name(own), changes);
    }
    Ok(())
}

/// Notes that all of the file, folder or link at `path` is new.
fn all_of(path: &Path, name: String, changes: &mut Changes) {
    if path.is_dir() {
        changes.folders.insert(name);
    } else {
        add(name, AddedIn::Whole, changes);
    }
}

/// Notes what was added of the file called `name`; two names whose bytes are no text may be one here.
fn add(name: String, added: AddedIn, changes: &mut Changes) {
    let known = changes.files.entry(name).or_insert_with(|| added.clone());
    if *known != added {
        *known = AddedIn::Whole;
    }
}

/// The commit that the submodule called `name` was at in the commit `base`, where its clone at `path` has it.
fn commit_of(base: &str, name: &[u8], top: &Path, path: &Path) -> Option<String> {
    if !path.join(".git").exists() {
        return None;
    }
    let name = std::str::from_utf8(name).ok()?;
    let commit = git(top, &["rev-parse", "--verify", "--quiet", &format!("{base}:{name}")]).ok()?.ok()?;
    let commit = format!("{}^{{commit}}", text(&commit).trim());
    let commit = git(path, &["rev-parse", "--verify", "--quiet", &commit]).ok()?.ok()?;
    Some(text(&commit).trim().to_owned())
}

fn merge_base(reference: &str, current: &Path) -> Result<String, String> {
    let shallow = || {
        let asked = git(current, &["rev-parse", "--is-shallow-repository"]);
        matches!(asked, Ok(Ok(said)) if text(&said).trim() == "true")
    };
    let hint = || match shallow() {
        true => {
            "; the clone is shallow, so its history is cut off: fetch all of it (`fetch-depth: 0` in actions/checkout, `GIT_DEPTH: 0` in GitLab CI, or `git fetch --unshallow`)"
        }
        false => "",
    };
    let unknown = || format!("--since: git knows no commit called `{reference}`{}", hint());
    if reference.is_empty() || reference.starts_with('-') {
        return Err(unknown());
    }
    let commit = format!("{reference}^{{commit}}");
    let commit = git(current, &["rev-parse", "--verify", "--quiet", &commit])?.map_err(|_| unknown())?;
    match git(current, &["merge-base", text(&commit).trim(), "HEAD"])? {
        Ok(base) => Ok(text(&base).trim().to_owned()),
        Err(said) if said.is_empty() => {
            Err(format!("--since: `{reference}` and HEAD have no commit in common{}", hint()))
        }
        Err(said) => Err(format!("--since: git says: {said}")),
    }
}

/// A git command in `folder`, which neither writes nor asks the user's settings how to print.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments).stdin(Stdio::null());
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
    command
}

fn not_run(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "--since: needs git, which is not installed or not in PATH".to_owned(),
        _ => format!("--since: git cannot be run: {error}"),
    }
}

/// Runs git; what it writes, or the last line of what it complains of.
fn git(folder: &Path, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, String> {
    let output = command(folder, arguments).output().map_err(|error| not_run(&error))?;
    if output.status.success() {
        return Ok(Ok(output.stdout));
    }
    let said = text(&output.stderr);
    let line = said.lines().find(|line| line.starts_with("fatal:")).or(said.lines().last());
    Ok(Err(line.unwrap_or_default().to_owned()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The path that a name of git's is.
fn path(name: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        PathBuf::from(std::ffi::OsStr::from_bytes(name))
    }
    #[cfg(not(unix))]
    PathBuf::from(text(name))
}

/// What differs from a commit in a work tree, by names as git has them.
#[derive(Debug, Default)]
struct Differences {
    /// What is added or changed as a whole.
    whole: BTreeSet<Vec<u8>>,
    /// The added lines of other files (1-based).
    changed: BTreeMap<Vec<u8>, Vec<Range<u64>>>,
}

/// What differs from the commit `base` in the work tree at `top`.
fn diff(base: &str, top: &Path) -> Result<Differences, String> {
    let arguments = [
        "diff",
        "--numstat",
        "-z",
        "--patch",
        "--unified=0",
        "--inter-hunk-context=0",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-relative",
        "--submodule=short",
        "--ignore-submodules=none",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        "-M",
        base,
        "--",
    ];
    let mut child = command(top, &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_run(&error))?;
    let unread = |error: io::Error| format!("--since: what git writes cannot be read: {error}");
    let parsed = match child.stdout.take() {
        Some(out) => parse(&mut BufReader::with_capacity(1 << 16, out)).map_err(unread)?,
        None => Default::default(),
    };
    let mut said = String::new();
    if let Some(mut complaints) = child.stderr.take() {
        // Warnings about line ends, mostly; of interest only when it fails.
        _ = complaints.read_to_string(&mut said);
    }
    let status = child.wait().map_err(unread)?;
    if !status.success() {
        return Err(format!("--since: git says: {}", said.lines().last().unwrap_or("nothing")));
    }
    Ok(parsed)
}

/// Reads what `git diff --numstat -z --patch --unified=0` writes.
fn parse(out: &mut impl BufRead) -> io::Result<Differences> {
    let mut differences = Differences::default();
    // The counts: `1 2 name NUL`, of a renamed file `1 2 NUL old NUL new NUL`; an empty record ends them.
    let record = |out: &mut dyn BufRead| -> io::Result<Vec<u8>> {
        let mut record = Vec::new();
        out.read_until(0, &mut record)?;
        record.pop();
        Ok(record)
    };
    loop {
        let counts = record(out)?;
        if counts.is_empty() {
            break;
        }
        let is_binary = counts.starts_with(b"-\t-\t");
        let name = counts.splitn(3, |&byte| byte == b'\t').nth(2).unwrap_or_default();
        let name = if name.is_empty() {
            record(out)?;
            record(out)?
        } else {
            name.to_vec()
        };
        if is_binary {
            differences.whole.insert(name);
        }
    }
    let (mut line, mut is_new, mut name) = (Vec::new(), false, None);
    // How many lines of the hunk are still to come: they may look like anything.
    let mut inside = 0u64;
    loop {
        line.clear();
        if out.read_until(b'\n', &mut line)? == 0 {
            return Ok(differences);
        }
        if line.ends_with(b"\n") {
            line.pop();
        }
        if inside > 0 {
            inside -= u64::from(line.starts_with(b"+") || line.starts_with(b"-"));
        } else if line.starts_with(b"diff --git ") {
            (is_new, name) = (false, None);
        } else if line.starts_with(b"--- ") {
            is_new = line == b"--- /dev/null";
        } else if let Some(path) = line.strip_prefix(b"+++ ") {
            name = unquoted(path);
            if let (true, Some(name)) = (is_new, &name) {
                differences.whole.insert(name.clone());
            }
        } else if let Some((old, new)) = hunk(&line) {
            inside = old + new.end - new.start;
            if let (false, Some(name), false) = (is_new, &name, new.is_empty()) {
                differences.changed.entry(name.clone()).or_default().push(new);
            }
        }
    }
}

/// `@@ -1,2 +3,4 @@`: how many lines are gone, and which are new.
fn hunk(line: &[u8]) -> Option<(u64, Range<u64>)> {
    let line = std::str::from_utf8(line.get(..line.len().min(100))?)
        .unwrap_or_else(|error| std::str::from_utf8(&line[..error.valid_up_to()]).unwrap_or_default());
    let mut parts = line.strip_prefix("@@ -")?.split(' ');
    let count = |part: &str| -> Option<(u64, u64)> {
        let (start, count) = part.split_once(',').unwrap_or((part, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    let (_, gone) = count(parts.next()?)?;
    let (start, new) = count(parts.next()?.strip_prefix('+')?)?;
    Some((gone, start..start.checked_add(new)?))
}

/// The name in a `+++` line, behind `b/`; in quotation marks it is written as in C. `None` for a file that is
/// gone.
fn unquoted(path: &[u8]) -> Option<Vec<u8>> {
    let path = path.strip_suffix(b"\t").unwrap_or(path);
    let Some(inside) = path.strip_prefix(b"\"").and_then(|path| path.strip_suffix(b"\"")) else {
        return path.strip_prefix(b"b/").map(<[u8]>::to_vec);
    };
    let mut out = Vec::with_capacity(inside.len());
    let mut bytes = inside.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let escaped = bytes.next()?;
        out.push(match escaped {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            b'0'..=b'7' => {
                let mut value = u32::from(escaped - b'0');
                for _ in 0..2 {
                    let digit = bytes.next_if(|byte| (b'0'..=b'7').contains(byte));
                    value = value * 8 + u32::from(digit? - b'0');
                }
                u8::try_from(value).ok()?
            }
            other => other,
        });
    }
    out.strip_prefix(b"b/").map(<[u8]>::to_vec)
}

/// How a packed file begins; its lines are none of ours.
const PACKED: [&[u8]; 4] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ"];

/// The bytes of the file at `path` that these lines are. git ends lines at line feeds only.
fn in_bytes(path: &Path, lines: &[Range<u64>]) -> io::Result<AddedIn> {
    let bytes = fs::read(path)?;
    let is_binary = bytes.iter().take(8000).any(|&byte| byte == 0);
    if is_binary || PACKED.iter().any(|mark| bytes.starts_with(mark)) {
        return Ok(AddedIn::Whole);
    }
    let mut starts = vec![0];
    starts.extend((1..).zip(&bytes).filter(|&(_, &byte)| byte == b'\n').map(|(behind, _)| behind));
    let start = |line: u64| {
        let index = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
        starts.get(index).copied().unwrap_or(bytes.len() as u64)
    };
    Ok(AddedIn::Bytes(lines.iter().map(|lines| start(lines.start)..start(lines.end)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_writes_is_read() {
        let mut out: &[u8] = b"1\t0\ta.md\x00-\t-\tb.gz\x000\t0\t\x00c.md\x00d e.md\x001\t0\twe\"ird \xc3\xbc.md\x001\t0\tnew.md\x00\x00diff --git a/a.md b/a.md
index de98044..7582730 100644
--- a/a.md
+++ b/a.md
@@ -2,0 +3,2 @@ b
+NEW
++++ b/trap.md
@@ -9 +11,0 @@
--- a/trap
diff --git a/b.gz b/b.gz
Binary files a/b.gz and b/b.gz differ
diff --git a/c.md b/d e.md
similarity index 100%
rename from c.md
rename to d e.md
diff --git \"a/we\\\"ird \\303\\274.md\" \"b/we\\\"ird \\303\\274.md\"
--- \"a/we\\\"ird \\303\\274.md\"\t
+++ \"b/we\\\"ird \\303\\274.md\"\t
@@ -1 +1 @@ x
-y
\\ No newline at end of file
+z
diff --git a/new.md b/new.md
new file mode 100644
--- /dev/null
+++ b/new.md
@@ -0,0 +1 @@
+hi
";
        let Differences { whole, changed } = parse(&mut out).unwrap();
        assert_eq!(whole.iter().map(|name| text(name)).collect::<Vec<_>>(), ["b.gz", "new.md"]);
        let expected =
            [("a.md", vec![Range { start: 3, end: 5 }]), ("we\"ird ü.md", vec![Range { start: 1, end: 2 }])];
        assert_eq!(
            changed,
            expected.into_iter().map(|(name, lines)| (name.as_bytes().to_vec(), lines)).collect()
        );
    }

    #[test]
    fn lines_are_counted_as_git_counts_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let lines = [Range { start: 2, end: 3 }, Range { start: 4, end: 9 }];
        fs::write(&path, "one\rone\ntwo\r\nthree\nfour").unwrap();
        let bytes = vec![8..13, 19..23];
        assert_eq!(in_bytes(&path, &lines).unwrap(), AddedIn::Bytes(bytes));
        fs::write(&path, "\u{1f}\u{8b}").unwrap();
        assert!(matches!(in_bytes(&path, &lines).unwrap(), AddedIn::Bytes(_)));
        fs::write(&path, b"\x1f\x8b\x08").unwrap();
        assert_eq!(in_bytes(&path, &lines).unwrap(), AddedIn::Whole);
        fs::write(&path, "a\0b\0").unwrap();
        assert_eq!(in_bytes(&path, &lines).unwrap(), AddedIn::Whole);
    }
}
