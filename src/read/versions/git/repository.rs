//! Where is the repository, and how is git asked?

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A repository, and what to start from in it.
#[derive(Debug)]
pub(in crate::read::versions) struct Repository {
    /// The folder that git runs in.
    folder: PathBuf,
    /// The revision whose ancestors count.
    pub revision: String,
}

impl Repository {
    /// Returns the repository around `folder`; `None` where there is none.
    pub fn around(folder: &Path, revision: &str) -> Option<Self> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let real = folder.canonicalize().ok()?;
        let found = || Self { folder: folder.to_owned(), revision: revision.to_owned() };
        real.ancestors().any(Self::begins_at).then(found)
    }

    /// Returns whether a shallow clone was cut at this commit.
    pub fn is_cut_at(&self, commit: &str) -> bool {
        let told = self.run(&["rev-parse", "--is-shallow-repository", "--git-path", "shallow"]);
        let told = told.map(|told| String::from_utf8_lossy(&told).into_owned()).unwrap_or_default();
        let mut lines = told.lines();
        let shallow = lines.next() == Some("true");
        let path = lines.next().filter(|_| shallow);
        let list = path.and_then(|path| std::fs::read_to_string(self.folder.join(path)).ok());
        list.is_some_and(|list| list.lines().any(|line| line == commit))
    }

    /// Returns whether the repository's own folder is `folder`, rather than one above it: it holds the
    /// repository, or is a bare one.
    pub fn begins_at(folder: &Path) -> bool {
        let bare = || {
            folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
        };
        folder.join(".git").exists() || bare()
    }

    /// Returns what to run to ask git.
    pub fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.folder).env("LC_ALL", "C");
        command.args(["--no-pager", "--literal-pathspecs", "-c", "i18n.logOutputEncoding=UTF-8"]);
        command
    }

    /// Runs git and returns what it prints.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Vec<u8>, String> {
        let done = self.command().args(arguments).output();
        let done = done.map_err(|error| format!("cannot run git: {error}"))?;
        if done.status.success() {
            return Ok(done.stdout);
        }
        let told = String::from_utf8_lossy(&done.stderr);
        let line = told.lines().find(|line| !line.trim().is_empty()).unwrap_or("git failed");
        Err(format!("git: {}", line.trim_start_matches("fatal: ").trim_start_matches("error: ")))
    }
}
