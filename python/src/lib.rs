//! How does Python call copydesk?
//!
//! Through this extension module, `copydesk._core`: everything here turns Python's values into those of the
//! library, calls the same functions as the command line, and turns the answers back. What is friendly about
//! the package (which inputs are taken, defaults, documentation) is written in Python, in `python/copydesk/`.
//!
//! - [`records`]: texts and records, as the lines of a JSONL file in memory.
//! - [`revision`], [`history`], [`findings`], [`pairs`]: `diff`, `history`, `check` and `pairs`.
//! - [`batches`]: Arrow record batches in and out, for engines.
//! - [`interrupt`]: long work runs beside Python's lock, and ends when the user says so.
//! - [`command_line`]: the sources of the program itself, built in, so that `pip install` gives the same
//!   `copydesk`.

mod batches;
mod findings;
mod history;
mod interrupt;
mod pairs;
mod records;
mod revision;

/// The program's own sources: `src/bin/copydesk`. Its `main.rs` is [`run`] here.
///
/// A wheel holds an extension module or a program, not both, and a program of its own would be a second
/// build of everything. So the modules are built in. They name each other from the crate's root, where the
/// line below puts them.
#[path = "../../src/bin/copydesk"]
mod command_line {
    pub mod args;
    pub mod commands;
    pub mod exit;
    pub mod lsp;
    pub mod output;
    pub mod progress;
    pub mod since;
    pub mod stderr;
    pub mod targets;
}

use std::ffi::OsString;

use clap::Parser as _;
use pyo3::prelude::*;

use command_line::{args, commands, exit, lsp, output, progress, since, stderr, targets};

/// Runs the command line with these arguments, the program's name first, and returns its exit status.
#[pyfunction]
fn run(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| match args::LowArgs::try_parse_from(arguments) {
        Ok(args) => {
            args.color.write_global();
            commands::run(&args).code()
        }
        Err(wrong) => {
            // Help is no error, and goes to standard output; a closed pipe is no trouble.
            let _ = wrong.print();
            u8::try_from(wrong.exit_code()).unwrap_or(2)
        }
    })
}

/// The extension module.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::batches::{documents, overlaps, paragraphs, shingle_sets, shingles, units};
    #[pymodule_export]
    use super::findings::{Finding, Place, Report, check};
    #[pymodule_export]
    use super::history::{Histories, history};
    #[pymodule_export]
    use super::pairs::{PairTable, pairs};
    #[pymodule_export]
    use super::records::Records;
    #[pymodule_export]
    use super::revision::{Edit, Revision, WordEdit, diff};
    #[pymodule_export]
    use super::run;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
