//! `copydesk baseline`, and the baseline of `check`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use copydesk::check::check;
use copydesk::config::Config;
use copydesk::config::find::printed;
use copydesk::corpus::output::real_path;
use copydesk::fingerprint::Profile;
use copydesk::lint::baseline::lines::BaselineFault;
use copydesk::lint::baseline::{Baseline, FILE_NAME, GroupName};
use copydesk::read::paths::Base;
use copydesk::read::walk::find;
use copydesk::report::findings::summary_line;
use copydesk::report::visible;

use super::{Talk, config};
use crate::args::{
    BaselineCommand, BaselineCommandArgs, BaselineFormat, CreateArgs, NewArgs, ShowBaselineArgs, UpdateArgs,
    WhatArgs,
};
use crate::exit::Exit;
use crate::output::{to_file, to_stdout};
use crate::progress::Bar;
use crate::stderr;
use crate::targets::Own;

/// Runs one of the commands about baselines.
///
/// # Errors
///
/// One line about a flag, the settings file or the baseline; then nothing was written.
pub fn run(args: &BaselineCommandArgs, talk: Talk) -> Result<Exit, String> {
    match &args.command {
        BaselineCommand::Create(args) => create(args, talk),
        BaselineCommand::Update(args) => update(args, talk),
        BaselineCommand::Show(args) => show(args),
    }
}

/// Returns the baseline that `check` goes by, and how its file is printed: the one that is named, or the one
/// beside the settings file, if it is there.
///
/// # Errors
///
/// One line: it is named and cannot be read, or it cannot be understood.
pub fn for_check(args: &NewArgs, config: Option<&Config>) -> Result<Option<(Baseline, Arc<str>)>, String> {
    if args.no_baseline {
        return Ok(None);
    }
    let file = place(args.baseline.as_deref(), config);
    if args.baseline.is_none() && fs::symlink_metadata(&file).is_err() {
        return Ok(None);
    }
    let current = config::current_folder()?;
    let name = printed(&file, &current);
    load(&file, &name, &current)?
        .map(|baseline| Some((baseline, Arc::clone(&name))))
        .map_err(|f| told(&name, &f))
}

/// Says that a baseline was made with another profile than `profile`, if it was.
///
/// # Errors
///
/// That line.
pub fn fits(baseline: &Baseline, name: &str, profile: Profile) -> Result<(), String> {
    if baseline.profile == profile {
        return Ok(());
    }
    let (made, run) = (baseline.profile.name(), profile.name());
    Err(format!(
        "{name}: was made with the profile `{made}`, and this run compares with `{run}`; write it again with \
         `copydesk baseline update`, or go without it (--no-baseline)"
    ))
}

/// Where the baseline is.
fn place(named: Option<&Path>, config: Option<&Config>) -> PathBuf {
    let beside = || config.map_or_else(PathBuf::new, |config| config.folder.clone()).join(FILE_NAME);
    named.map_or_else(beside, Path::to_owned)
}

fn base(file: &Path, current: &Path) -> Arc<Base> {
    let file = current.join(file);
    Arc::new(Base::new(file.parent().unwrap_or(current), current))
}

/// Reads the baseline in `file`; what is wrong with its lines is the inner error.
fn load(file: &Path, name: &str, current: &Path) -> Result<Result<Baseline, BaselineFault>, String> {
    let bytes = fs::read(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            format!("{name}: there is no such baseline; `copydesk baseline create` writes one")
        }
        _ => format!("{name}: the baseline cannot be read: {error}"),
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        format!("{name}: the baseline is not UTF-8 (byte {})", error.utf8_error().valid_up_to())
    })?;
    Ok(Baseline::parse(&text, base(file, current)))
}

fn told(name: &str, fault: &BaselineFault) -> String {
    format!("{name}:{}: {}", fault.line, fault.message)
}

fn create(args: &CreateArgs, talk: Talk) -> Result<Exit, String> {
    let config = config::load(&args.what.config, &args.what.input)?;
    let file = place(args.what.baseline.as_deref(), config.as_ref());
    let current = config::current_folder()?;
    let name = printed(&file, &current);
    if fs::symlink_metadata(&file).is_ok() && !args.force {
        return Err(format!(
            "{name}: stands there already; `copydesk baseline update` brings it up to date, --force replaces it"
        ));
    }
    let paths = args.what.input.paths_or_here();
    let (made, exit) = make(&args.what, config.as_ref(), &file, &paths, talk)?;
    let Some(made) = made else { return Ok(exit) };
    write(&file, &name, &made)?;
    if !talk.quiet {
        stderr::plain(&format!("Wrote {name}: {}.", size(&made)));
    }
    Ok(exit)
}

