//! `copydesk history`: its flags, reading on one thread and telling words apart on another, and how the run
//! ends.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueEnum};
use copydesk::diff::Significance;
use copydesk::document::{Metadata, Snapshot};
use copydesk::error::ReadError;
use copydesk::history::{Chain, History, HistoryOptions};
use copydesk::read::versions::{Order, Origin, SnapshotSink, VersionOptions, read_versions};
use copydesk::read::walk::find;
use copydesk::report::Layout;
use copydesk::report::history::{Blame, HISTORIES, HistoryReporter, HistorySettings, history_format};

use super::Talk;
use crate::args::InputArgs;
use crate::exit::Exit;
use crate::output::{file_layout, spare_inputs, stdout_layout, to_file, to_stdout, written};
use crate::stderr;
use crate::targets::keep_apart;

const EXAMPLES: &str = "\
Examples:
  copydesk history versions/                     files of one folder, by their names
  copydesk history docs/policy.md                a file of a git repository, renames followed
  copydesk history wire.jsonl --id 4711          records with an id and a version
  copydesk history dump.xml.bz2 --format json --tokens
  copydesk history docs/policy.md --blame        who wrote which paragraph
  copydesk history wire.jsonl --fail-on silent-edit

Exit status: 0, or 1 with --fail-on, 2 trouble.";

/// The flags of `history`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct HistoryArgs {
    #[command(flatten)]
    pub input: InputArgs,

    /// In which order the files of a folder are versions
    #[arg(long, value_name = "ORDER", default_value = "name", value_parser = orders(), help_heading = "Versions")]
    order: Order,
    /// Where the versions of files and folders are looked for
    #[arg(long, value_name = "WHERE", default_value = "auto", value_parser = origins(), help_heading = "Versions")]
    origin: Origin,
    /// Take all files of a folder for versions of one document
    #[arg(long, help_heading = "Versions")]
    one_document: bool,
    /// Begin with this version: its label, or a date
    #[arg(long, value_name = "VERSION", help_heading = "Versions")]
    from: Option<String>,
    /// End with this version: its label, or a date, that day included
    #[arg(long, value_name = "VERSION", help_heading = "Versions")]
    to: Option<String>,
    /// Begin with the version that was valid at this date
    #[arg(long, value_name = "DATE", help_heading = "Versions")]
    since: Option<String>,
    /// Only the document of this id or title (may be given again)
    #[arg(long = "id", value_name = "ID", help_heading = "Versions")]
    ids: Vec<String>,

    /// How the history is printed
    #[arg(long, value_name = "FORMAT", default_value = "terminal", value_parser = formats(), help_heading = "Output")]
    format: String,
    /// Also write a report to a file (may be given again)
    #[arg(short, long = "output", value_name = "FORMAT=FILE", help_heading = "Output")]
    outputs: Vec<String>,
    /// Tell the words of this version, by its number [default: the last one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Output")]
    at: Option<u32>,
    /// Tell of every word which version brought it, removed it and restored it (json)
    #[arg(long, help_heading = "Output")]
    tokens: bool,
    /// Instead of the timeline, tell which version each paragraph, or word, comes from (terminal)
    #[arg(long, value_name = "UNIT", num_args = 0..=1, require_equals = true, default_missing_value = "paragraph", help_heading = "Output")]
    blame: Option<BlameUnit>,
    /// What makes the exit status 1
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "Output")]
    fail_on: Vec<FailOn>,
}

/// How fine blame is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BlameUnit {
    /// Paragraphs
    Paragraph,
    /// Runs of words
    Word,
}

/// What makes the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A text that changed in substance, and neither its date nor a note says so
    SilentEdit,
    /// A change in substance
    Substantive,
}

type Format = &'static dyn HistoryReporter;

