//! Checks a document by itself, and against the other files of its folder.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread;

use copydesk::Finding;
use copydesk::check::check;
use copydesk::config::find;
use copydesk::config::merge::{Resolved, merge};
use copydesk::progress::Unwatched;
use copydesk::read::input::Input;
use copydesk::read::{reader_named, walk};

use crate::args::clock;

/// A document to check.
#[derive(Clone, Debug)]
pub struct Job {
    /// How the client calls it.
    pub uri: String,
    /// The version that is checked.
    pub version: i64,
    /// The file; of a document that was never saved, what it could be called.
    pub path: PathBuf,
    /// The format, where the name does not tell it.
    pub format: Option<&'static str>,
    /// What the editor shows.
    pub text: Arc<str>,
    /// The folders that the editor works in.
    pub folders: Vec<PathBuf>,
    /// The other open documents: their files, and what the editor shows.
    pub others: BTreeMap<PathBuf, Arc<str>>,
}

/// A document that was checked against its folder.
#[derive(Debug)]
pub struct Checked {
    /// How the client calls it.
    pub uri: String,
    /// The version that was checked.
    pub version: i64,
    /// What was checked.
    pub text: Arc<str>,
    /// What was found in it.
    pub found: Result<Vec<Finding>, String>,
}

impl Job {
    /// Returns what there is to say about the document by itself.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings file.
    pub fn alone(&self) -> Result<Vec<Finding>, String> {
        self.run(walk::Found::default())
    }

    /// Returns what there is to say about the document beside the other files of its folder.
    fn in_folder(&self, resolved: &Resolved) -> walk::Found {
        let folder = self.folders.iter().filter(|folder| self.path.starts_with(folder));
        let Some(folder) = folder.max_by_key(|folder| folder.as_os_str().len()) else {
            return walk::Found::default();
        };
        let mut found = walk::find(std::slice::from_ref(folder), &resolved.walk);
        let is_own = |input: &Input| input.location() == Some(&*self.path);
        found.inputs.retain(|input| !is_own(input));
        for input in &mut found.inputs {
            if let Some(text) = input.location().and_then(|location| self.others.get(location)) {
                *input = Input::held(Arc::clone(&input.path), Arc::from(text.as_bytes()));
            }
        }
        found
    }

    fn settings(&self) -> Result<Resolved, String> {
        let current = self.path.parent().unwrap_or(Path::new("/"));
        let config = find::find(&self.path, current).map(|file| find::load(&file, current)).transpose();
        let config = config.map_err(|faults| {
            let lines = faults.first().map(copydesk::config::Fault::lines).unwrap_or_default();
            lines.into_iter().next().unwrap_or_default()
        })?;
        let mut resolved = merge(config.as_ref(), &copydesk::config::Values::default());
        resolved.check.settings.now = clock();
        Ok(resolved)
    }

    fn run(&self, mut found: walk::Found) -> Result<Vec<Finding>, String> {
        let resolved = self.settings()?;
        if self.path.exists() {
            let own = walk::find(std::slice::from_ref(&self.path), &resolved.walk);
            if own.inputs.is_empty() {
                // The settings leave it out.
                return Ok(Vec::new());
            }
        }
        let path: Arc<str> = self.path.to_string_lossy().into();
        let own = Input::held(Arc::clone(&path), Arc::from(self.text.as_bytes()));
        let format = self.format.filter(|_| own.reader.is_none()).and_then(reader_named);
        // What is being written comes last: it is the copy, and what stood there is the first.
        found.inputs.push(match format {
            Some(reader) => own.read_by(reader),
            None => own,
        });
        let report = check(&found, &resolved.check, &Unwatched);
        Ok(report.findings.into_iter().filter(|finding| finding.primary.location.path == path).collect())
    }

    fn checked(self) -> Checked {
        let found = self.settings().and_then(|resolved| self.run(self.in_folder(&resolved)));
        Checked { uri: self.uri, version: self.version, text: self.text, found }
    }
}

/// A thread that checks documents against their folders, the latest version of each.
pub struct Worker {
    jobs: Sender<Job>,
}

impl Worker {
    /// Starts the thread; `done` takes the results.
    pub fn start(done: impl Fn(Checked) + Send + 'static) -> Self {
        let (jobs, waiting) = mpsc::channel::<Job>();
        thread::spawn(move || {
            while let Ok(first) = waiting.recv() {
                let mut latest: Vec<Job> = vec![first];
                for job in waiting.try_iter() {
                    latest.retain(|other| other.uri != job.uri);
                    latest.push(job);
                }
                for job in latest {
                    let (uri, version, text) = (job.uri.clone(), job.version, Arc::clone(&job.text));
                    // A fault of ours in one document must not end the others.
                    let checked = catch_unwind(AssertUnwindSafe(|| job.checked()));
                    done(checked.unwrap_or_else(|_| Checked {
                        uri,
                        version,
                        text,
                        found: Err("copydesk could not check this document (please report this)".to_owned()),
                    }));
                }
            }
        });
        Self { jobs }
    }

    /// Has `job` done.
    pub fn take(&self, job: Job) {
        let _ = self.jobs.send(job);
    }
}
