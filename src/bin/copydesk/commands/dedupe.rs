//! `copydesk dedupe`.

use std::io::{self, Seek as _, Write};
use std::path::{Path, PathBuf};

use copydesk::corpus::keep::{PAIR, Removal, exact_repeats, near_repeats};
use copydesk::corpus::output::{
    OutputError, Snapshot, create_file, may_write, real_path, write_file, write_folder,
};
use copydesk::corpus::write::{Cuts, write_without};
use copydesk::corpus::{Corpus, Gathered, Keeping};
use copydesk::duplicates::near::{Near, SHINGLE_WORDS};
use copydesk::progress::{Phase, Progress as _};
use copydesk::read::input::{Input, Limits};
use copydesk::read::volume::Volume;
use copydesk::read::walk::find;
use copydesk::report::visible;
use serde_json::json;

use super::reading::Reading;
use super::{Talk, config};
use crate::args::{DedupeArgs, InputPlan, UnitFlag};
use crate::exit::Exit;
use crate::output::to_stdout;
use crate::progress::Bar;
use crate::stderr;
use crate::targets::Own;

/// Writes the corpus without its repeats, or says what would go.
///
/// # Errors
///
/// One line about a flag that is wrong or an output that could not be written; then nothing was.
pub fn run(args: &DedupeArgs, talk: Talk) -> Result<Exit, String> {
    let config = config::load(&args.config, &args.input)?;
    let plan = args.input.resolve_over(config.as_ref())?;
    if args.output.is_none() && !args.check {
        return Err("name the output with -o OUT, or say --check to write nothing".to_owned());
    }
    let found = find(&plan.paths, &plan.walk);
    let targets = [args.output.as_deref(), args.removed.as_deref()];
    let wanted = if args.check { [None, args.removed.as_deref()] } else { targets };
    let real = |target: &Option<PathBuf>| target.as_deref().map(real_path);
    if args.output.is_some() && real(&args.output) == real(&args.removed) {
        return Err("-o and --removed name the same file".to_owned());
    }
    if args.check && args.removed.as_deref().is_some_and(is_stdout) {
        return Err("--removed -: --check writes to standard output; name a file".to_owned());
    }
    let own = Own::of(config.as_ref());
    own.spare("-o", wanted[0].into_iter())?;
    own.spare("--removed", wanted[1].into_iter())?;
    for target in wanted.into_iter().flatten().filter(|target| !is_stdout(target)) {
        may_write(target, args.force, &found.inputs, &plan.paths).map_err(|error| error.to_string())?;
    }
    let shape = if args.check { None } else { Some(Shape::of(&plan, &found.inputs)?) };
    if matches!(shape, Some(Shape::Folder(_))) && args.output.as_deref().is_some_and(is_stdout) {
        return Err("-o -: a folder becomes a folder, and none can be written to standard output".to_owned());
    }

    let snapshot = Snapshot::of(&found.inputs);
    let bar = Bar::new(talk.quiet);
    let words = args.shingle.map_or(SHINGLE_WORDS, usize::from);
    let reading = Reading {
        unit: args.unit.kind(),
        keeping: match args.near {
            None => Keeping::Digests,
            Some(_) => Keeping::Shingles { words, texts_in_memory: false },
        },
        threads: args.memory.threads.map_or(0, usize::from),
        memory_limit: args.memory.memory_limit,
        instead: match args.near {
            None => "or take out the repeats of fewer files at a time",
            Some(_) => "or take out what is the same first, without --near",
        },
    };
    let gathered = reading.gather(&found, &plan, &bar)?;
    let Gathered { corpus, shingled, digests, errors, .. } = gathered;
    let nothing = |why: &str| {
        bar.finish();
        Err(format!("nothing was written: {why}"))
    };
    if !errors.is_empty() {
        return nothing("not all of the input could be read");
    }
    if corpus.documents.is_empty() {
        return nothing("no document was read");
    }
    let mut removals = match args.near {
        None => exact_repeats(&corpus, digests, args.keep.policy()),
        Some(threshold) => {
            bar.begin(Phase::Joining);
            let near = Near::new(shingled, &corpus).watched(|units| bar.advance(units, 0));
            bar.expect(corpus.units.len() as u64);
            match near_repeats(&corpus, &near, threshold, args.keep.policy(), reading.most(PAIR)) {
                Some(removals) => removals,
                None => return nothing(&reading.too_many()),
            }
        }
    };
    if let Some(error) = corpus.failure() {
        return nothing(&error.to_string());
    }
    let confirm = || snapshot.check();
    let repeats = removals.len();
    // Which paragraphs can go shows when they are cut.
    let cuts = if args.output.is_some() || args.unit == UnitFlag::Paragraph {
        let cuts = Cuts::new(&found.inputs, &corpus, &removals, &plan.read, plan.limits);
        let cuts = cuts.map_err(|errors| {
            bar.finish();
            stderr::read_errors(&errors);
            "nothing was written".to_owned()
        })?;
        removals.retain(|removal| !cuts.leaves_in(&corpus.units[removal.unit as usize]));
        Some(cuts)
    } else {
        None
    };
    if let (Some(shape), Some(target), Some(cuts)) = (shape, &args.output, cuts) {
        bar.begin(Phase::Writing);
        bar.expect(Volume::of(&found.inputs).bytes());
        let passed = |bytes| bar.advance(bytes, 0);
        let written = match shape {
            Shape::File => write_to(
                target,
                args.force,
                |out| Ok(write_without(&found.inputs, &cuts, 0, plan.limits, &passed, out)?),
                confirm,
            ),
            Shape::Folder(root) => write_folder(
                target,
                args.force,
                |new| fill_folder(new, &root, &found.inputs, &cuts, plan.limits, &passed),
                confirm,
            ),
        };
        bar.finish();
        written.map_err(|error| error.to_string())?;
    }
    bar.finish();
    if let Some(target) = &args.removed {
        write_to(target, args.force, |out| list(&removals, &corpus, &found.inputs, target, out), confirm)
            .map_err(|error| error.to_string())?;
    }
    let stay = repeats - removals.len();
    Ok(tell(&removals, stay, &corpus, &found.inputs, args, talk))
}

