//! `copydesk check`.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use copydesk::check::{Against, Report, Suppressed, check, check_against, pass_on};
use copydesk::index::{Index, Recording};
use copydesk::lint::baseline::Baseline;
use copydesk::read::input::Input;
use copydesk::read::walk::{Found, find};
use copydesk::report::findings::{findings_format, items_line, summary_line};

use super::{Talk, baseline, config, mending};
use crate::args::{CheckArgs, CheckPlan, Format, terms};
use crate::exit::Exit;
use crate::output::{Written, file_layout, spare_inputs, stdout_layout, to_file, to_reader};
use crate::progress::Bar;
use crate::since::added_since;
use crate::stderr;
use crate::targets::{Own, keep_apart};

/// Checks what was asked for, prints what was found, and returns how it ended.
///
/// # Errors
///
/// One line about a flag that is wrong; then nothing was read.
pub fn run(args: &CheckArgs, talk: Talk) -> Result<Exit, String> {
    run_with(args, None, args.index.no_record, talk)
}

/// Checks against the index at `path`, and takes nothing in.
///
/// # Errors
///
/// One line about a flag or an index that is wrong; then nothing was read.
pub fn run_against(args: &CheckArgs, path: &Path, talk: Talk) -> Result<Exit, String> {
    run_with(args, Some(path), true, talk)
}

fn run_with(args: &CheckArgs, index: Option<&Path>, no_record: bool, talk: Talk) -> Result<Exit, String> {
    let config = config::load(&args.config, &args.input)?;
    let mut plan = args.resolve(config.as_ref())?;
    if let Some(index) = index {
        plan.index = Some(index.to_owned());
    }
    if plan.index.is_none() && (no_record || args.index.no_texts) {
        let flag = if no_record { "--no-record" } else { "--no-texts" };
        return Err(format!(
            "{flag}: there is no index; name one with --index FILE, or `index` in the settings"
        ));
    }
    let baseline = baseline::for_check(&args.new, config.as_ref())?;
    if let Some((baseline, name)) = &baseline {
        baseline::fits(baseline, name, plan.options.settings.profile)?;
        plan.options.baseline = Some(Arc::new(baseline.clone()));
    }
    // A list of files, as hooks give it, is not all that an allowance may be about.
    if plan.paths.iter().all(|path| path.as_os_str() == "-" || path.is_file()) {
        plan.options.allow.iter_mut().for_each(|allowance| allowance.tell_unused = false);
    }
    plan.options.keep_records = args.index.pass.is_some();
    let bar = Bar::new(talk.quiet);
    let found = find(&plan.paths, &plan.walk);
    let targets = || plan.outputs.iter().map(|(_, path)| &**path);
    let own = Own::of(config.as_ref())
        .with("the baseline", baseline.as_ref().map(|(_, name)| Path::new(&**name)))
        .with_index(plan.index.as_deref());
    keep_apart(targets()).and_then(|()| own.spare("--output", targets())).inspect_err(|_| bar.finish())?;
    spare_inputs(targets(), &found.inputs, plan.options.limits, &plan.options.read)
        .inspect_err(|_| bar.finish())?;
    if let Some(reference) = &args.new.since {
        // The settings are asked about as well: allowances stand there.
        let settings = config.as_ref().map(|config| Arc::clone(&config.file));
        let settings = settings.map(|file| Input::file(Arc::clone(&file), PathBuf::from(&*file), true));
        let inputs: Vec<Input> = found.inputs.iter().cloned().chain(settings).collect();
        let added = added_since(reference, &config::current_folder()?, &inputs)?;
        plan.options.since = Some(Arc::new(added));
    }
    if talk.verbose {
        if let Some(config) = &config {
            stderr::note(&format!("settings: {}", config.file));
        }
        if let Some((baseline, name)) = &baseline {
            stderr::note(&format!("baseline: {name}, entries: {}", baseline.entries.len()));
        }
        notes(&plan, found.inputs.len());
    }
    if found.inputs.is_empty() && !plan.allow_empty {
        stderr::excluded(&found);
    }
    let began = Instant::now();
    let recording = if no_record { Recording::Off } else { Recording::On };
    let mut index = plan.index.as_ref().map(|path| open_index(path, recording, &plan)).transpose()?;
    let mut report = match &mut index {
        None => check(&found, &plan.options, &bar),
        Some(index) => {
            let now = plan.options.settings.now.unwrap_or_default();
            let against = Against { index, now, filling: None };
            check_against(&found, &plan.options, &bar, Some(against))
        }
    };
    bar.finish();
    let mut mended = Exit::Clean;
    if args.mending.fix {
        mended = fix(&mut report, || check(&found, &plan.options, &bar), &found);
        bar.finish();
    }
    if talk.verbose {
        stderr::note(&format!("checked in {:.2} s", began.elapsed().as_secs_f64()));
        report.suppressed.iter().for_each(|one| stderr::note(&suppressed(one)));
    }

    let mut exit = judge(&report, &plan).max(mended);
    let format = plan.format.unwrap_or_else(default_format);
    let (mut told, worst) = tell(&report, &plan, args, &found, talk);
    exit = exit.max(worst);
    for (format, path) in &plan.outputs {
        if let Err(error) = to_file(path, |out| format.write(&report, &file_layout(), out)) {
            stderr::error(&format!("{}: cannot write the report: {error}", path.display()));
            exit = Exit::Trouble;
            told = false;
        }
    }
    stderr::read_errors(&report.errors);
    if let Some((baseline, name)) = baseline.filter(|_| report.stale > 0 && !talk.quiet) {
        stale(&baseline, &name, &plan, report.stale);
    }
    if let Some(mut index) = index {
        exit = exit.max(take_in(&mut index, told, recording, &report));
    }
    let said = summary_line(&report.summary);
    if report.summary.documents == 0 && !plan.allow_empty {
        stderr::error(&format!("{} (--allow-empty accepts that)", said.replacen("No", "no", 1)));
    } else if !talk.quiet && (args.mending.suggest || !format.has_summary()) {
        items_line(&report).iter().for_each(|items| stderr::plain(items));
        stderr::plain(&said);
    }
    // The program ends here: to give back the memory of each finding by itself is work for nothing.
    std::mem::forget(report);
    Ok(exit)
}

