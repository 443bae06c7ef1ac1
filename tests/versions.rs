//! Versions out of git: repositories are made on the spot, with fixed dates.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use copydesk::document::{Metadata, Snapshot};
use copydesk::error::ReadError;
use copydesk::read::versions::{Origin, SnapshotSink, VersionOptions, read_versions};
use tempfile::TempDir;

/// A repository in a temporary folder.
struct Repository {
    folder: TempDir,
    day: u32,
}

impl Repository {
    fn new() -> Self {
        let made = Self { folder: tempfile::tempdir().unwrap(), day: 0 };
        made.git(&["init", "-q", "-b", "main"]);
        made
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) {
        self.git_in(self.path(), arguments);
    }

    fn git_in(&self, folder: &Path, arguments: &[&str]) {
        let date = format!("2026-01-{:02}T08:00:00+01:00", self.day.max(1));
        let done = Command::new("git")
            .current_dir(folder)
            .args([
                "-c",
                "user.name=Anna Olsen",
                "-c",
                "user.email=anna@example.org",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(["-c", "protocol.file.allow=always", "-c", "merge.conflictStyle=merge"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .output()
            .unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&mut self, subject: &str) {
        self.day += 1;
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", subject]);
    }
}

#[derive(Default)]
struct Told {
    lines: Vec<String>,
    stored: Vec<[u8; 32]>,
}

impl SnapshotSink for Told {
    fn begin(&mut self, id: &str, _: &Metadata) {
        self.lines.push(format!("begin {id}"));
    }

    fn snapshot(&mut self, snapshot: &mut Snapshot) {
        let text =
            snapshot.document.as_ref().map_or("-".to_owned(), |document| document.text.replace('\n', " "));
        let comment = snapshot.comment.as_deref().unwrap_or("");
        let author = snapshot.author.as_deref().unwrap_or("");
        let day = snapshot.time.as_deref().and_then(|time| time.get(8..10)).unwrap_or("");
        self.lines.push(format!("{day} {author}: {comment}: {}{}", text.trim(), snapshot.missing));
        self.stored.push(snapshot.stored);
        assert_eq!(snapshot.label.len(), 40);
    }

    fn end(&mut self) {
        self.lines.push("end".to_owned());
    }

    fn fault(&mut self, fault: ReadError) {
        self.lines.push(format!("error: {}", fault.message));
    }

    fn warning(&mut self, warning: ReadError) {
        self.lines.push(format!("warning: {}", warning.message));
    }
}

fn told(paths: &[PathBuf], root: &Path, options: &VersionOptions) -> Told {
    let mut told = Told::default();
    read_versions(paths, options, &mut told);
    let root = root.to_string_lossy().into_owned();
    told.lines.iter_mut().for_each(|line| *line = line.replace(&root, "REPO"));
    told
}

fn lines(repository: &Repository, name: &str) -> Vec<String> {
    let path = repository.path().join(name);
    told(&[path], repository.path(), &VersionOptions::default()).lines
}

/// A text long enough that git sees it renamed.
fn long(last: &str) -> String {
    format!("{}{last}\n", "The board met on Tuesday and heard why the pier had cost so much.\n".repeat(6))
}

#[test]
fn renames_are_followed_and_deletions_kept() {
    let mut repository = Repository::new();
    repository.write("news/pier.md", &long("One."));
    repository.commit("Begin");
    repository.git(&["mv", "news/pier.md", "news/quay.md"]);
    repository.commit("Rename");
    fs::remove_file(repository.path().join("news/quay.md")).unwrap();
    repository.commit("Remove");
    repository.write("news/quay.md", "Two.\n");
    repository.commit("Bring back");
    repository.write("news/quay.md", "Three.\n");
    repository.commit("Change");
    repository.write("news/other.md", "Other.\n");
    repository.commit("Something else");
    let lines = lines(&repository, "news/quay.md");
    assert_eq!(lines[0], "begin REPO/news/quay.md");
    let short: Vec<String> =
        lines[1..].iter().map(|line| line.replace(long("One.").replace('\n', " ").trim(), "LONG")).collect();
    assert_eq!(
        short,
        [
            "01 Anna Olsen: Begin: LONG",
            "02 Anna Olsen: Rename: LONG",
            "03 Anna Olsen: Remove: -deleted",
            "04 Anna Olsen: Bring back: Two.",
            "05 Anna Olsen: Change: Three.",
            "end"
        ]
    );
}

#[test]
fn a_copy_is_a_beginning() {
    let mut repository = Repository::new();
    repository.write("a.md", &long("One."));
    repository.commit("Begin");
    repository.write("b.md", &long("One."));
    repository.commit("Copy");
    repository.write("b.md", &long("Two."));
    repository.commit("Change");
    let lines = lines(&repository, "b.md");
    assert_eq!(lines[0], "warning: began as a copy of a.md, whose own versions are left out");
    assert_eq!(lines.len(), 5, "{lines:?}");
}

#[test]
fn a_text_that_comes_back_is_the_same_as_stored() {
    let mut repository = Repository::new();
    for (subject, text) in [("1", "A\n"), ("2", "B\n"), ("3", "A\n"), ("4", "B\n")] {
        repository.write("a.txt", text);
        repository.commit(subject);
    }
    let told = told(&[repository.path().join("a.txt")], repository.path(), &VersionOptions::default());
    assert_eq!(told.stored[0], *blake3::hash(b"A\n").as_bytes());
    assert!(
        told.stored[0] == told.stored[2]
            && told.stored[1] == told.stored[3]
            && told.stored[0] != told.stored[1]
    );
}

#[test]
fn branches_side_by_side_are_told_by_their_merges() {
    let mut repository = Repository::new();
    let text = |a: &str, b: &str| format!("{a}\n{}{b}\n", "The tide.\n".repeat(10));
    repository.write("a.md", &text("a", "b"));
    repository.commit("Begin");
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("a.md", &text("a", "B"));
    repository.commit("Side");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.md", &text("A", "b"));
    repository.commit("Main");
    repository.day += 1;
    repository.git(&["merge", "-q", "-m", "Merge", "side"]);
    let lines = lines(&repository, "a.md");
    assert!(lines[0].starts_with("warning: was changed on branches side by side"), "{lines:?}");
    let subjects: Vec<_> =
        lines.iter().filter_map(|line| line.split(": ").nth(1)).filter(|s| s.len() < 8).collect();
    assert_eq!(subjects, ["Begin", "Main", "Merge"]);
    assert!(lines[4].contains(": A The") && lines[4].ends_with(" B"), "{lines:?}");
}

/// The warning of a file told by first parents, and the last line before the end.
fn merged_and_last(lines: &[String]) -> (bool, &str) {
    let merged = lines.iter().any(|line| line.starts_with("warning: was changed on branches side by side"));
    (merged, lines.iter().rev().nth(1).unwrap())
}

#[test]
fn a_file_renamed_on_one_branch_and_edited_on_the_other_ends_with_the_merge() {
    for (renamed_aside, edited_too) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut repository = Repository::new();
        repository.write("docs/a.md", &long("One."));
        repository.write("docs/calm.md", "One.\n");
        repository.commit("Begin");
        repository.git(&["checkout", "-q", "-b", "side"]);
        let edit = |repository: &mut Repository| {
            repository.write("docs/a.md", &format!("New.\n{}", long("One.")));
            repository.commit("Edit");
        };
        let rename = |repository: &mut Repository| {
            repository.git(&["mv", "docs/a.md", "docs/b.md"]);
            if edited_too {
                repository.write("docs/b.md", &long("Two."));
            }
            repository.commit("Rename");
        };
        if renamed_aside {
            rename(&mut repository)
        } else {
            edit(&mut repository)
        }
        repository.write("docs/calm.md", "Two.\n");
        repository.commit("Calm");
        repository.git(&["checkout", "-q", "main"]);
        if renamed_aside {
            edit(&mut repository)
        } else {
            rename(&mut repository)
        }
        repository.day += 1;
        repository.git(&["merge", "-q", "-m", "Merge", "side"]);
        let last = if edited_too { "Two." } else { "One." };
        for path in ["docs/b.md", "docs"] {
            let told = lines(&repository, path);
            let begin = told.iter().position(|line| line.ends_with("docs/b.md")).unwrap();
            let life = &told[begin..];
            let end = life.iter().position(|line| line == "end").unwrap();
            let (_, text) = merged_and_last(&life[..=end]);
            let what = format!("{renamed_aside} {edited_too} {told:?}");
            assert!(text.contains(": Merge: New. The") && text.ends_with(last), "{what}");
            assert_eq!(end, 4, "{what}");
            let warnings = told.iter().filter(|line| line.starts_with("warning")).count();
            assert_eq!(warnings, 1, "the other file is a line of commits: {what}");
        }
    }
}

#[test]
fn what_the_merge_itself_changed_is_a_version() {
    let mut repository = Repository::new();
    repository.write("a.md", "storm\n");
    repository.write("gone.md", "gone\n");
    repository.commit("Begin");
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.commit("Side");
    repository.git(&["checkout", "-q", "main"]);
    repository.commit("Main");
    repository.git(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    repository.write("a.md", "gale\n");
    repository.write("new.md", "new\n");
    fs::remove_file(repository.path().join("gone.md")).unwrap();
    repository.commit("Merge");
    for (path, end) in [
        ("a.md", "04 Anna Olsen: Merge: gale"),
        ("new.md", "04 Anna Olsen: Merge: new"),
        ("gone.md", "04 Anna Olsen: Merge: -deleted"),
    ] {
        assert_eq!(merged_and_last(&lines(&repository, path)), (true, end), "{path}");
    }
    let all = lines(&repository, "");
    for end in ["Merge: gale", "Merge: new", "Merge: -deleted"] {
        assert!(all.iter().any(|line| line.ends_with(end)), "{end} {all:?}");
    }
}

#[test]
fn a_revision_and_a_path_that_is_gone_are_asked_of_git() {
    let mut repository = Repository::new();
    repository.write("deep/a.txt", "one\n");
    repository.commit("One");
    repository.write("deep/a.txt", "two\n");
    repository.commit("Two");
    fs::remove_dir_all(repository.path().join("deep")).unwrap();
    repository.commit("Gone");
    assert_eq!(
        lines(&repository, "deep/a.txt"),
        [
            "begin REPO/deep/a.txt",
            "01 Anna Olsen: One: one",
            "02 Anna Olsen: Two: two",
            "03 Anna Olsen: Gone: -deleted",
            "end"
        ]
    );
    assert_eq!(
        lines(&repository, "deep/never.txt"),
        ["error: no such file, and git never had one of this name"]
    );
    // Without a commit, and without a repository.
    let empty = Repository::new();
    assert_eq!(lines(&empty, "a.txt"), ["error: no such file, and git never had one of this name"]);
}

#[test]
fn a_shallow_clone_is_said() {
    let mut repository = Repository::new();
    for text in ["one\n", "two\n", "three\n"] {
        repository.write("a.txt", text);
        repository.commit(text.trim());
    }
    let clone = tempfile::tempdir().unwrap();
    let (from, to) = (format!("file://{}", repository.path().display()), clone.path().join("c"));
    repository.git(&["clone", "-q", "--depth", "2", &from, &to.to_string_lossy()]);
    let lines = told(&[to.join("a.txt")], &to, &VersionOptions::default()).lines;
    assert!(lines[0].starts_with("error: the repository is a shallow clone: what came before"), "{lines:?}");
    assert_eq!(lines.len(), 5, "{lines:?}");
}

#[test]
fn a_repository_is_an_archive_of_documents() {
    let mut repository = Repository::new();
    repository.write("Ferry/Terms.md", &long("One."));
    repository.write("Pier/Terms.md", "a\n");
    repository.write("logo.png", "\0\0");
    repository.commit("Begin");
    repository.git(&["mv", "Ferry/Terms.md", "Ferry/Conditions.md"]);
    repository.write("Pier/Terms.md", "b\n");
    repository.commit("Change");
    let all = lines(&repository, "");
    let begun: Vec<_> = all.iter().filter(|line| line.starts_with("begin")).collect();
    assert_eq!(begun, ["begin REPO/Ferry/Conditions.md", "begin REPO/Pier/Terms.md"]);
    assert_eq!(all.iter().filter(|line| line.contains("Anna")).count(), 4, "{all:?}");
    assert_eq!(lines(&repository, "Pier")[1..3], ["01 Anna Olsen: Begin: a", "02 Anna Olsen: Change: b"]);
    let files = VersionOptions { origin: Origin::Files, ..VersionOptions::default() };
    let read = told(&[repository.path().join("Pier/Terms.md")], repository.path(), &files).lines;
    assert!(read[0].starts_with("error: has one version only"), "{read:?}");
}

#[test]
fn a_bare_repository_has_the_versions_of_its_files() {
    let mut repository = Repository::new();
    for text in ["one\n", "two\n"] {
        repository.write("deep/a.txt", text);
        repository.commit(text.trim());
    }
    let place = tempfile::tempdir().unwrap();
    let bare = place.path().join("news.git");
    repository.git(&["clone", "-q", "--bare", ".", &bare.to_string_lossy()]);
    for path in ["deep/a.txt", ""] {
        let lines = told(&[bare.join(path)], &bare, &VersionOptions::default()).lines;
        let expected = [
            "begin REPO/deep/a.txt".to_owned(),
            "01 Anna Olsen: one: one".to_owned(),
            "02 Anna Olsen: two: two".to_owned(),
            "end".to_owned(),
        ];
        assert_eq!(lines, expected, "{path}");
    }
    let lines = told(&[bare.join("never.txt")], &bare, &VersionOptions::default()).lines;
    assert_eq!(lines, ["error: no such file, and git never had one of this name"]);
}