fn is_stdout(target: &Path) -> bool {
    target.as_os_str() == "-"
}

/// Writes to the file `target`, or to standard output where it is `-`: all of it, once it is known to be right.
fn write_to(
    target: &Path,
    force: bool,
    write: impl FnOnce(&mut dyn Write) -> Result<(), OutputError>,
    confirm: impl FnOnce() -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    if !is_stdout(target) {
        return write_file(target, force, write, confirm);
    }
    let wrong = |error: io::Error| OutputError::Io("standard output".to_owned(), error.to_string());
    let mut spool = io::BufWriter::new(tempfile::tempfile().map_err(wrong)?);
    write(&mut spool)?;
    confirm()?;
    let mut file = spool.into_inner().map_err(|error| wrong(error.into_error()))?;
    file.rewind().map_err(wrong)?;
    match io::copy(&mut file, &mut io::stdout().lock()).and_then(|_| io::stdout().flush()) {
        // Whoever reads it has enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done.map_err(wrong),
    }
}

/// What the output is.
enum Shape {
    /// One file: one input, or several whose records are lines.
    File,
    /// A folder like this one.
    Folder(PathBuf),
}

impl Shape {
    fn of(plan: &InputPlan, inputs: &[Input]) -> Result<Self, String> {
        match plan.paths.as_slice() {
            [folder] if folder.is_dir() => return Ok(Self::Folder(folder.clone())),
            [_] if inputs.len() <= 1 => return Ok(Self::File),
            _ => {}
        }
        let lines = |input: &Input| input.reader.is_some_and(|reader| reader.name() == "jsonl");
        if inputs.iter().all(lines) {
            return Ok(Self::File);
        }
        Err("several inputs become one file only when all are JSONL; name one folder instead".to_owned())
    }
}

