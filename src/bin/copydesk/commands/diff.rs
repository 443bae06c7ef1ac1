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
use copydesk::read::input::{Refusal, open};
use copydesk::read::pieces::{Pieces, Task};
use copydesk::read::walk::find;
use copydesk::read::{READERS, Sink};
use copydesk::report::revision::{REVISIONS, RevisionReporter, RevisionSettings, Told, revision_format};
use tempfile::TempDir;

use super::Talk;
use crate::args::{BodyFormat, InputArgs, InputPlan, PageArgs};
use crate::exit::Exit;
use crate::output::{stdout_layout, to_file, to_stdout};
use crate::stderr;

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
    /// The version before: a file, FILE.jsonl#ID, REV:PATH of a git repository, or - for standard input
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
    if format.needs_stored_text() || outputs.iter().any(|(format, _)| format.needs_stored_text()) {
        old.is_stored_text()?;
        new.is_stored_text()?;
    }
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
        file: old.path_in_git.clone(),
        stored: None,
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
    /// Where its bytes can be read again; `None` for standard input.
    stored: Option<PathBuf>,
    /// The path behind the commit, where it is a version of a git repository.
    path_in_git: Option<String>,
    /// Holds the file that a version of a git repository was written to.
    _folder: Option<TempDir>,
}

impl Loaded {
    /// Returns whether the document's text is the stored file, byte for byte, as a patch needs it.
    fn is_stored_text(&self) -> Result<(), String> {
        let name = self.document.name();
        let stored = self.stored.as_ref().filter(|_| self.document.origin.record.is_none());
        let bytes = stored.and_then(|path| fs::read(path).ok());
        if bytes.is_some_and(|bytes| bytes == self.document.text.as_bytes()) {
            return Ok(());
        }
        Err(format!(
            "a patch needs text files stored as UTF-8, and `{name}` is none: choose another --format"
        ))
    }
}

impl DiffArgs {
    /// Reads the version that `name` names.
    fn load(&self, name: &str) -> Result<Loaded, String> {
        if name == "-" || Path::new(name).exists() {
            let stored = (name != "-").then(|| PathBuf::from(name));
            return Ok(Loaded {
                document: self.read(Path::new(name), None)?,
                stored,
                path_in_git: None,
                _folder: None,
            });
        }
        if let Some((path, id)) = name.rsplit_once('#')
            && Path::new(path).exists()
        {
            return Ok(Loaded {
                document: self.read(Path::new(path), Some(id))?,
                stored: None,
                path_in_git: None,
                _folder: None,
            });
        }
        if let Some((revision, path)) = name.split_once(':')
            && !revision.is_empty()
            && !revision.starts_with('-')
        {
            return self.load_from_git(name, path);
        }
        Err(format!("{name}: no such file"))
    }

    /// Reads a file of the git repository around the current folder, as a commit has it.
    fn load_from_git(&self, name: &str, path: &str) -> Result<Loaded, String> {
        let done = Command::new("git")
            .args(["cat-file", "blob", name])
            .output()
            .map_err(|error| format!("{name}: cannot run git: {error}"))?;
        if !done.status.success() {
            let why = String::from_utf8_lossy(&done.stderr);
            return Err(format!("{name}: {}", why.trim().trim_start_matches("fatal: ")));
        }
        let folder = TempDir::new().map_err(|error| format!("{name}: {error}"))?;
        let file = folder.path().join(Path::new(path).file_name().unwrap_or("text".as_ref()));
        fs::write(&file, &done.stdout).map_err(|error| format!("{name}: {error}"))?;
        let mut document = self.read(&file, None)?;
        document.origin.path = Arc::from(name);
        let path_in_git = Some(path.to_owned());
        Ok(Loaded { document, stored: Some(file), path_in_git, _folder: Some(folder) })
    }

    /// Reads the one document of a file, or the one with this id (or record number).
    fn read(&self, path: &Path, id: Option<&str>) -> Result<Document, String> {
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
        let name = path.display();
        if path.is_dir() {
            return Err(format!("{name}: is a folder; `diff` compares two documents"));
        }
        let mut picked = Picked { id, document: None, others: 0, wrong: None };
        read_all(plan, &mut picked);
        if let Some(wrong) = picked.wrong {
            return Err(wrong.to_string());
        }
        match (picked.document, id) {
            (None, Some(id)) => Err(format!("{name}: no record is called `{id}`")),
            (None, None) => Err(format!("{name}: holds no document")),
            (Some(_), None) if picked.others > 0 => {
                Err(format!("{name}: holds {} documents; name one with {name}#ID", picked.others + 1))
            }
            (Some(document), _) => Ok(document),
        }
    }
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
struct Picked<'a> {
    id: Option<&'a str>,
    document: Option<Document>,
    /// How many more there were that could be meant.
    others: usize,
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
        let meant = self.id.is_none_or(|id| {
            document.meta.id.as_deref() == Some(id)
                || document.origin.record.is_some_and(|record| record.to_string() == id)
        });
        if meant && self.document.is_none() {
            self.document = Some(std::mem::take(document));
        } else if meant {
            self.others += 1;
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
