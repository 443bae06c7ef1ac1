//! `copydesk index`: fingerprints kept between runs.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use copydesk::check::{Against, Filling, check_against};
use copydesk::error::IndexError;
use copydesk::index::{Answer, Index, Recording, Stats, Status, day, import};
use copydesk::read::walk::find;
use serde_json::json;

use super::{Talk, check, config};
use crate::args::{IndexAddArgs, IndexArgs, IndexCommand, StatsFormat, clock};
use crate::exit::Exit;
use crate::output::to_stdout;
use crate::progress::Bar;
use crate::stderr;

/// Runs a command about an index.
///
/// # Errors
///
/// One line about a flag or an index that is wrong.
pub fn run(args: &IndexArgs, talk: Talk) -> Result<Exit, String> {
    match &args.command {
        IndexCommand::Add(add) => fill(add, talk),
        IndexCommand::Check(ask) => {
            if ask.check.index.index.is_some() {
                return Err("`index check` names its index first, without --index".to_owned());
            }
            check::run_against(&ask.check, &ask.against, talk)
        }
        IndexCommand::Remove(remove) => change(&remove.index, talk, |index| {
            let mut missing = Vec::new();
            let mut removed = 0;
            for name in &remove.names {
                match index.remove(name)? {
                    0 => missing.push(name.clone()),
                    count => removed += count,
                }
            }
            Ok((format!("items removed: {removed}"), missing))
        }),
        IndexCommand::Prune(prune) => change(&prune.index, talk, |index| {
            let now = prune.now.or_else(clock).unwrap_or_default();
            let before = now - prune.older_than;
            let removed = index.prune(before)?;
            Ok((format!("items removed, last seen before {}: {removed}", day(before)), Vec::new()))
        }),
        IndexCommand::Stats(stats) => {
            let mut index = open(&stats.index)?;
            let found = index.stats().map_err(|error| error.to_string())?;
            Ok(Exit::of(to_stdout(|out| match stats.format {
                StatsFormat::Text => write_stats(&index, &found, out),
                StatsFormat::Json => write_json(&index, &found, out),
            })))
        }
        IndexCommand::Verify(verify) => {
            let verified = open(&verify.index)?.verify().map_err(|error| error.to_string())?;
            for fault in &verified.faults {
                stderr::error(&format!("{}: {fault}", verify.index.display()));
            }
            if !verified.faults.is_empty() {
                stderr::plain("restore a copy, or make the index again with `copydesk index add`");
                return Ok(Exit::Trouble);
            }
            let versions = counted(verified.versions, "version", "versions");
            let line = format!("{}: whole, {versions} of items", verify.index.display());
            Ok(Exit::of(talk.quiet || to_stdout(|out| writeln!(out, "{line}"))))
        }
        IndexCommand::Export(export) => {
            let mut index = open(&export.index)?;
            let mut failed = None;
            let written = to_stdout(|out| match index.export(out) {
                Ok(_) => Ok(()),
                Err(error) => {
                    failed = Some(error);
                    Ok(())
                }
            });
            match failed {
                Some(error) => Err(error.to_string()),
                None => Ok(Exit::of(written)),
            }
        }
        IndexCommand::Import(args) => {
            let imported = if args.file.as_os_str() == "-" {
                import(&args.index, &mut io::stdin().lock())
            } else {
                let file =
                    File::open(&args.file).map_err(|error| format!("{}: {error}", args.file.display()))?;
                import(&args.index, &mut BufReader::new(file))
            };
            let imported = imported.map_err(|error| error.to_string())?;
            if imported.left_out > 0 {
                let versions = counted(imported.left_out, "older version is", "older versions are");
                stderr::note(&format!("{versions} left out: made with another version of the profile"));
            }
            if !talk.quiet {
                let versions = counted(imported.versions, "version", "versions");
                stderr::plain(&format!("{versions} of items taken in"));
            }
            Ok(Exit::Clean)
        }
    }
}

/// Opens an index to look into it.
fn open(path: &Path) -> Result<Index, String> {
    Index::open_existing(path, Recording::Off).map_err(|error| error.to_string())
}

