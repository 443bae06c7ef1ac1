//! `copydesk diff`: its flags, which two documents are meant, and how the run ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueEnum};
use copydesk::diff::{DiffOptions, Granularity, Revision, Significance, diff};
use copydesk::document::Document;
use copydesk::error::ReadError;
use copydesk::read::compress::Compression;
use copydesk::read::input::{Input, Limits, Refusal, open};
use copydesk::read::pieces::{Pieces, Task};
use copydesk::read::walk::find;
use copydesk::read::{READERS, ReadOptions, Sink};
use copydesk::report::revision::{REVISIONS, RevisionReporter, RevisionSettings, Told, revision_format};
use tempfile::TempDir;

use super::Talk;
use super::config::current_folder;
use super::mending::path_from;
use crate::args::{BodyFormat, InputArgs, InputPlan, PageArgs};
use crate::exit::Exit;
use crate::output::{spare_inputs, stdout_layout, to_file, to_stdout};
use crate::stderr;
use crate::targets::keep_apart;

const EXAMPLES: &str = "\
Examples:
  copydesk diff yesterday.txt today.txt
  copydesk diff HEAD~3:docs/policy.md docs/policy.md   as it was in git
  copydesk diff wire.jsonl#4711 wire.jsonl#4712        two records of a file
  copydesk diff a.html b.md -o html=changes.html       a page to send as well
  copydesk diff a.txt b.txt --format unified | git apply
  copydesk diff a.txt b.txt --fail-on substantive      exit 1 on facts only

Exit status: 0 nothing to report, 1 differences, 2 trouble.";

/// The flags of `diff`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// The version before: a file, FILE.jsonl#ID, REV:PATH (or REV:FILE.jsonl#ID) of a git repository, or - for standard input
    #[arg(value_name = "OLD")]
    old: String,
    /// The version after
    #[arg(value_name = "NEW")]
    new: String,

    /// How the changes are printed
    #[arg(long, value_name = "FORMAT", default_value = "terminal", value_parser = formats(), help_heading = "Output")]
    format: String,
    /// Also write a report to a file (may be given again)
    #[arg(short, long = "output", value_name = "FORMAT=FILE", help_heading = "Output")]
    outputs: Vec<String>,
    /// How many unchanged paragraphs (lines, in a patch) to show around a change [default: 1; a patch: 3]
    #[arg(long, value_name = "N", help_heading = "Output")]
    context: Option<usize>,
    /// Show and count changes of this level as if there were none (json tells all, with their levels)
    #[arg(long, value_name = "LEVEL", help_heading = "Output")]
    ignore: Option<Ignore>,
    /// The least level of change that makes the exit status 1 [default: any change]
    #[arg(long, value_name = "LEVEL", help_heading = "Output")]
    fail_on: Option<Level>,

    /// How fine the changes within a paragraph are told
    #[arg(long, value_name = "UNIT", default_value = "word", value_parser = granularities(), help_heading = "Comparison")]
    granularity: Granularity,

    /// Read both inputs as this format
    #[arg(long, value_name = "FORMAT", value_parser = readers(), help_heading = "Input")]
    input_format: Option<String>,
    /// What standard input is called; its extension tells the format
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    stdin_filename: Option<String>,
    /// Decode with this encoding instead of the one that is found
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    encoding: Option<String>,
    /// Which field of a record means what, such as text=story (may be given again)
    #[arg(long = "field", value_name = "MEANING=NAME", help_heading = "Input")]
    fields: Vec<String>,
    /// What the bodies of records are [default: text, or HTML where the field's name says so]
    #[arg(long, value_name = "FORMAT", help_heading = "Input")]
    body_format: Option<BodyFormat>,
}

/// What can be ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Ignore {
    /// White space, punctuation, typography, case
    Cosmetic,
}

/// A level of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Level {
    /// White space, punctuation, typography, case
    Cosmetic,
    /// Other words for the same facts
    Wording,
    /// A number, name, date, quotation, negation, attribution, headline or link (not where links of HTML lead)
    Substantive,
}

impl Level {
    const fn significance(self) -> Significance {
        match self {
            Self::Cosmetic => Significance::Cosmetic,
            Self::Wording => Significance::Wording,
            Self::Substantive => Significance::Substantive,
        }
    }
}

type Format = &'static dyn RevisionReporter;

