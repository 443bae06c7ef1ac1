//! Which commits changed a file, under which name, and what did each leave?

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::Repository;

/// One commit's change of one file.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub commit: String,
    pub time: String,
    pub author: String,
    pub subject: String,
    /// Whether the commit has no parents, as far as this clone knows.
    pub root: bool,
    /// The file's name from then on, from the repository's root.
    pub path: String,
    /// What the file held before; `None` where there was none.
    old: Option<String>,
    /// What it held from then on; `None` where it was deleted.
    pub blob: Option<String>,
}

/// All changes of one file, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Life {
    /// The file's last name, from the folder that git ran in where a whole folder was asked for.
    pub name: String,
    pub changes: Vec<Change>,
    /// The file that the first version is a copy of.
    pub copied_from: Option<String>,
    /// Whether only first parents count.
    pub merged: bool,
}

impl Life {
    /// Whether each change begins with what the one before left.
    fn is_a_line(&self) -> bool {
        self.changes.windows(2).all(|pair| match pair {
            [before, after] => before.blob == after.old,
            _ => true,
        })
    }
}

/// Whose changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose<'a> {
    /// Those of the file of this name.
    File(&'a OsStr),
    /// Those of every file below the folder that git runs in.
    Folder,
}

/// Returns the lives of the files meant; none for a file that git never had.
///
/// # Errors
///
/// What git says where it cannot.
pub(super) fn lives(repository: &Repository, whose: Whose<'_>) -> Result<Vec<Life>, String> {
    let lives = told(repository, whose, false)?;
    if lives.iter().all(Life::is_a_line) {
        return Ok(lives);
    }
    let mut lives = told(repository, whose, true)?;
    lives.iter_mut().for_each(|life| life.merged = true);
    Ok(lives)
}

fn told(repository: &Repository, whose: Whose<'_>, first_parent: bool) -> Result<Vec<Life>, String> {
    let mut arguments: Vec<OsString> = [
        "log",
        "--topo-order",
        "--raw",
        "--no-abbrev",
        "-z",
        "--no-color",
        "--no-show-signature",
        "--no-ext-diff",
        "--format=%x01%H%x00%aI%x00%aN%x00%s%x00%P%x00",
    ]
    .map(OsString::from)
    .into();
    let name = match whose {
        Whose::File(name) => {
            arguments.push("--follow".into());
            name
        }
        Whose::Folder => {
            arguments.extend(["-M".into(), "--relative".into()]);
            OsStr::new(".")
        }
    };
    if first_parent {
        arguments.extend(["--first-parent".into(), "-m".into()]);
    }
    arguments.extend([(&repository.revision).into(), "--".into(), name.into()]);
    let output = match repository.run(&arguments) {
        Ok(output) => output,
        // A repository without a commit.
        Err(message)
            if message.contains("does not have any commits") || message.contains("bad revision 'HEAD'") =>
        {
            return Ok(Vec::new());
        }
        Err(message) => return Err(message),
    };
    let changes = changes(&output);
    Ok(match whose {
        Whose::File(_) => followed(changes).into_iter().collect(),
        Whose::Folder => apart(changes),
    })
}

/// A change as the log has it: with the name before, and how git calls it (`A`, `D`, `M`, `R`, `C`, `T`).
struct Logged {
    change: Change,
    from: String,
    kind: u8,
}

/// Takes the log's output apart, newest change first.
///
/// With `-z` a commit is its fields, each ended by NUL, and then for each file a field of modes, blobs and
/// status, and one or two of names.
fn changes(output: &[u8]) -> Vec<Logged> {
    let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
    let mut fields = output.split(|&byte| byte == 0);
    let mut commit = [const { String::new() }; 5];
    let mut changes = Vec::new();
    while let Some(field) = fields.next() {
        let field = field.trim_ascii_start();
        if let Some(hash) = field.strip_prefix(b"\x01") {
            let mut next = || fields.next().map(text).unwrap_or_default();
            commit = [text(hash), next(), next(), next(), next()];
        } else if let Some(raw) = field.strip_prefix(b":") {
            let raw = text(raw);
            let parts: Vec<&str> = raw.split(' ').collect();
            let [_, _, old, new, status] = parts[..] else { continue };
            let kind = status.bytes().next().unwrap_or(b'M');
            let from = fields.next().map(text).unwrap_or_default();
            let path = match kind {
                b'R' | b'C' => fields.next().map(text).unwrap_or_default(),
                _ => from.clone(),
            };
            let blob = |id: &str| (!id.bytes().all(|byte| byte == b'0')).then(|| id.to_owned());
            let [hash, time, author, subject, parents] = commit.clone();
            let root = parents.is_empty();
            changes.push(Logged {
                change: Change {
                    commit: hash,
                    time,
                    author,
                    subject,
                    root,
                    path,
                    old: blob(old),
                    blob: blob(new),
                },
                from,
                kind,
            });
        }
    }
    changes
}

/// The life of one file, as `git log --follow` tells it.
fn followed(logged: Vec<Logged>) -> Option<Life> {
    let name = logged.first()?.change.path.clone();
    let mut life = Life { name, changes: Vec::new(), copied_from: None, merged: false };
    for Logged { mut change, from, kind } in logged {
        if life.changes.last().is_some_and(|later| later.commit == change.commit) {
            // A merge tells the file once for each parent that it differs from; the first is meant.
            continue;
        }
        if kind == b'C' {
            // A copy is a beginning: the versions before are another file's.
            change.old = None;
            life.copied_from = Some(from);
            life.changes.push(change);
            break;
        }
        life.changes.push(change);
    }
    life.changes.reverse();
    Some(life)
}

/// The lives of all files of a folder. Read from the newest change back, a rename hands a life on to the
/// older name.
fn apart(logged: Vec<Logged>) -> Vec<Life> {
    let mut lives: Vec<Life> = Vec::new();
    let mut bearer: BTreeMap<String, usize> = BTreeMap::new();
    for Logged { change, from, kind } in logged {
        let index = *bearer.entry(change.path.clone()).or_insert_with(|| {
            let name = change.path.clone();
            lives.push(Life { name, changes: Vec::new(), copied_from: None, merged: false });
            lives.len() - 1
        });
        let path = change.path.clone();
        if lives[index].changes.last().is_some_and(|later| later.commit == change.commit) {
            continue;
        }
        lives[index].changes.push(change);
        if kind == b'R' && from != path {
            bearer.remove(&path);
            bearer.insert(from, index);
        }
    }
    lives.iter_mut().for_each(|life| life.changes.reverse());
    lives
}