fn update(args: &UpdateArgs, talk: Talk) -> Result<Exit, String> {
    let config = config::load(&args.what.config, &args.what.input)?;
    let file = place(args.what.baseline.as_deref(), config.as_ref());
    let current = config::current_folder()?;
    let name = printed(&file, &current);
    let old = match load(&file, &name, &current)? {
        Ok(old) => Some(old),
        Err(fault) if fault.is_foreign && !args.prune => None,
        Err(fault) => return Err(told(&name, &fault)),
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let checked = old.as_ref().map_or(&[][..], |old| &old.checked);
    let paths: Vec<PathBuf> = match args.what.input.paths.as_slice() {
        [] if checked.is_empty() => vec![PathBuf::from(".")],
        [] => checked.iter().map(|path| folder.join(path)).collect(),
        paths => paths.to_vec(),
    };
    let (made, exit) = make(&args.what, config.as_ref(), &file, &paths, talk)?;
    let Some(mut made) = made else { return Ok(exit) };
    if let (true, Some(old)) = (args.prune, &old) {
        fits(old, &name, made.profile)?;
        let now = std::mem::replace(&mut made, old.clone());
        made.shrink_to(&now);
    }
    write(&file, &name, &made)?;
    if !talk.quiet {
        let change = match old.filter(|old| old.profile == made.profile) {
            Some(old) => {
                let (more, fewer) = made.change_from(&old);
                format!(" ({more} new or larger, {fewer} gone or smaller)")
            }
            None => String::new(),
        };
        stderr::plain(&format!("Wrote {name}: {}{change}.", size(&made)));
    }
    Ok(exit)
}

/// Makes a baseline of what repeats in `paths`; none where no document was checked.
fn make(
    args: &WhatArgs,
    config: Option<&Config>,
    file: &Path,
    paths: &[PathBuf],
    talk: Talk,
) -> Result<(Option<Baseline>, Exit), String> {
    let mut plan = args.resolve(config)?;
    let current = config::current_folder()?;
    let written: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
    let written: Vec<&str> = written.iter().map(|path| &**path).collect();
    let profile = plan.options.settings.profile;
    plan.options.collect = Some(Arc::new(Baseline::empty(base(file, &current), profile, &written)));
    let bar = Bar::new(talk.quiet);
    let found = find(paths, &plan.walk);
    Own::of(config).spare("--baseline", std::iter::once(file)).inspect_err(|_| bar.finish())?;
    if found.inputs.iter().any(|input| input.named && input.location().is_some_and(|it| is_same(it, file))) {
        bar.finish();
        return Err(format!("--baseline: {} is an input, and no input is written over", file.display()));
    }
    let report = check(&found, &plan.options, &bar);
    bar.finish();
    stderr::read_errors(&report.errors);
    if report.summary.documents == 0 && !plan.allow_empty {
        let said = summary_line(&report.summary).replacen("No", "no", 1);
        return Err(format!("{said}, so no baseline was written (--allow-empty accepts that)"));
    }
    Ok((report.collected, if report.errors.is_empty() { Exit::Clean } else { Exit::Trouble }))
}

fn is_same(one: &Path, other: &Path) -> bool {
    real_path(one) == real_path(other)
}

fn write(file: &Path, name: &str, baseline: &Baseline) -> Result<(), String> {
    to_file(file, |out| out.write_all(baseline.to_lines().as_bytes()))
        .map_err(|error| format!("{name}: cannot be written: {error}"))
}

/// `12 groups`.
fn size(baseline: &Baseline) -> String {
    match baseline.entries.len() {
        1 => "1 group".to_owned(),
        many => format!("{many} groups"),
    }
}

fn show(args: &ShowBaselineArgs) -> Result<Exit, String> {
    let config = config::load(&args.config, &Default::default())?;
    let file = place(args.baseline.as_deref(), config.as_ref());
    let current = config::current_folder()?;
    let name = printed(&file, &current);
    let baseline = load(&file, &name, &current)?.map_err(|fault| told(&name, &fault))?;
    Ok(Exit::of(to_stdout(|out| match args.format {
        BaselineFormat::Text => write_text(&name, &baseline, out),
        BaselineFormat::Jsonl => out.write_all(baseline.to_lines().as_bytes()),
    })))
}

fn write_text(name: &str, baseline: &Baseline, out: &mut dyn Write) -> io::Result<()> {
    let (profile, version) = (baseline.profile.name(), baseline.profile.version());
    let checked = baseline.checked.join(", ");
    let head = format!("{name}: {} in {checked}, profile {profile} (version {version})", size(baseline));
    writeln!(out, "{}", visible::line(&head))?;
    // Groups of the most copies first, as a reader would take them on.
    let mut groups: Vec<_> = baseline.entries.iter().collect();
    groups.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.count + entry.near));
    for (GroupName { key, kind, .. }, entry) in groups {
        let near = if entry.near > 0 { format!(" + {} near", entry.near) } else { String::new() };
        let count = format!("{}{near}", entry.count);
        writeln!(out, "{}", visible::line(&format!("{count:>10}  {kind:<18}  {key}  {}", entry.text)))?;
        if !entry.paths.is_empty() {
            let paths = visible::line(&entry.paths.join(", ")).into_owned();
            writeln!(out, "{:>10}  in {paths}", "")?;
        }
    }
    Ok(())
}