/// Tells what became of documents from version to version.
///
/// # Errors
///
/// One line about a flag that is wrong; then nothing was read.
pub fn run(args: &HistoryArgs, talk: Talk) -> Result<Exit, String> {
    let format = history_format(&args.format).unwrap_or(HISTORIES[0]);
    let mut plan = args.input.resolve()?;
    let settings = |layout: Layout| HistorySettings {
        layout,
        tokens: args.tokens,
        blame: args.blame(),
        whole: talk.verbose,
    };
    let mut files = Vec::new();
    for output in &args.outputs {
        files.push(Output::new(output, settings(file_layout()))?);
    }
    keep_apart(files.iter().map(|file| &*file.path))?;
    plan.walk.written = written(files.iter().map(|file| &*file.path));
    if !files.is_empty() {
        let inputs = find(&plan.paths, &plan.walk).inputs;
        spare_inputs(files.iter().map(|file| &*file.path), &inputs, plan.limits, &plan.read)?;
    }
    let stdout = settings(stdout_layout(talk.quiet));
    let mut options = HistoryOptions { at: args.at, ..HistoryOptions::default() };
    format.needs(&stdout, &mut options);
    files.iter().for_each(|file| file.format.needs(&file.settings, &mut options));
    let wanted = VersionOptions {
        order: args.order,
        origin: args.origin,
        one_document: args.one_document,
        from: args.from.clone(),
        to: args.to.clone(),
        since: args.since.clone(),
        ids: args.ids.clone(),
        walk: plan.walk,
        limits: plan.limits,
        read: plan.read,
    };
    let paths = plan.paths;
    let mut told = Told { documents: 0, failed: false, troubles: 0, fail_on: &args.fail_on };
    let mut done = to_stdout(|out| {
        format.begin(&stdout, out)?;
        for file in &mut files {
            file.format.begin(&file.settings, &mut file.held)?;
        }
        let (sender, receiver) = sync_channel(QUEUE);
        let reading = thread::spawn(move || read_versions(&paths, &wanted, &mut Sent { sender }));
        // Where nothing more can be written, as into a pipe that was closed, nobody waits for the reading.
        let mut closed = None;
        told.receive(receiver, &options, &mut |history, index| {
            if closed.is_none() {
                let done = format.document(history, index, &stdout, out).and_then(|()| out.flush());
                closed = done.err();
            }
            if let Some(error) = closed.take_if(|_| files.is_empty()) {
                return Err(error);
            }
            for file in &mut files {
                file.format.document(history, index, &file.settings, &mut file.held)?;
            }
            Ok(())
        })?;
        if let Err(panic) = reading.join() {
            std::panic::resume_unwind(panic);
        }
        if let Some(error) = closed {
            return Err(error);
        }
        format.end(told.documents, &stdout, out)
    });
    for mut file in files {
        let path = file.path.clone();
        let result = file
            .format
            .end(told.documents, &file.settings, &mut file.held)
            .and_then(|()| to_file(&path, |out| file.copy(out)));
        if let Err(error) = result {
            stderr::error(&format!("cannot write {}: {error}", path.display()));
            done = false;
        }
    }
    if told.documents == 0 && told.troubles == 0 {
        stderr::error(
            "no versions found: name a folder of versions, records with a version, a file of a git repository, or a dump",
        );
        told.troubles += 1;
    }
    Ok(if !done || told.troubles > 0 {
        Exit::Trouble
    } else if told.failed {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// So many versions wait between reading and telling words apart.
const QUEUE: usize = 16;

/// What the reading thread says.
enum Message {
    Begin(String),
    Snapshot(Box<Snapshot>),
    End,
    Fault(ReadError),
    Warning(ReadError),
}

/// Sends on what is read. Where nobody listens any more, a report could not be written, and the run ends.
struct Sent {
    sender: SyncSender<Message>,
}

impl SnapshotSink for Sent {
    fn begin(&mut self, id: &str, _: &Metadata) {
        let _ = self.sender.send(Message::Begin(id.to_owned()));
    }

    fn snapshot(&mut self, snapshot: &mut Snapshot) {
        let _ = self.sender.send(Message::Snapshot(Box::new(std::mem::take(snapshot))));
    }

    fn end(&mut self) {
        let _ = self.sender.send(Message::End);
    }

    fn fault(&mut self, fault: ReadError) {
        let _ = self.sender.send(Message::Fault(fault));
    }

    fn warning(&mut self, warning: ReadError) {
        let _ = self.sender.send(Message::Warning(warning));
    }
}

/// What is known of the run.
struct Told<'a> {
    documents: usize,
    /// Whether there is something of `fail_on`.
    failed: bool,
    /// How much could not be done.
    troubles: usize,
    fail_on: &'a [FailOn],
}

impl Told<'_> {
    /// Makes histories of what is read, and hands each to `write` with its index.
    fn receive(
        &mut self,
        receiver: Receiver<Message>,
        options: &HistoryOptions,
        write: &mut dyn FnMut(&History, usize) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut chain: Option<Chain> = None;
        for message in receiver {
            match message {
                Message::Begin(id) => chain = Some(Chain::new(&id, options)),
                Message::Snapshot(mut snapshot) => {
                    if let Some(chain) = &mut chain {
                        chain.push(&mut snapshot);
                    }
                }
                Message::End => {
                    if let Some(chain) = chain.take() {
                        let history = chain.finish();
                        self.look_at(&history, options.at);
                        self.documents += 1;
                        write(&history, self.documents - 1)?;
                    }
                }
                Message::Fault(fault) => {
                    stderr::error(&fault.to_string());
                    self.troubles += 1;
                }
                Message::Warning(warning) => stderr::warning(&warning.to_string()),
            }
        }
        Ok(())
    }

    /// Notes what of a history makes the run fail.
    fn look_at(&mut self, history: &History, at: Option<u32>) {
        self.failed |= history.versions.iter().any(|version| {
            self.fail_on.iter().any(|what| match what {
                FailOn::SilentEdit => version.silent,
                FailOn::Substantive => version.significance == Significance::Substantive,
            })
        });
        if let Some(at) = at.filter(|&at| at != history.at) {
            let count = history.versions.len();
            let why = if at as usize > count {
                format!("has {count} version{}", if count == 1 { "" } else { "s" })
            } else {
                "has no text there".to_owned()
            };
            stderr::error(&format!("--at {at}: `{}` {why}; version {} is told", history.id, history.at));
            self.troubles += 1;
        }
    }
}

/// A report that goes to a file, held back until it is whole.
struct Output {
    format: Format,
    path: PathBuf,
    settings: HistorySettings,
    held: BufWriter<File>,
}

impl Output {
    /// Takes `html=history.html` apart.
    fn new(text: &str, settings: HistorySettings) -> Result<Self, String> {
        let Some((name, path)) = text.split_once('=').filter(|(_, path)| !path.is_empty() && *path != "-")
        else {
            return Err(format!("--output: `{text}` is not FORMAT=FILE, such as json=history.json"));
        };
        let names = || HISTORIES.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
        let format = history_format(name)
            .ok_or_else(|| format!("--output: no format is called `{name}`; there are {}", names()))?;
        let held = tempfile::tempfile().map_err(|error| format!("--output: no temporary file: {error}"))?;
        Ok(Self { format, path: PathBuf::from(path), settings, held: BufWriter::new(held) })
    }

    /// Writes what was held back.
    fn copy(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.held.flush()?;
        let file = self.held.get_mut();
        file.rewind()?;
        io::copy(file, out).map(drop)
    }
}

impl HistoryArgs {
    const fn blame(&self) -> Blame {
        match self.blame {
            None => Blame::None,
            Some(BlameUnit::Paragraph) => Blame::Paragraph,
            Some(BlameUnit::Word) => Blame::Word,
        }
    }
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        HISTORIES.iter().map(|format| PossibleValue::new(format.name()).help(format.summary())),
    )
}

fn orders() -> impl clap::builder::TypedValueParser<Value = Order> {
    PossibleValuesParser::new(Order::ALL.map(Order::name))
        .map(|name| Order::ALL.into_iter().find(|order| order.name() == name).unwrap_or_default())
}

fn origins() -> impl clap::builder::TypedValueParser<Value = Origin> {
    PossibleValuesParser::new(Origin::ALL.map(Origin::name))
        .map(|name| Origin::ALL.into_iter().find(|origin| origin.name() == name).unwrap_or_default())
}
