//! Where may a report go? To no file that the run goes by, and no two to one file.

use std::path::{Path, PathBuf};

use copydesk::config::Config;
use copydesk::corpus::output::real_path;
use copydesk::index;

/// Files that a run goes by beside its inputs: what each is, and where.
#[derive(Debug, Default)]
pub struct Own(Vec<(&'static str, PathBuf)>);

impl Own {
    /// Returns the settings file, if there is one.
    pub fn of(config: Option<&Config>) -> Self {
        Self::default().with("the settings file", config.map(|config| Path::new(&*config.file)))
    }

    /// Adds a file, if there is one.
    pub fn with(mut self, what: &'static str, file: Option<&Path>) -> Self {
        self.0.extend(file.map(|file| (what, real_path(file))));
        self
    }

    /// Adds an index with what SQLite and we keep beside it, if there is one.
    pub fn with_index(mut self, index: Option<&Path>) -> Self {
        let files = index.map(|index| index::files(&real_path(index)));
        self.0.extend(files.into_iter().flatten().map(|file| ("the index", file)));
        self
    }

    /// Checks that nothing of this is written over by what `flag` sends to one of `targets`, by whatever name.
    ///
    /// # Errors
    ///
    /// A line that names the first that is.
    pub fn spare<'a>(&self, flag: &str, targets: impl Iterator<Item = &'a Path>) -> Result<(), String> {
        for target in targets {
            let real = real_path(target);
            if let Some((what, _)) = self.0.iter().find(|(_, own)| own.starts_with(&real)) {
                return Err(format!(
                    "{flag}: {} is {what} of this run, which is not written over: name another file",
                    target.display()
                ));
            }
        }
        Ok(())
    }
}

/// Checks that no two of `targets` are one file, by whatever names.
///
/// # Errors
///
/// A line that names one that is.
pub fn keep_apart<'a>(targets: impl Iterator<Item = &'a Path>) -> Result<(), String> {
    let mut seen: Vec<(PathBuf, &Path)> = Vec::new();
    for target in targets {
        let real = real_path(target);
        if let Some((_, other)) = seen.iter().find(|(other, _)| *other == real) {
            let also =
                if *other == target { String::new() } else { format!(", which is {}", other.display()) };
            return Err(format!("--output: two reports would go to {}{also}", target.display()));
        }
        seen.push((real, target));
    }
    Ok(())
}
