//! What an index says of the items, for people: a line for each that is more than new or known, and how many
//! there are of each.

use std::io;

use crate::check::{ItemStatus, Report};
use crate::duplicates::Similarity;
use crate::index::Status;
use crate::lint::Inside;
use crate::report::counted::counted;
use crate::report::{Palette, visible};

/// Writes the lines: `feed.xml#3: revised A-17: 1 paragraph changed (number); substantive; since 2026-11-24`.
pub(super) fn write_lines(report: &Report, palette: Palette, out: &mut dyn io::Write) -> io::Result<()> {
    let (faint, strong) = (palette.faint, palette.strong);
    for item in report.items.iter().flatten() {
        if let Some(told) = told(item) {
            let record = item.record.map_or(String::new(), |record| format!("#{record}"));
            writeln!(
                out,
                "{strong}{}{record}{strong:#}{faint}:{faint:#} {} {}{faint}:{faint:#} {}",
                visible::line_start(&item.path),
                item.status.name(),
                visible::line(&item.called),
                visible::line(&told),
            )?;
        }
    }
    Ok(())
}

/// What is to be said of one item; nothing of those that are new or known.
fn told(item: &ItemStatus) -> Option<String> {
    let since = item.since.as_deref().map_or(String::new(), |since| format!(" of {since}"));
    let of = item.of.as_deref().unwrap_or("an item of the same name");
    match item.status {
        Status::New | Status::Known => None,
        Status::Revised => {
            let what = match &item.revision {
                Some(revision) => format!("{}; {}", revision.significance.name(), revision.summary),
                None => "another text".to_owned(),
            };
            let other = item.of.as_deref().map_or(String::new(), |of| format!(" under the id {of}"));
            Some(format!("{what}; the version before is{since}{other}"))
        }
        Status::Repeat => Some(format!("stands whole in {of}{since}")),
        Status::NearRepeat => {
            let Similarity { overlap, union } = item.similarity?;
            if let Some(Inside { inner, .. }) = item.inside {
                return Some(format!(
                    "stands almost whole in {of}{since} ({overlap} of its {inner} three-word runs)"
                ));
            }
            Some(format!("nearly the same as {of}{since} ({overlap} of {union} three-word runs shared)"))
        }
    }
}

/// Returns in one line how many items are what: `Items: 3 new, 1 revised, 97 known`; `None` without an index.
#[must_use]
pub fn items_line(report: &Report) -> Option<String> {
    let items = report.items.as_ref()?;
    let parts: Vec<String> = Status::ALL
        .into_iter()
        .filter_map(|status| {
            let count = items.iter().filter(|item| item.status == status).count() as u64;
            let (one, many) = match status {
                Status::New => ("new", "new"),
                Status::Known => ("known", "known"),
                Status::Revised => ("revised", "revised"),
                Status::Repeat => ("repeat", "repeats"),
                Status::NearRepeat => ("near repeat", "near repeats"),
            };
            (count > 0).then(|| counted(count, one, many))
        })
        .collect();
    Some(format!("Items: {}", if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }))
}
