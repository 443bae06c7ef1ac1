//! The rules, for `rules` and `explain`, made from the registry.

use std::io;

use serde::Serialize;

use super::json::write_pretty;
use super::passage::{Glyph, wrap};
use super::{Layout, visible};
use crate::lint::{RULES, Rule, Severity};

/// Prose is read best in lines of about this many columns.
const READABLE: usize = 80;

/// How a rule's default level is written.
fn level(rule: &dyn Rule) -> &'static str {
    rule.default_severity().map_or("off", Severity::name)
}

/// Writes a table of all rules: name, default level, what it says.
///
/// # Errors
///
/// Those of `out`.
pub fn write_table(layout: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
    let palette = layout.palette();
    let strong = palette.strong;
    let widest = |cell: fn(&dyn Rule) -> &'static str| RULES.iter().map(|&rule| cell(rule).len()).max();
    let names = widest(|rule| rule.name()).unwrap_or(0);
    let levels = widest(level).unwrap_or(0).max("default".len());
    writeln!(out, "{strong}{:names$}  {:levels$}  says{strong:#}", "rule", "default")?;
    for &rule in RULES {
        let style = rule.default_severity().map_or(palette.faint, |severity| palette.severity(severity));
        let (name, level) = (rule.name(), level(rule));
        let indent = names + levels + 4;
        let width = layout.width.saturating_sub(indent).max(Layout::NARROWEST);
        for (index, line) in wrap(rule.summary(), width).enumerate() {
            let line = shown(&line);
            if index == 0 {
                writeln!(out, "{name:names$}  {style}{level:levels$}{style:#}  {line}")?;
            } else {
                writeln!(out, "{:indent$}{line}", "")?;
            }
        }
    }
    writeln!(out)?;
    writeln!(out, "`copydesk explain RULE` says more about one.")
}

/// Writes all rules as one JSON object: `{"schema": 1, "rules": [{"name", "default", "summary"}]}`.
///
/// # Errors
///
/// Those of `out`.
pub fn write_json(out: &mut dyn io::Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Whole {
        schema: u32,
        rules: Vec<RuleView>,
    }
    #[derive(Serialize)]
    struct RuleView {
        name: &'static str,
        default: &'static str,
        summary: &'static str,
    }
    let rules = RULES.iter().map(|&rule| RuleView {
        name: rule.name(),
        default: level(rule),
        summary: rule.summary(),
    });
    write_pretty(&Whole { schema: 1, rules: rules.collect() }, out)
}

/// Writes the page docs/rules.md.
///
/// # Errors
///
/// Those of `out`.
pub fn write_markdown(out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# Rules\n")?;
    writeln!(out, "<!-- Made by `copydesk rules --format markdown` from the rules' own files. -->\n")?;
    writeln!(out, "| rule | default | says |\n|---|---|---|")?;
    for &rule in RULES {
        writeln!(out, "| [`{0}`](#{0}) | {1} | {2} |", rule.name(), level(rule), rule.summary())?;
    }
    for &rule in RULES {
        writeln!(out, "\n## {}\n", rule.name())?;
        writeln!(out, "Default: {}. Says: {}.\n", level(rule), rule.summary())?;
        writeln!(out, "{}", rule.explanation().trim_end())?;
    }
    Ok(())
}

/// Writes the page of one rule for a terminal: paragraphs wrapped, examples as they stand.
///
/// # Errors
///
/// Those of `out`.
pub fn write_page(rule: &dyn Rule, layout: &Layout, out: &mut dyn io::Write) -> io::Result<()> {
    let palette = layout.palette();
    let strong = palette.strong;
    let style = rule.default_severity().map_or(palette.faint, |severity| palette.severity(severity));
    writeln!(out, "{strong}{}{strong:#} ({style}{}{style:#} by default)", rule.name(), level(rule))?;
    writeln!(out, "{}\n", rule.summary())?;
    let width = layout.width.min(READABLE);
    let mut paragraph = String::new();
    for line in rule.explanation().lines() {
        if line.is_empty() || line.starts_with("    ") {
            write_paragraph(&mut paragraph, width, out)?;
            let faint = palette.help;
            let example = if line.is_empty() { String::new() } else { format!("{faint}{line}{faint:#}") };
            writeln!(out, "{example}")?;
        } else {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    write_paragraph(&mut paragraph, width, out)
}

/// Writes what `paragraph` holds, if anything, and empties it.
fn write_paragraph(paragraph: &mut String, width: usize, out: &mut dyn io::Write) -> io::Result<()> {
    for line in wrap(paragraph, width) {
        writeln!(out, "{}", visible::line_start(&shown(&line)))?;
    }
    paragraph.clear();
    Ok(())
}

fn shown(line: &[Glyph]) -> String {
    line.iter().map(|glyph| glyph.shown.as_str()).collect()
}
