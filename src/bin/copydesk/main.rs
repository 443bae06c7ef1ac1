//! The command line of copydesk: reads flags, runs one command, tells the exit status.

mod args;
mod commands;
mod exit;
mod lsp;
mod output;
mod progress;
mod since;
mod stderr;
mod targets;

use std::process::ExitCode;

use clap::Parser;

use crate::args::LowArgs;

fn main() -> ExitCode {
    let args = LowArgs::parse();
    args.color.write_global();
    commands::run(&args).into()
}
