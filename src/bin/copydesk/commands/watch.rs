//! `copydesk watch`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime};

use copydesk::check::{Against, check_against};
use copydesk::config::Config;
use copydesk::index::{Recording, Status};
use copydesk::progress::Unwatched;
use copydesk::read::walk::find;
use copydesk::report::findings::findings_format;
use notify::{RecursiveMode, Watcher as _};

use super::check::{open_index, was_asked};
use super::{Talk, config};
use crate::args::{WatchArgs, clock};
use crate::exit::Exit;
use crate::output::{Written, stdout_layout, to_reader};
use crate::stderr;

/// How often it is looked whether files have settled, and whether the run is to end.
const TICK: Duration = Duration::from_millis(100);

/// Checks what is in a folder and what arrives there, until it is told to end.
///
/// # Errors
///
/// One line about a flag that is wrong, a folder that cannot be watched, or an index that cannot be used.
pub fn run(args: &WatchArgs, talk: Talk) -> Result<Exit, String> {
    if let Some((flag, why)) = args.misplaced() {
        return Err(format!("--{flag}: {why}"));
    }
    let [folder] = args.check.input.paths.as_slice() else {
        return Err("name the one folder to watch".to_owned());
    };
    if !folder.is_dir() {
        return Err(format!("{}: is no folder", folder.display()));
    }
    let config = config::load(&args.check.config, &args.check.input)?;
    // What is wrong with the index is said before anything is waited for.
    let plan = args.check.resolve(config.as_ref())?;
    let Some(path) = &plan.index else {
        return Err(
            "name the index that remembers what was seen, with --index FILE or `index` in the settings"
                .to_owned(),
        );
    };
    drop(open_index(path, Recording::On, &plan)?);
    let ended = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&ended);
    ctrlc::set_handler(move || handler.store(true, Ordering::SeqCst))
        .map_err(|error| format!("Ctrl-C cannot be caught: {error}"))?;

    let (sender, events) = channel();
    let cannot = |error: notify::Error| format!("{}: cannot be watched: {error}", folder.display());
    let mut watcher = notify::recommended_watcher(sender).map_err(cannot)?;
    // Before the first look, so that nothing arrives in between.
    watcher.watch(folder, RecursiveMode::Recursive).map_err(cannot)?;

    let mut watch = Watch { args, config: config.as_ref(), talk, done: BTreeMap::new(), exit: Exit::Clean };
    let mut waiting: BTreeMap<PathBuf, (Seen, Instant)> = BTreeMap::new();
    let mut look = true;
    let settle = Duration::from_millis(args.settle);
    while !ended.load(Ordering::SeqCst) {
        if look {
            look = false;
            for (path, seen) in watch.unseen(folder)? {
                if waiting.get(&path).is_none_or(|(before, _)| *before != seen) {
                    waiting.insert(path, (seen, Instant::now()));
                }
            }
        }
        let settled: Vec<PathBuf> = waiting
            .iter()
            .filter(|(path, (seen, since))| since.elapsed() >= settle && Seen::of(path) == Some(*seen))
            .map(|(path, _)| path.clone())
            .collect();
        if !settled.is_empty() {
            for path in &settled {
                if let Some((seen, _)) = waiting.remove(path) {
                    watch.done.insert(path.clone(), seen);
                }
            }
            watch.check(&settled)?;
        }
        // A file that grew while it waited begins to wait again.
        look |= waiting.iter().any(|(path, (seen, _))| Seen::of(path) != Some(*seen));
        waiting.retain(|path, (seen, _)| Seen::of(path) == Some(*seen));
        if args.once && waiting.is_empty() && !look {
            break;
        }
        match events.recv_timeout(TICK) {
            Ok(Ok(event)) => look |= !event.kind.is_access(),
            Ok(Err(error)) => {
                stderr::error(&cannot(error));
                look = true;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("the watch broke off".to_owned()),
        }
        // Of many events at once one look is enough.
        while let Ok(event) = events.try_recv() {
            look |= event.map_or(true, |event| !event.kind.is_access());
        }
    }
    if !talk.quiet {
        stderr::plain("ended");
    }
    Ok(watch.exit)
}

/// By what a file is known to have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    length: u64,
    modified: Option<SystemTime>,
}

impl Seen {
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        metadata.is_file().then(|| Self { length: metadata.len(), modified: metadata.modified().ok() })
    }
}

struct Watch<'a> {
    args: &'a WatchArgs,
    config: Option<&'a Config>,
    talk: Talk,
    /// What was checked, and how it was then.
    done: BTreeMap<PathBuf, Seen>,
    exit: Exit,
}

impl Watch<'_> {
    /// The files below `folder` that were not checked as they are.
    fn unseen(&self, folder: &Path) -> Result<Vec<(PathBuf, Seen)>, String> {
        let plan = self.args.check.resolve(self.config)?;
        let found = find(&[folder.to_owned()], &plan.walk);
        let files = found.inputs.iter().map(|input| PathBuf::from(&*input.path));
        Ok(files
            .filter_map(|path| Seen::of(&path).map(|seen| (path, seen)))
            .filter(|(path, seen)| self.done.get(path) != Some(seen))
            .collect())
    }

    /// Checks files, prints what there is to say, and takes them in. Files that the index had no time for are
    /// checked later.
    fn check(&mut self, files: &[PathBuf]) -> Result<(), String> {
        let args = &self.args.check;
        let mut plan = args.resolve(self.config)?;
        plan.options.settings.now = args.settings.now.or_else(clock);
        let mut found = find(files, &plan.walk);
        // As in a walk: what is no document is passed over.
        found.inputs.iter_mut().for_each(|input| input.named = false);
        let Some(path) = &plan.index else { return Ok(()) };
        let mut index = match open_index(path, Recording::On, &plan) {
            Ok(index) => index,
            Err(error) => {
                self.trouble(&error);
                self.done.retain(|file, _| !files.contains(file));
                return Ok(());
            }
        };
        let now = plan.options.settings.now.unwrap_or_default();
        let against = Against { index: &mut index, now, filling: None };
        let mut report = check_against(&found, &plan.options, &Unwatched, Some(against));
        for error in &report.errors {
            self.trouble(&error.to_string());
        }
        let whole = was_asked(&report);
        // What is known was told before.
        report.items.iter_mut().for_each(|items| items.retain(|item| item.status != Status::Known));
        let nothing = report.items.as_ref().is_none_or(Vec::is_empty) && report.findings.is_empty();
        if !nothing || !report.errors.is_empty() {
            let Some(format) = plan.format.or_else(|| findings_format("jsonl")) else { return Ok(()) };
            let layout = stdout_layout(self.talk.quiet);
            if to_reader(|out| format.write(&report, &layout, out)) != Written::Whole {
                return Err("what was found could not be told, so the watch ends".to_owned());
            }
        }
        if whole {
            if let Err(error) = index.commit() {
                self.trouble(&error.to_string());
            }
        } else {
            index.roll_back();
        }
        Ok(())
    }

    fn trouble(&mut self, message: &str) {
        stderr::error(message);
        self.exit = Exit::Trouble;
    }
}