/// Changes an index; `work` says what it did, and which names it did not find.
fn change(
    path: &Path,
    talk: Talk,
    work: impl FnOnce(&mut Index) -> Result<(String, Vec<String>), IndexError>,
) -> Result<Exit, String> {
    let done = Index::open_existing(path, Recording::On).and_then(|mut index| {
        index.begin(&format!("copydesk index, process {}", std::process::id()))?;
        let done = work(&mut index)?;
        index.commit()?;
        Ok(done)
    });
    let (said, missing) = done.map_err(|error| error.to_string())?;
    if !talk.quiet {
        stderr::plain(&said);
    }
    for name in &missing {
        stderr::error(&format!("{}: no item has the id or address {name}", path.display()));
    }
    Ok(if missing.is_empty() { Exit::Clean } else { Exit::Trouble })
}

/// Takes documents in.
fn fill(args: &IndexAddArgs, talk: Talk) -> Result<Exit, String> {
    let config = config::load(&args.config, &args.input)?;
    let (plan, options, terms) = args.resolve(config.as_ref())?;
    let found = find(&plan.paths, &plan.walk);
    let who = format!("copydesk index add, process {}", std::process::id());
    let begun = Index::open(&args.index, &terms, Recording::On).and_then(|mut index| {
        index.begin(&who)?;
        Ok(index)
    });
    let mut index = begun.map_err(|error| error.to_string())?;
    let bar = Bar::new(talk.quiet);
    let counts: [AtomicU64; 5] = Default::default();
    let committed = |answers: &[Answer]| {
        for answer in answers {
            counts[answer.status as usize].fetch_add(1, Ordering::Relaxed);
        }
        if talk.verbose {
            let all: u64 = counts.iter().map(|count| count.load(Ordering::Relaxed)).sum();
            bar.suspend(|| stderr::note(&format!("{all} items are on the disk")));
        }
    };
    let filling = Filling { batch: args.batch as usize, committed: &committed, who: &who };
    let now = args.now.or_else(clock).unwrap_or_default();
    let against = Against { index: &mut index, now, filling: Some(filling) };
    let report = check_against(&found, &options, &bar, Some(against));
    bar.finish();
    let ended = if index.is_open() { index.commit().and_then(|()| index.settle(&who)) } else { Ok(()) };
    stderr::read_errors(&report.errors);
    ended.map_err(|error| error.to_string())?;
    let count = |status: Status| counts[status as usize].load(Ordering::Relaxed);
    if !talk.quiet {
        stderr::plain(&format!(
            "{} new items taken in, {} revised; {} known",
            count(Status::New),
            count(Status::Revised),
            count(Status::Known)
        ));
    }
    if report.summary.documents == 0 {
        return Err("no document was read".to_owned());
    }
    Ok(if report.errors.is_empty() { Exit::Clean } else { Exit::Trouble })
}

fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn write_stats(index: &Index, stats: &Stats, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", copydesk::report::visible::line(&index.path().to_string_lossy()))?;
    let seen =
        stats.seen.map_or("never".to_owned(), |(first, last)| format!("{} to {}", day(first), day(last)));
    for (what, value) in [
        ("items", stats.items.to_string()),
        ("versions", stats.versions.to_string()),
        ("paragraphs", stats.paragraphs.to_string()),
        ("seen", seen),
        ("bytes", stats.bytes.to_string()),
        (
            "runs",
            format!(
                "{} of names, {} of paragraphs, {} of shingles",
                stats.runs[0],
                stats.runs[1],
                stats.runs[2..].iter().sum::<u64>()
            ),
        ),
        ("shingles", format!("{} posted, {} common", stats.near, stats.common)),
    ] {
        writeln!(out, "  {what:<16}{value}")?;
    }
    for (key, value) in index.terms().written() {
        writeln!(out, "  {key:<16}{value}")?;
    }
    Ok(())
}

fn write_json(index: &Index, stats: &Stats, out: &mut dyn io::Write) -> io::Result<()> {
    let terms: serde_json::Map<String, serde_json::Value> =
        index.terms().written().into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect();
    let value = json!({
        "schema": 1,
        "items": stats.items,
        "versions": stats.versions,
        "paragraphs": stats.paragraphs,
        "bytes": stats.bytes,
        "first_seen": stats.seen.map(|(first, _)| day(first)),
        "last_seen": stats.seen.map(|(_, last)| day(last)),
        "made_for": terms,
    });
    writeln!(out, "{value}")
}
