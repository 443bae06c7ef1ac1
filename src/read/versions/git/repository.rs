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
    /// The commits that a shallow clone was cut at.
    pub cut: Vec<String>,
}

impl Repository {
    /// Returns the repository around `folder`; `None` where there is none.
    ///
    /// # Errors
    ///
    /// What git says where it will not read the repository.
    pub fn around(folder: &Path, revision: &str) -> Result<Option<Self>, String> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(real) = folder.canonicalize() else { return Ok(None) };
        if !real.ancestors().any(|above| above.join(".git").exists()) {
            return Ok(None);
        }
        let mut found = Self { folder: folder.to_owned(), revision: revision.to_owned(), cut: Vec::new() };
        let told = found.run(&["rev-parse", "--is-shallow-repository", "--git-path", "shallow"])?;
        let told = String::from_utf8_lossy(&told).into_owned();
        let mut lines = told.lines();
        if lines.next() == Some("true")
            && let Some(path) = lines.next()
        {
            let list = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
            found.cut = list.lines().map(str::to_owned).collect();
        }
        Ok(Some(found))
    }

    /// Returns whether the repository's own folder is `folder`, rather than one above it.
    pub fn begins_at(folder: &Path) -> bool {
        folder.join(".git").exists()
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
