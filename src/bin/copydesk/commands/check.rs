//! `copydesk check`.

use std::io::{self, IsTerminal as _};

use copydesk::check::Report;
use copydesk::report::Layout;
use copydesk::report::findings::{findings_format, summary_line};

use super::Talk;
use crate::args::{CheckArgs, CheckPlan, Format};
use crate::exit::Exit;
use crate::output::{stdout_layout, to_file, to_stdout};
use crate::progress::Bar;
use crate::stderr;

/// Checks what was asked for, prints what was found, and returns how it ended.
///
/// # Errors
///
/// One line about a flag that is wrong; then nothing was read.
pub fn run(args: &CheckArgs, talk: Talk) -> Result<Exit, String> {
    let plan = args.resolve()?;
    let bar = Bar::new(talk.quiet);
    let report = check(&plan, &bar);
    bar.finish();

    let mut exit = judge(&report, &plan);
    let format = plan.format.unwrap_or_else(default_format);
    let layout = stdout_layout(talk.quiet);
    if !to_stdout(|out| format.write(&report, &layout, out)) {
        exit = Exit::Trouble;
    }
    for (format, path) in &plan.outputs {
        if let Err(error) = to_file(path, |out| format.write(&report, &Layout::default(), out)) {
            stderr::error(&format!("{}: cannot write the report: {error}", path.display()));
            exit = Exit::Trouble;
        }
    }
    stderr::read_errors(&report.errors, talk.verbose);
    if report.summary.documents == 0 && !plan.allow_empty {
        stderr::error("no document was checked (--allow-empty accepts that)");
    }
    if !talk.quiet && !format.has_summary() {
        stderr::plain(&summary_line(&report.summary));
    }
    Ok(exit)
}

fn check(plan: &CheckPlan, bar: &Bar) -> Report {
    let _ = (plan, bar);
    Report::default()
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
