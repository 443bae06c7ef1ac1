//! What does each command do? One file a command.

mod allow;
mod baseline;
mod check;
mod completions;
mod config;
mod dedupe;
pub mod diff;
mod explain;
pub mod history;
mod index;
mod init;
mod man;
mod mending;
mod pairs;
mod reading;
mod rules;
mod show;
mod watch;

use crate::args::{Command, LowArgs};
use crate::exit::Exit;
use crate::stderr;

/// How much a run says beside its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Talk {
    /// Findings and errors only.
    pub quiet: bool,
    /// More than usual.
    pub verbose: bool,
}

/// Runs the command and returns how it ended.
pub fn run(args: &LowArgs) -> Exit {
    let talk = Talk { quiet: args.quiet, verbose: args.verbose };
    let done = match &args.command {
        Command::Check(check) => check::run(check, talk),
        Command::Diff(diff) => diff::run(diff, talk),
        Command::History(history) => history::run(history, talk),
        Command::Show(show) => show::run(show, talk),
        Command::Dedupe(dedupe) => dedupe::run(dedupe, talk),
        Command::Pairs(pairs) => pairs::run(pairs, talk),
        Command::Index(index) => index::run(index, talk),
        Command::Watch(watch) => watch::run(watch, talk),
        Command::Init(init) => init::run(init, talk),
        Command::Config(config) => config::run(config),
        Command::Allow(allow) => allow::run(allow, talk),
        Command::Baseline(baseline) => baseline::run(baseline, talk),
        Command::Lsp(_) => Ok(crate::lsp::run()),
        Command::Rules(rules) => rules::run(rules),
        Command::Explain(explain) => explain::run(explain),
        Command::Completions(completions) => completions::run(completions),
        Command::Man(man) => man::run(man),
    };
    done.unwrap_or_else(|wrong| {
        stderr::error(&wrong);
        Exit::Trouble
    })
}
