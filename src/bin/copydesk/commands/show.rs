//! `copydesk show`.

use std::io;

use copydesk::document::Document;
use copydesk::error::ReadError;
use copydesk::read::input::{Refusal, open};
use copydesk::read::pieces::{Pieces, Task};
use copydesk::read::walk::find;
use copydesk::read::{Piece, ReadOptions, Reader, Sink};
use copydesk::report::documents::{DOCUMENTS, DocumentsReport, documents_format};

use super::{Talk, config};
use crate::args::{InputPlan, ShowArgs};
use crate::exit::Exit;
use crate::output::{stdout_layout, to_stdout};
use crate::stderr;

/// So many faults of one input are told, as in a check; the others are counted.
const FAULTS_TOLD: usize = 20;

/// Prints how documents are read, each as soon as it is.
///
/// # Errors
///
/// One line about a flag that is wrong; then nothing was read.
pub fn run(args: &ShowArgs, talk: Talk) -> Result<Exit, String> {
    let config = config::load(&args.config, &args.input)?;
    let plan = args.input.resolve_over(config.as_ref())?;
    let layout = stdout_layout(talk.quiet);
    let format = documents_format(&args.format).unwrap_or(DOCUMENTS[0]);
    let (mut errors, mut none) = (Vec::new(), false);
    let written = to_stdout(|out| {
        let mut report = format.start(&layout, out);
        (errors, none) = read(plan, &mut *report)?;
        report.finish(&errors)
    });
    stderr::read_errors(&errors);
    if none && errors.is_empty() {
        return Err("no document was read".to_owned());
    }
    Ok(if errors.is_empty() { Exit::of(written) } else { Exit::Trouble })
}

/// Reads all inputs in order and gives their documents to `report`; returns what could not be read, and whether
/// there was no document.
fn read(plan: InputPlan, report: &mut dyn DocumentsReport) -> io::Result<(Vec<ReadError>, bool)> {
    let found = find(&plan.paths, &plan.walk);
    if found.inputs.is_empty() {
        stderr::excluded(&found);
    }
    let options = |path: &str| ReadOptions { places: true, ..plan.read_for(path) };
    let mut shown =
        Shown { report, errors: found.faults, none: true, faults: 0, written: Ok(()), refused: None };
    let mut pieces = Pieces::new(&found.inputs, plan.limits);
    let mut buffer = Vec::new();
    while let Some(work) = pieces.next() {
        match work.task {
            Task::Files(range) => {
                for input in &found.inputs[range] {
                    match open(input, plan.limits, &mut buffer) {
                        Ok(opened) => {
                            shown.read(opened.reader, &input.whole(&buffer), &options(&input.path));
                            opened.damage.into_iter().for_each(|damage| shown.fault(damage));
                        }
                        Err(refusal) => shown.refuse(refusal),
                    }
                }
            }
            Task::Lines(chunk) => {
                let input = &found.inputs[chunk.input];
                shown.read(chunk.reader, &chunk.piece(input), &options(&input.path));
                pieces.recycle(chunk);
            }
            Task::Refused(_, refusal) => shown.refuse(refusal),
        }
        if shown.written.is_err() {
            break;
        }
    }
    shown.count_untold();
    let (errors, none) = (shown.errors, shown.none);
    shown.written.map(|()| (errors, none))
}

/// What the documents of a run are given to.
struct Shown<'a> {
    report: &'a mut dyn DocumentsReport,
    errors: Vec<ReadError>,
    /// Whether there was no document so far.
    none: bool,
    /// How many faults the input of the last one has had so far.
    faults: usize,
    /// The first failure to write; nothing is written behind it.
    written: io::Result<()>,
    /// Why the piece being read is no document.
    refused: Option<&'static str>,
}

impl Shown<'_> {
    fn read(&mut self, reader: &dyn Reader, piece: &Piece<'_>, options: &ReadOptions) {
        reader.read(piece, options, self);
        // What a walk met and is no document is passed over, as a check does.
        if let Some(why) = self.refused.take().filter(|_| piece.named) {
            self.fault(ReadError::new(piece.path, why));
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::Skip(_) => {}
            Refusal::Fault(fault) => self.fault(fault),
        }
    }

    /// Tells how many faults of the last input were not told, and begins to count anew.
    fn count_untold(&mut self) {
        let untold = std::mem::take(&mut self.faults).saturating_sub(FAULTS_TOLD);
        if let Some(last) = self.errors.last().filter(|_| untold > 0) {
            let more = ReadError::new(&last.path, format!("{untold} more faults like these"));
            self.errors.push(more);
        }
    }
}

impl Sink for Shown<'_> {
    fn document(&mut self, document: &mut Document) {
        self.none = false;
        if self.written.is_ok() {
            self.written = self.report.document(document);
        }
    }

    fn fault(&mut self, fault: ReadError) {
        if self.errors.last().is_none_or(|last| last.path != fault.path) {
            self.count_untold();
        }
        self.faults += 1;
        if self.faults <= FAULTS_TOLD {
            self.errors.push(fault);
        }
    }

    fn not_a_document(&mut self, why: &'static str) {
        self.refused = Some(why);
    }
}
