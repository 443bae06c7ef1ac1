//! `copydesk show`.

use std::io;

use copydesk::document::Document;
use copydesk::error::ReadError;
use copydesk::read::input::{Refusal, open};
use copydesk::read::pieces::{Pieces, Task};
use copydesk::read::walk::find;
use copydesk::read::{Piece, ReadOptions, Reader, Sink};
use copydesk::report::documents::{DOCUMENTS, DocumentsReport, documents_format};

use super::Talk;
use crate::args::{InputPlan, ShowArgs};
use crate::exit::Exit;
use crate::output::{stdout_layout, to_stdout};
use crate::stderr;

/// Prints how documents are read, each as soon as it is.
///
/// # Errors
///
/// One line about a flag that is wrong; then nothing was read.
pub fn run(args: &ShowArgs, talk: Talk) -> Result<Exit, String> {
    let plan = args.input.resolve()?;
    let layout = stdout_layout(talk.quiet);
    let format = documents_format(&args.format).unwrap_or(DOCUMENTS[0]);
    let mut errors = Vec::new();
    let written = to_stdout(|out| {
        let mut report = format.start(&layout, out);
        errors = read(plan, &mut *report)?;
        report.finish(&errors)
    });
    stderr::read_errors(&errors, talk.verbose);
    Ok(if errors.is_empty() { Exit::of(written) } else { Exit::Trouble })
}

/// Reads all inputs in order and gives their documents to `report`; returns what could not be read.
fn read(plan: InputPlan, report: &mut dyn DocumentsReport) -> io::Result<Vec<ReadError>> {
    let found = find(&plan.paths, &plan.walk);
    let options = ReadOptions { places: true, ..plan.read };
    let mut shown = Shown { report, errors: found.faults, written: Ok(()), refused: None };
    let mut pieces = Pieces::new(&found.inputs, plan.limits);
    let mut buffer = Vec::new();
    while let Some(work) = pieces.next() {
        match work.task {
            Task::Files(range) => {
                for input in &found.inputs[range] {
                    match open(input, plan.limits, &mut buffer) {
                        Ok(opened) => {
                            shown.read(opened.reader, &input.whole(&buffer), &options);
                            shown.errors.extend(opened.damage);
                        }
                        Err(refusal) => shown.refuse(refusal),
                    }
                }
            }
            Task::Lines(chunk) => {
                shown.read(chunk.reader, &chunk.piece(&found.inputs[chunk.input]), &options);
                pieces.recycle(chunk);
            }
            Task::Refused(_, refusal) => shown.refuse(refusal),
        }
        if shown.written.is_err() {
            break;
        }
    }
    shown.written.map(|()| shown.errors)
}

/// What the documents of a run are given to.
struct Shown<'a> {
    report: &'a mut dyn DocumentsReport,
    errors: Vec<ReadError>,
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
            self.errors.push(ReadError::new(piece.path, why));
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::Skip(_) => {}
            Refusal::Fault(fault) => self.errors.push(fault),
        }
    }
}

impl Sink for Shown<'_> {
    fn document(&mut self, document: &mut Document) {
        if self.written.is_ok() {
            self.written = self.report.document(document);
        }
    }

    fn fault(&mut self, fault: ReadError) {
        self.errors.push(fault);
    }

    fn not_a_document(&mut self, why: &'static str) {
        self.refused = Some(why);
    }
}