/// Prints what changed between two documents.
///
/// # Errors
///
/// One line about a flag or an input that is wrong; then nothing was written.
pub fn run(args: &DiffArgs, talk: Talk) -> Result<Exit, String> {
    let format = revision_format(&args.format).unwrap_or(REVISIONS[0]);
    let mut outputs: Vec<(Format, PathBuf)> = Vec::new();
    for output in &args.outputs {
        outputs.push(output_file(output)?);
    }
    if args.old == "-" && args.new == "-" {
        return Err("standard input can be one of the two versions, not both".to_owned());
    }
    let (old, new) = (args.load(&args.old)?, args.load(&args.new)?);
    let input = |file: &PathBuf| Input::file(Arc::from(file.to_string_lossy()), file.clone(), true);
    let inputs: Vec<Input> = old.file.iter().chain(&new.file).map(input).collect();
    let targets = || outputs.iter().map(|(_, path)| &**path);
    keep_apart(targets())?;
    spare_inputs(targets(), &inputs, Limits::default(), &ReadOptions::default())?;
    if !talk.quiet {
        old.note.iter().chain(&new.note).for_each(|note| stderr::note(note));
    }
    let patched = format.needs_stored_text() || outputs.iter().any(|(format, _)| format.needs_stored_text());
    let stored = if patched {
        let whole = args.ignore.is_some();
        Some(Arc::new((old.stored_lines(whole)?, new.stored_lines(whole)?)))
    } else {
        None
    };
    let file = patched.then(|| old.patched_path());
    let options = DiffOptions { granularity: args.granularity, ..DiffOptions::default() };
    let revision = diff(&old.document, &new.document, &options);
    if revision.degraded && !talk.quiet {
        stderr::note("the texts are too large to be compared word by word throughout");
    }
    let told = Told { revision: &revision, old: &old.document, new: &new.document };
    let ignore = if args.ignore.is_some() { Significance::Cosmetic } else { Significance::None };
    let settings = |format: Format, layout| RevisionSettings {
        layout,
        context: args.context.unwrap_or(if format.needs_stored_text() { 3 } else { 1 }),
        ignore,
        file: file.clone(),
        stored: stored.clone(),
    };
    let stdout = settings(format, stdout_layout(talk.quiet));
    let mut written = to_stdout(|out| format.write(&told, &stdout, out));
    for (format, path) in outputs {
        let settings = settings(format, copydesk::report::Layout::default());
        if let Err(error) = to_file(&path, |out| format.write(&told, &settings, out)) {
            stderr::error(&format!("cannot write {}: {error}", path.display()));
            written = false;
        }
    }
    let least = args.fail_on.map_or(Significance::Cosmetic, Level::significance);
    Ok(if !written {
        Exit::Trouble
    } else if greatest(&revision) >= least && greatest(&revision) > ignore {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// The greatest significance of what differs; whatever differs counts as cosmetic at least.
fn greatest(revision: &Revision) -> Significance {
    let least = if revision.is_empty() { Significance::None } else { Significance::Cosmetic };
    revision.significance().max(least)
}

/// `html=changes.html`, taken apart.
fn output_file(text: &str) -> Result<(Format, PathBuf), String> {
    let Some((name, path)) = text.split_once('=').filter(|(_, path)| !path.is_empty() && *path != "-") else {
        return Err(format!("--output: `{text}` is not FORMAT=FILE, such as html=changes.html"));
    };
    let names = || REVISIONS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    let format = revision_format(name)
        .ok_or_else(|| format!("--output: no format is called `{name}`; there are {}", names()))?;
    Ok((format, PathBuf::from(path)))
}

/// One version, read.
struct Loaded {
    document: Document,
    /// What the user should know of it.
    note: Option<String>,
    /// What it is called on the command line.
    name: String,
    /// Where its bytes can be read again; `None` for standard input and for records.
    stored: Option<PathBuf>,
    /// The file it was read from, where that is no copy of ours.
    file: Option<PathBuf>,
    /// The path behind the commit, where it is a version of a git repository.
    path_in_git: Option<String>,
    /// Holds the file that a version of a git repository was written to.
    _folder: Option<TempDir>,
}

impl Loaded {
    /// Returns the path of the file that a patch changes, from the current folder where that is above it.
    fn patched_path(&self) -> String {
        let path = match &self.path_in_git {
            // git names a file from the root of the repository, unless it is told otherwise.
            Some(path) if !path.starts_with("./") && !path.starts_with("../") => {
                let inside = git_output(&["rev-parse", "--show-prefix"]).unwrap_or_default();
                return path.strip_prefix(inside.trim_end_matches('\n')).unwrap_or(path).to_owned();
            }
            Some(path) => path,
            None => &self.name,
        };
        let here = current_folder().ok();
        here.and_then(|here| path_from(&here, path)).unwrap_or_else(|| path.clone())
    }

    /// Returns the stored bytes, of which a patch is made; `whole` says that they have to be the text.
    fn stored_lines(&self, whole: bool) -> Result<Vec<u8>, String> {
        let name = &self.name;
        let Some(path) = &self.stored else {
            let what =
                if name == "-" { "standard input is no stored file" } else { "is a record within a file" };
            return Err(format!("{name}: {what}, and a patch changes whole files: choose another --format"));
        };
        let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
        let none =
            |why: &str| Err(format!("{name}: {why}, and a patch is made of lines: choose another --format"));
        if let Some(compression) = Compression::of(&bytes) {
            return none(&format!("is compressed with {}", compression.name()));
        }
        if bytes.contains(&0) {
            return none("holds NUL bytes, as UTF-16 does");
        }
        if whole && bytes != self.document.text.as_bytes() {
            return Err(format!(
                "{name}: is stored in other bytes than the text that is compared, so a patch cannot leave out what \
                 --ignore names: choose another --format"
            ));
        }
        Ok(bytes)
    }
}

impl DiffArgs {
    /// Reads the version that `name` names.
    fn load(&self, name: &str) -> Result<Loaded, String> {
        if name == "-" || Path::new(name).exists() {
            let file = (name != "-").then(|| PathBuf::from(name));
            let (document, note) = self.read(Path::new(name), name, None)?;
            return Ok(Loaded {
                document,
                note,
                name: name.to_owned(),
                stored: file.clone(),
                file,
                path_in_git: None,
                _folder: None,
            });
        }
        if let Some((path, id)) = records_of(name).find(|(path, _)| Path::new(path).is_file()) {
            let (document, note) = self.read(Path::new(path), path, Some(id))?;
            return Ok(Loaded {
                document,
                note,
                name: name.to_owned(),
                stored: None,
                file: Some(PathBuf::from(path)),
                path_in_git: None,
                _folder: None,
            });
        }
        match name.split_once(':') {
            Some((revision, _)) if !revision.is_empty() && !revision.starts_with('-') => {
                self.load_from_git(name)
            }
            _ => Err(format!("{}: no such file", records_of(name).next().map_or(name, |(path, _)| path))),
        }
    }

    /// Reads a file of the git repository around the current folder, as a commit has it, or a record of one.
    fn load_from_git(&self, name: &str) -> Result<Loaded, String> {
        let found = blob(name)?.map(|bytes| (bytes, name, None)).or_else(|why| {
            let found =
                records_of(name).find_map(|(file, id)| Some((blob(file).ok()?.ok()?, file, Some(id))));
            // "gone.jsonl#https://…" is no revision of git.
            let record = records_of(name).next().filter(|(file, _)| !file.contains(':'));
            found.ok_or_else(|| match record {
                Some((file, _)) => format!("{file}: no such file"),
                None => format!("{name}: {why}"),
            })
        });
        let (bytes, file, id) = found?;
        let path = file.split_once(':').map_or(file, |(_, path)| path);
        let folder = TempDir::new().map_err(|error| format!("{name}: {error}"))?;
        let copy = folder.path().join(Path::new(path).file_name().unwrap_or("text".as_ref()));
        fs::write(&copy, bytes).map_err(|error| format!("{name}: {error}"))?;
        let (mut document, note) = self.read(&copy, file, id)?;
        document.origin.path = Arc::from(file);
        Ok(Loaded {
            document,
            note,
            name: name.to_owned(),
            stored: id.is_none().then_some(copy),
            file: None,
            path_in_git: Some(path.to_owned()),
            _folder: Some(folder),
        })
    }

    /// Reads the one document of a file that the user calls `name`, or the one with this id (or record number);
    /// of records with one id the last, which the others became.
    fn read(&self, path: &Path, name: &str, id: Option<&str>) -> Result<(Document, Option<String>), String> {
        let input = InputArgs {
            paths: vec![path.to_owned()],
            exclude: Vec::new(),
            hidden: true,
            no_ignore: true,
            input_format: self.input_format.clone(),
            stdin_filename: self.stdin_filename.clone(),
            encoding: self.encoding.clone(),
            fields: self.fields.clone(),
            body_format: self.body_format,
            max_size: None,
            page: PageArgs::default(),
        };
        let plan = input.resolve()?;
        if path.is_dir() {
            return Err(format!("{name}: is a folder; `diff` compares two documents"));
        }
        let mut picked = Picked { id, ..Picked::default() };
        read_all(plan, &mut picked);
        if let Some(mut wrong) = picked.wrong {
            wrong.path = Arc::from(name);
            return Err(wrong.to_string());
        }
        if let Some(id) = id {
            let document = picked.called.or(picked.numbered);
            let Some(document) = document else { return Err(format!("{name}: no record is called `{id}`")) };
            if picked.all > 1 {
                let note = called_alike(name, id, picked.all, document.origin.record);
                return Ok((document, Some(note)));
            }
            return Ok((document, None));
        }
        match picked.called {
            None => Err(format!("{name}: holds no document")),
            Some(_) if picked.all > 1 => {
                Err(format!("{name}: holds {} documents; name one with {name}#ID", picked.all))
            }
            Some(document) => Ok((document, None)),
        }
    }
}

/// Every way to take `name` for FILE#ID: both may have a `#`.
fn records_of(name: &str) -> impl Iterator<Item = (&str, &str)> {
    name.match_indices('#').map(|(at, _)| (&name[..at], &name[at + 1..])).filter(|(path, _)| !path.is_empty())
}

/// What git prints, run in the current folder; `None` where it fails.
fn git_output(arguments: &[&str]) -> Option<String> {
    let done = Command::new("git").args(arguments).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

/// What git has under `name`, REV:PATH; or why it has nothing.
fn blob(name: &str) -> Result<Result<Vec<u8>, String>, String> {
    let done = Command::new("git")
        .args(["cat-file", "blob", name])
        .output()
        .map_err(|error| format!("{name}: cannot run git: {error}"))?;
    if done.status.success() {
        return Ok(Ok(done.stdout));
    }
    let why = String::from_utf8_lossy(&done.stderr);
    Ok(Err(why.trim().trim_start_matches("fatal: ").to_owned()))
}

/// Says which of several records of one id was taken.
fn called_alike(name: &str, id: &str, all: usize, record: Option<u32>) -> String {
    let taken = record.map_or_else(|| "the last".to_owned(), |record| format!("the last, {name}#{record}"));
    format!("{name}: {all} records are called `{id}`; {taken}, is compared (their numbers name the others)")
}

/// Gives all documents of the plan's inputs to `picked`.
fn read_all(plan: InputPlan, picked: &mut Picked<'_>) {
    let found = find(&plan.paths, &plan.walk);
    picked.wrong = found.faults.into_iter().next();
    let mut pieces = Pieces::new(&found.inputs, plan.limits);
    let mut buffer = Vec::new();
    while let Some(work) = pieces.next() {
        match work.task {
            Task::Files(range) => {
                for input in &found.inputs[range] {
                    match open(input, plan.limits, &mut buffer) {
                        Ok(opened) => {
                            opened.reader.read(&input.whole(&buffer), &plan.read, picked);
                            opened.damage.into_iter().for_each(|damage| picked.fault(damage));
                        }
                        Err(refusal) => picked.refuse(refusal),
                    }
                }
            }
            Task::Lines(chunk) => {
                chunk.reader.read(&chunk.piece(&found.inputs[chunk.input]), &plan.read, picked);
                pieces.recycle(chunk);
            }
            Task::Refused(_, refusal) => picked.refuse(refusal),
        }
    }
}

/// Keeps the document that is meant.
#[derive(Default)]
struct Picked<'a> {
    id: Option<&'a str>,
    /// The last that has the id, or the first of all where none is asked for.
    called: Option<Document>,
    /// The one whose record has that number.
    numbered: Option<Document>,
    /// How many have the id.
    all: usize,
    wrong: Option<ReadError>,
}

impl Picked<'_> {
    fn refuse(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::Skip(why) => self.not_a_document(why),
            Refusal::Fault(fault) => self.fault(fault),
        }
    }
}

impl Sink for Picked<'_> {
    fn document(&mut self, document: &mut Document) {
        let Some(id) = self.id else {
            self.all += 1;
            if self.called.is_none() {
                self.called = Some(std::mem::take(document));
            }
            return;
        };
        if document.meta.id.as_deref() == Some(id) {
            self.all += 1;
            self.called = Some(std::mem::take(document));
        } else if document.origin.record.is_some_and(|record| record.to_string() == id) {
            self.numbered = Some(std::mem::take(document));
        }
    }

    fn fault(&mut self, fault: ReadError) {
        // Another record's damage is nothing to the one that is meant.
        if self.id.is_none() {
            self.wrong.get_or_insert(fault);
        }
    }

    fn not_a_document(&mut self, why: &'static str) {
        self.wrong.get_or_insert_with(|| ReadError::new(&Arc::from(""), why));
    }
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        REVISIONS.iter().map(|format| PossibleValue::new(format.name()).help(format.summary())),
    )
}

fn readers() -> PossibleValuesParser {
    PossibleValuesParser::new(
        READERS.iter().map(|reader| PossibleValue::new(reader.name()).help(reader.summary())),
    )
}

fn granularities() -> impl clap::builder::TypedValueParser<Value = Granularity> {
    PossibleValuesParser::new(Granularity::ALL.map(Granularity::name))
        .map(|name| Granularity::ALL.into_iter().find(|unit| unit.name() == name).unwrap_or_default())
}