/// Writes to standard output what was asked for there; returns whether its reader got all of it, and how that
/// ended.
fn tell(report: &Report, plan: &CheckPlan, args: &CheckArgs, found: &Found, talk: Talk) -> (bool, Exit) {
    let format = plan.format.unwrap_or_else(default_format);
    let written = match args.index.pass {
        None if args.mending.suggest => {
            let exit = mending::suggest(report, found);
            return (exit == Exit::Clean, exit);
        }
        None => to_reader(|out| format.write(report, &stdout_layout(talk.quiet), out)),
        Some(which) => {
            let mut errors = Vec::new();
            let written = to_reader(|out| {
                errors = pass_on(found, &plan.options, report, which.which(), out)?;
                out.flush()
            });
            let said = stderr::report(|out| format.write(report, &file_layout(), out));
            stderr::read_errors(&errors);
            if said && errors.is_empty() { written } else { Written::Failed }
        }
    };
    (written == Written::Whole, Exit::of(written != Written::Failed))
}

/// A run over so many documents fills an index: merges that wait for more to come are done at its end.
const MANY: u64 = 5000;

/// What a process that has to wait is told of this one.
fn writer() -> String {
    format!("copydesk check, process {}", std::process::id())
}

/// Takes in what was read. Findings are told first: what is taken in is not told again.
fn take_in(index: &mut Index, told: bool, recording: Recording, report: &Report) -> Exit {
    if !was_asked(report) {
        return Exit::Clean;
    }
    if !told {
        index.roll_back();
        if recording == Recording::On {
            stderr::warning(
                "not all that was found could be told, so nothing is taken into the index; the next run tells it \
                 again",
            );
        }
        return Exit::Clean;
    }
    let filled = report.summary.documents >= MANY;
    match index.commit().and_then(|()| if filled { index.settle(&writer()) } else { Ok(()) }) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            stderr::error(&error.to_string());
            Exit::Trouble
        }
    }
}