/// Fills the folder `new` with what stays of the inputs found in `root`.
fn fill_folder(
    new: &Path,
    root: &Path,
    inputs: &[Input],
    cuts: &Cuts,
    limits: Limits,
    passed: &dyn Fn(u64),
) -> Result<(), OutputError> {
    for (index, input) in inputs.iter().enumerate() {
        let Some(location) = input.location() else { continue };
        if cuts.leaves_out(index) {
            continue;
        }
        let relative = location.strip_prefix(root).unwrap_or(location);
        let target = new.join(relative);
        if cuts.keeps_whole(index) {
            let folder = target.parent().unwrap_or(new);
            let copied = std::fs::create_dir_all(folder).and_then(|()| {
                let bytes = std::fs::copy(location, &target)?;
                std::fs::File::open(&target)?.sync_all()?;
                Ok(bytes)
            });
            passed(copied.map_err(|error| OutputError::io(&target, &error))?);
        } else {
            let one = std::slice::from_ref(input);
            create_file(&target, |out| Ok(write_without(one, cuts, index, limits, passed, out)?))?;
        }
    }
    Ok(())
}

/// Writes what goes, a line each.
fn list(
    removals: &[Removal],
    corpus: &Corpus,
    inputs: &[Input],
    target: &Path,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let place = |unit: u32| {
        let entry = corpus.units[unit as usize];
        let document = &corpus.documents[entry.document as usize];
        let paragraph = (entry.paragraph > 0).then_some(entry.paragraph);
        json!({
            "id": document.name,
            "path": inputs[document.input as usize].path.as_ref(),
            "record": document.record,
            "paragraph": paragraph,
        })
    };
    for removal in removals {
        let mut line = json!({"removed": place(removal.unit), "repeats": place(removal.of)});
        line["similarity"] = match removal.similarity {
            Some(near) => json!({"overlap": near.overlap, "union": near.union, "measure": "jaccard"}),
            None => json!({"measure": "normal-form"}),
        };
        writeln!(out, "{line}").map_err(|error| OutputError::io(target, &error))?;
    }
    Ok(())
}

/// Says what went, and how many repeats stay all the same, and returns how that ends the run.
fn tell(
    removals: &[Removal],
    stay: usize,
    corpus: &Corpus,
    inputs: &[Input],
    args: &DedupeArgs,
    talk: Talk,
) -> Exit {
    // Ids may be the same in two files: `b.jsonl:1 (w-2)`.
    let place = |unit: u32| {
        let document = &corpus.documents[corpus.units[unit as usize].document as usize];
        let (path, name) = (&*inputs[document.input as usize].path, corpus.name(unit));
        let record = document.record.map_or(String::new(), |record| format!(":{record}"));
        let place =
            if name.starts_with(path) { name.into_owned() } else { format!("{path}{record} ({name})") };
        visible::line(&place).into_owned()
    };
    let mut exit = Exit::Clean;
    let words = args.shingle.map_or(SHINGLE_WORDS, usize::from);
    if args.check {
        let written = to_stdout(|out| {
            removals.iter().try_for_each(|removal| {
                let (unit, of) = (place(removal.unit), place(removal.of));
                match removal.similarity {
                    Some(near) if near.overlap < near.union => {
                        writeln!(
                            out,
                            "{unit} nearly repeats {of} ({} of {} {words}-word runs shared)",
                            near.overlap, near.union
                        )
                    }
                    _ => writeln!(out, "{unit} repeats {of}"),
                }
            })
        });
        exit = exit.max(Exit::of(written));
        if !removals.is_empty() {
            exit = exit.max(Exit::Findings);
        }
    }
    if !talk.quiet {
        let (units, gone) = (corpus.units.len(), removals.len());
        let verb = if args.check { "would stay" } else { "kept" };
        stderr::plain(&format!(
            "{verb}: {} of {units} {}, {gone} {} left out{}",
            units - gone,
            args.unit.plural(),
            if gone == 1 { "repeat" } else { "repeats" },
            match stay {
                0 => String::new(),
                1 => "; 1 repeat stays, since it cannot be cut without a change to what stands beside it"
                    .to_owned(),
                _ => format!(
                    "; {stay} repeats stay, since they cannot be cut without a change to what stands beside them"
                ),
            }
        ));
    }
    exit
}
