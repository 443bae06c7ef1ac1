//! What did each version hold? One `git cat-file --batch` gives all of them, in order.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::Arc;
use std::thread;

use super::Repository;

/// How many of the last blobs are kept: texts that come back do so soon, and often.
const KEPT: usize = 32;

/// Gives the wanted blobs one after the other.
pub(super) struct Blobs<'a> {
    wanted: std::slice::Iter<'a, &'a str>,
    output: BufReader<ChildStdout>,
    plan: Plan<'a>,
    kept: VecDeque<(&'a str, Arc<[u8]>)>,
    max_size: u64,
}

/// Which blobs are asked for, and which are still there: the same to who asks and to who reads.
#[derive(Default)]
struct Plan<'a> {
    last: VecDeque<&'a str>,
}

impl<'a> Plan<'a> {
    /// Returns whether `blob` must be asked for.
    fn ask(&mut self, blob: &'a str) -> bool {
        if self.last.contains(&blob) {
            return false;
        }
        self.last.push_back(blob);
        if self.last.len() > KEPT {
            self.last.pop_front();
        }
        true
    }
}

/// A git that waits to be asked for blobs.
pub(super) struct Cat {
    child: Child,
}

impl Cat {
    /// Starts git. That takes it a while, so it is best done before it is known what to ask for.
    ///
    /// # Errors
    ///
    /// If git cannot be run.
    pub fn start(repository: &Repository) -> Result<Self, String> {
        let mut command = repository.command();
        command.args(["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        Ok(Self { child: command.spawn().map_err(|error| failed(&error))? })
    }

    /// Runs `read` with the `wanted` blobs, which it takes in this order.
    ///
    /// # Errors
    ///
    /// If git ends early.
    pub fn with_blobs(
        mut self,
        wanted: &[&str],
        max_size: u64,
        read: impl FnOnce(&mut Blobs<'_>),
    ) -> Result<(), String> {
        let (Some(mut input), Some(output)) = (self.child.stdin.take(), self.child.stdout.take()) else {
            return Err("cannot run git".to_owned());
        };
        thread::scope(|scope| {
            // Its own thread: git stops reading while what it writes is not taken.
            scope.spawn(move || {
                let mut plan = Plan::default();
                for blob in wanted.iter().filter(|blob| plan.ask(blob)) {
                    if writeln!(input, "{blob}").is_err() {
                        break;
                    }
                }
            });
            let mut blobs = Blobs {
                wanted: wanted.iter(),
                output: BufReader::with_capacity(1 << 16, output),
                plan: Plan::default(),
                kept: VecDeque::new(),
                max_size,
            };
            read(&mut blobs);
            // What was not taken is not waited for.
            drop(blobs);
        });
        self.child.wait().map(drop).map_err(|error| failed(&error))
    }
}

impl Drop for Cat {
    fn drop(&mut self) {
        // It ends when nobody can ask any more.
        drop(self.child.stdin.take());
        drop(self.child.stdout.take());
        let _ = self.child.wait();
    }
}

fn failed(error: &io::Error) -> String {
    format!("cannot run git: {error}")
}

impl Blobs<'_> {
    /// Gives the next blob to `read` and returns what that returns.
    ///
    /// # Errors
    ///
    /// Why there is none: it is missing in the repository, too large, or git has ended.
    pub fn next<T>(&mut self, read: impl FnOnce(&[u8]) -> T) -> Result<T, String> {
        let Some(&blob) = self.wanted.next() else { return Err("is missing".to_owned()) };
        if self.plan.ask(blob) {
            // Forget what the plan forgot before the new one comes.
            let plan = &self.plan;
            self.kept.retain(|(id, _)| plan.last.contains(id));
            let bytes = self.take()?;
            self.kept.push_back((blob, bytes));
        }
        let kept = self.kept.iter().find(|(id, _)| *id == blob);
        let (_, bytes) = kept.ok_or("is missing in the repository")?;
        Ok(read(bytes))
    }

    /// Takes the next blob out of what git writes: `<id> blob <size>`, the bytes, a line feed.
    fn take(&mut self) -> Result<Arc<[u8]>, String> {
        let ended = |error: io::Error| format!("git ended early: {error}");
        let mut head = String::new();
        self.output.read_line(&mut head).map_err(ended)?;
        let size = head.trim_end().rsplit_once(' ').and_then(|(_, size)| size.parse::<u64>().ok());
        let Some(size) = size.filter(|_| head.contains(" blob ")) else {
            let why = if head.is_empty() { "git ended early" } else { "is missing in the repository" };
            return Err(why.to_owned());
        };
        if size > self.max_size {
            io::copy(&mut (&mut self.output).take(size + 1), &mut io::sink()).map_err(ended)?;
            return Err("is larger than --max-size".to_owned());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        (&mut self.output).take(size).read_to_end(&mut bytes).map_err(ended)?;
        (&mut self.output).take(1).read_to_end(&mut Vec::new()).map_err(ended)?;
        Ok(bytes.into())
    }
}