/// What is kept quiet, by what, and why.
fn suppressed(one: &Suppressed) -> String {
    let finding = &one.finding;
    let by = match (&one.comment, &one.setting) {
        (Some(comment), _) => format!("{}:{}", comment.path, comment.start.line),
        (None, Some(setting)) => format!("{}:{}", setting.file, setting.start.line),
        (None, None) => "a comment".to_owned(),
    };
    let reason = one.reason.as_deref().unwrap_or("no reason given");
    format!("suppressed: {} at {}, by {by}: {reason}", finding.rule, finding.primary.named())
}

/// Says that a baseline lets through more than there is, if this run has seen all that it is about.
fn stale(baseline: &Baseline, name: &str, plan: &CheckPlan, entries: usize) {
    let paths: Vec<_> = plan.paths.iter().map(|path| path.to_string_lossy()).collect();
    let paths: Vec<&str> = paths.iter().map(|path| &**path).collect();
    if plan.options.since.is_none() && baseline.checked_places(&paths) == baseline.checked {
        let (entries, them) = if entries == 1 {
            ("1 entry lets".to_owned(), "it")
        } else {
            (format!("{entries} entries let"), "them")
        };
        stderr::warning(&format!(
            "{name}: {entries} through more than repeats now; `copydesk baseline update --prune` brings {them} up \
             to date"
        ));
    }
}

/// Opens an index and begins to use it.
pub fn open_index(path: &Path, recording: Recording, plan: &CheckPlan) -> Result<Index, String> {
    let terms = terms(&plan.options, !plan.no_texts);
    let begun = Index::open(path, &terms, recording).and_then(|mut index| {
        index.begin(&writer())?;
        Ok(index)
    });
    begun.map_err(|error| error.to_string())
}

/// Whether the index was asked about all that was read; else what it took in is not kept.
pub fn was_asked(report: &Report) -> bool {
    report.items.as_ref().map_or(0, Vec::len) as u64 == report.summary.documents
}

/// How often what was mended is checked again: what waited for another change goes then.
const ROUNDS: usize = 4;

/// Mends what can be mended; the report is then of what `check` finds afterwards.
fn fix(report: &mut Report, check: impl Fn() -> Report, found: &Found) -> Exit {
    let (mut exit, mut fixed) = (Exit::Clean, 0);
    for _ in 0..ROUNDS {
        let done = mending::fix(report, found);
        exit = exit.max(done.exit);
        if done.findings == 0 {
            break;
        }
        fixed += done.findings;
        *report = check();
    }
    report.summary.fixed = fixed;
    exit
}

/// Says how the run is set up.
fn notes(plan: &CheckPlan, inputs: usize) {
    let options = &plan.options;
    let rules: Vec<String> = options
        .selection
        .rules()
        .filter_map(|rule| Some(format!("{}={}", rule.name(), options.selection.level(rule.name())?)))
        .collect();
    let settings = &options.settings;
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    stderr::note(&format!("inputs: {inputs}, threads: {threads}"));
    stderr::note(&format!(
        "profile {} (version {}), blocks of {} words and more",
        settings.profile.name(),
        settings.profile.version(),
        settings.min_words
    ));
    stderr::note(&format!("rules: {}", if rules.is_empty() { "none".to_owned() } else { rules.join(", ") }));
}

/// Returns the exit status that the report asks for.
fn judge(report: &Report, plan: &CheckPlan) -> Exit {
    let empty = report.summary.documents == 0 && !plan.allow_empty;
    if empty || !report.errors.is_empty() {
        return Exit::Trouble;
    }
    let fails = |severity| plan.fail_on.is_some_and(|level| severity >= level);
    if report.findings.iter().any(|finding| fails(finding.severity)) { Exit::Findings } else { Exit::Clean }
}

fn default_format() -> Format {
    let name = if io::stdout().is_terminal() { "full" } else { "concise" };
    findings_format(name).unwrap_or_else(|| copydesk::report::findings::FINDINGS[0])
}
