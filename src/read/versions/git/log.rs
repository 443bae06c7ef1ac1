//! Which commits changed a file, under which name, and what did each leave?

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::thread;

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

    /// What the last change left; `None` where that is a deletion.
    fn end(&self) -> Option<&String> {
        self.changes.last()?.blob.as_ref()
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
/// A life is whole where each change begins with what the one before left, and the last left what the
/// revision has: else the log lost a change, on a branch beside a rename or in a merge itself. Such a life is
/// told by first parents only.
///
/// # Errors
///
/// What git says where it cannot.
pub(super) fn lives(repository: &Repository, whose: Whose<'_>) -> Result<Vec<Life>, String> {
    let (lives, standing) = thread::scope(|scope| {
        let standing = scope.spawn(|| Standing::of(repository, whose));
        let lives = told(repository, whose, false);
        (lives, standing.join().unwrap_or_default())
    });
    let lives = lives?;
    let is_whole = |life: &Life| life.is_a_line() && standing.is_end_of(life, whose);
    if lives.iter().all(is_whole) && standing.all_told(&lives, whose) {
        return Ok(lives);
    }
    let mut whole: BTreeMap<_, _> = lives
        .into_iter()
        .filter(is_whole)
        .map(|life| ((life.name.clone(), life.end().cloned()), life))
        .collect();
    let mut lives = told(repository, whose, true)?;
    for life in &mut lives {
        match whole.remove(&(life.name.clone(), life.end().cloned())) {
            Some(line) => *life = line,
            None => life.merged = true,
        }
    }
    Ok(lives)
}

/// What the revision itself has of the files meant: the blob under each name. Where git does not say, as
/// for a range of commits, nothing is known.
#[derive(Default)]
struct Standing(Option<BTreeMap<String, String>>);

impl Standing {
    /// Asks git.
    fn of(repository: &Repository, whose: Whose<'_>) -> Self {
        let mut arguments: Vec<OsString> = vec!["ls-tree".into(), "-z".into()];
        match whose {
            Whose::File(name) => arguments.extend([(&repository.revision).into(), "--".into(), name.into()]),
            Whose::Folder => arguments.extend(["-r".into(), (&repository.revision).into()]),
        }
        let Ok(output) = repository.run(&arguments) else { return Self(None) };
        let entry = |field: &[u8]| {
            let field = String::from_utf8_lossy(field);
            let (about, name) = field.split_once('\t')?;
            // A submodule is no file.
            let (_, blob) = about.split_once(" blob ")?;
            Some((name.to_owned(), blob.trim().to_owned()))
        };
        Self(Some(output.split(|&byte| byte == 0).filter_map(entry).collect()))
    }

    /// Returns the blob under the last name of `life`.
    fn blob(&self, life: &Life, whose: Whose<'_>) -> Option<&String> {
        let blobs = self.0.as_ref()?;
        match whose {
            // The log names it from the repository's root, and it is the only one.
            Whose::File(_) => blobs.values().next(),
            Whose::Folder => blobs.get(&life.name),
        }
    }

    /// Returns whether `life` ends with what stands under its name. One that ends with a deletion may be
    /// that of an earlier file of the name.
    fn is_end_of(&self, life: &Life, whose: Whose<'_>) -> bool {
        let end = life.end();
        self.0.is_none() || end == self.blob(life, whose) || (matches!(whose, Whose::Folder) && end.is_none())
    }

    /// Returns whether each file that stands is the end of a life.
    fn all_told(&self, lives: &[Life], whose: Whose<'_>) -> bool {
        let Some(blobs) = &self.0 else { return true };
        let ended = |life: &&Life| life.end().is_some() && life.end() == self.blob(life, whose);
        let told: BTreeSet<&str> = lives.iter().filter(ended).map(|life| &*life.name).collect();
        match whose {
            Whose::File(_) => told.len() == blobs.len(),
            Whose::Folder => blobs.keys().all(|name| told.contains(&**name)),
        }
    }
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
