//! Which of the versions are wanted, and what is odd about their order?
//!
//! Sources give their versions to a [`Chosen`], which passes on what `--id`, `--from`, `--to` and `--since`
//! let through. It also looks at the dates on the way: one line a document says that they run backwards,
//! that several are equal where they settle the order, or that versions are empty.

use std::cell::Cell;
use std::sync::Arc;

use super::{SnapshotSink, VersionOptions};
use crate::document::{Metadata, Snapshot, read_date};
use crate::error::ReadError;
use crate::read::compress::without_ending;

/// Seconds of a day: a bound that is a day takes all of it in.
const DAY: i64 = 86_400;

/// The fewest digits by which a commit may be named.
const ABBREVIATED: usize = 7;

/// How sure a source is of the order of its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    /// The source keeps them in order; dates are only remarks.
    Order,
    /// Their names put them in order.
    Names,
    /// Their dates put them in order, so that equal ones leave it open.
    Dates,
}

/// When a version was saved.
#[derive(Clone, Copy, Debug)]
struct Moment {
    seconds: i64,
    /// The day that is written, which reports show: in days since 1970.
    day: i64,
}

impl Moment {
    /// Returns what `time`, as a source writes it, means.
    fn new(time: &str) -> Option<Self> {
        let seconds = seconds(time)?;
        let day = read_date(time).map_or(seconds.div_euclid(DAY), |date| date.day);
        Some(Self { seconds, day })
    }
}

/// A bound of the versions that are wanted.
#[derive(Clone, Debug)]
struct Bound {
    text: String,
    /// The first and the last second that it names, where it is a date.
    span: Option<(i64, i64)>,
}

impl Bound {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), span: span(text) }
    }

    /// Its first and last day, where it is whole days: then the day counts that a version's date is written
    /// with.
    fn days(&self) -> Option<(i64, i64)> {
        let (first, last) = self.span?;
        let whole = first.rem_euclid(DAY) == 0 && (last + 1).rem_euclid(DAY) == 0;
        whole.then(|| (first.div_euclid(DAY), last.div_euclid(DAY)))
    }

    /// Whether it is a date, and the version was saved before it.
    fn is_after(&self, moment: Moment) -> bool {
        match (self.days(), self.span) {
            (Some((first, _)), _) => moment.day < first,
            (None, Some((first, _))) => moment.seconds < first,
            (None, None) => false,
        }
    }

    /// Whether it is a date, and the version was saved after it.
    fn is_before(&self, moment: Moment) -> bool {
        match (self.days(), self.span) {
            (Some((_, last)), _) => moment.day > last,
            (None, Some((_, last))) => moment.seconds > last,
            (None, None) => false,
        }
    }

    /// Whether it names the version called `label`: in full, without its file's extension and that of a
    /// compressed file, or as commits are abbreviated.
    fn names(&self, label: &str) -> bool {
        let plain = without_ending(label);
        let stem = plain.rsplit_once('.').map_or(plain, |(stem, _)| stem);
        label == self.text
            || plain == self.text
            || stem == self.text
            || (self.text.len() >= ABBREVIATED
                && label.len() == 40
                && self.text.bytes().all(|byte| byte.is_ascii_hexdigit())
                && label.starts_with(&self.text))
    }
}

/// Returns the first and the last second that `date` may mean: a whole day, month or year where no more is
/// said.
fn span(date: &str) -> Option<(i64, i64)> {
    let date = date.trim();
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = |date: &str| read_date(date).map(|date| date.seconds);
    match parts[..] {
        [year] if year.len() == 4 && digits(&year) => {
            let next: u32 = year.parse().ok()?;
            Some((seconds(&format!("{year}-01-01"))?, seconds(&format!("{:04}-01-01", next + 1))? - 1))
        }
        [year, month] if year.len() == 4 && month.len() == 2 && parts.iter().all(digits) => {
            let first = seconds(&format!("{date}-01"))?;
            // 32 days later it is next month, whose first day ends this one.
            let next = (28..=31).find_map(|days| {
                let start = first + days * DAY;
                (1..=31).contains(&days).then_some(start).filter(|&start| {
                    seconds(&format!("{year}-{month}-{:02}", days + 1)).is_none() && start > first
                })
            })?;
            Some((first, next - 1))
        }
        _ => {
            let read = read_date(date)?;
            let whole_day = !read.exact && read.seconds.rem_euclid(DAY) == 0;
            Some((read.seconds, if whole_day { read.seconds + DAY - 1 } else { read.seconds }))
        }
    }
}

/// Returns when `time`, as a source writes it, is: the first second of a year or month alone.
pub(super) fn seconds(time: &str) -> Option<i64> {
    span(time).map(|(first, _)| first)
}

/// What the versions of the document that is being given were like.
#[derive(Default)]
struct Seen {
    path: Option<Arc<str>>,
    id: String,
    meta: Metadata,
    /// Whether the sink was told of the document.
    begun: bool,
    /// Whether the version that `from` names is behind us.
    from: bool,
    /// Whether the version that `to` names is behind us.
    to: bool,
    /// Whether there is any version, and whether the one that `from` names stands behind the one of `to`.
    any: Cell<bool>,
    from_behind: Cell<bool>,
    /// The last version before `since`.
    before: Option<Snapshot>,
    /// Label, date as written and what that means, of the last version that is dated.
    last: Option<(String, String, Moment)>,
    backwards: u32,
    first_backwards: String,
    equal: u32,
    first_equal: String,
    empty: u32,
    first_empty: String,
}

/// Passes on the versions that are wanted.
pub(super) struct Chosen<'a> {
    sink: &'a mut dyn SnapshotSink,
    ids: Vec<(&'a str, bool)>,
    from: Option<Bound>,
    to: Option<Bound>,
    since: Option<Bound>,
    sure: Sure,
    seen: Seen,
}

impl<'a> Chosen<'a> {
    /// Returns a filter as `options` say, before `sink`.
    pub fn new(options: &'a VersionOptions, sink: &'a mut dyn SnapshotSink) -> Self {
        let bound = |text: &Option<String>| text.as_deref().map(Bound::new);
        Self {
            sink,
            ids: options.ids.iter().map(|id| (id.as_str(), false)).collect(),
            from: bound(&options.from),
            to: bound(&options.to),
            since: bound(&options.since),
            sure: Sure::Order,
            seen: Seen::default(),
        }
    }

    /// Returns whether the document called `id` is wanted.
    pub fn wants(&mut self, id: &str, title: Option<&str>) -> bool {
        if self.ids.is_empty() {
            return true;
        }
        let mut wanted = false;
        for (name, found) in &mut self.ids {
            let below = id.strip_suffix(*name).is_some_and(|folder| folder.ends_with('/'));
            if id == *name || title == Some(*name) || below {
                *found = true;
                wanted = true;
            }
        }
        wanted
    }

    /// Returns whether a version is left out whatever it holds, so that it need not be read.
    pub fn passes_over(&self, label: &str, time: Option<&str>) -> bool {
        self.seen.any.set(true);
        if self.seen.to {
            self.came_behind(label);
            return true;
        }
        let Some(from) = self.from.as_ref().filter(|_| !self.seen.from) else { return false };
        let early = match (from.span, time.and_then(Moment::new)) {
            (Some(_), Some(moment)) => from.is_after(moment),
            (Some(_), None) => false,
            (None, _) => true,
        };
        early && !from.names(label)
    }

    /// Notes whether a version behind that of `to` is that of `from`.
    fn came_behind(&self, label: &str) {
        if self.from.as_ref().is_some_and(|from| from.names(label)) {
            self.seen.from_behind.set(true);
        }
    }

    /// Begins the document called `id`, found at `path`, whose order is as `sure` says.
    pub fn begin(&mut self, path: &Arc<str>, id: &str, meta: &Metadata, sure: Sure) {
        self.sure = sure;
        self.seen =
            Seen { path: Some(Arc::clone(path)), id: id.to_owned(), meta: meta.clone(), ..Seen::default() };
    }

    /// Takes the next version of the document.
    pub fn snapshot(&mut self, snapshot: &mut Snapshot) {
        let time = snapshot.time.as_deref().and_then(Moment::new);
        self.watch(snapshot, time);
        let time = time.or(self.seen.last.as_ref().map(|(_, _, moment)| *moment));
        self.seen.any.set(true);
        if self.seen.to {
            self.came_behind(&snapshot.label);
            return;
        }
        if let Some(to) = &self.to {
            let named = to.names(&snapshot.label);
            let late = time.is_some_and(|time| to.is_before(time));
            if named {
                self.seen.to = true;
            } else if late {
                return;
            }
        }
        if let Some(from) = self.from.as_ref().filter(|_| !self.seen.from) {
            let named = from.names(&snapshot.label);
            let reached = from.span.is_some() && time.is_some_and(|time| !from.is_after(time));
            if named {
                self.seen.from = true;
            } else if !reached {
                return;
            }
        }
        if let Some(since) = &self.since
            && since.span.is_some()
            && time.is_none_or(|time| since.is_after(time))
        {
            self.seen.before = Some(std::mem::take(snapshot));
            return;
        }
        if let Some(mut before) = self.seen.before.take() {
            self.give(&mut before);
        }
        self.give(snapshot);
    }

    fn give(&mut self, snapshot: &mut Snapshot) {
        if !std::mem::replace(&mut self.seen.begun, true) {
            self.sink.begin(&self.seen.id, &self.seen.meta);
        }
        self.sink.snapshot(snapshot);
    }

    /// Looks at the date and the text of a version.
    fn watch(&mut self, snapshot: &Snapshot, time: Option<Moment>) {
        let seen = &mut self.seen;
        if snapshot.document.as_ref().is_some_and(|document| document.text.trim().is_empty()) {
            if seen.empty == 0 {
                seen.first_empty.clone_from(&snapshot.label);
            }
            seen.empty += 1;
        }
        let Some(time) = time else { return };
        let written = snapshot.time.clone().unwrap_or_default();
        if let Some((label, before, last)) = &seen.last {
            if time.seconds < last.seconds {
                if seen.backwards == 0 {
                    seen.first_backwards =
                        format!("`{}` ({written}) after `{label}` ({before})", snapshot.label);
                }
                seen.backwards += 1;
            } else if time.seconds == last.seconds {
                if seen.equal == 0 {
                    seen.first_equal = format!("`{label}` and `{}` ({written})", snapshot.label);
                }
                seen.equal += 1;
            }
        }
        seen.last = Some((snapshot.label.clone(), written, time));
    }

    /// Ends the document.
    pub fn end(&mut self) {
        if let Some(mut before) = self.seen.before.take() {
            self.give(&mut before);
        }
        let seen = std::mem::take(&mut self.seen);
        let path = seen.path.clone().unwrap_or_else(|| Arc::from(""));
        let of = if *path == *seen.id { String::new() } else { format!("document `{}`: ", seen.id) };
        let mut warn = |message: String| self.sink.warning(ReadError::new(&path, format!("{of}{message}")));
        if seen.backwards > 0 {
            let count = counted(seen.backwards, "version bears", "versions bear");
            warn(format!(
                "{count} an earlier date than the one before: {}",
                first(&seen.first_backwards, seen.backwards)
            ));
        }
        if seen.equal > 0 && self.sure == Sure::Dates {
            let count = counted(seen.equal, "version bears", "versions bear");
            let named = first(&seen.first_equal, seen.equal);
            warn(format!(
                "{count} the date of the one before, and their order is that of the input: {named}"
            ));
        }
        if seen.empty > 0 && self.sure != Sure::Order {
            let count = counted(seen.empty, "version is", "versions are");
            warn(format!("{count} empty: {}", first(&format!("`{}`", seen.first_empty), seen.empty)));
        }
        self.tell_bounds(&seen, &path, &of);
        if seen.begun {
            self.sink.end();
        }
    }

    /// Tells of bounds that chose nothing, or could not choose.
    fn tell_bounds(&mut self, seen: &Seen, path: &Arc<str>, of: &str) {
        let given =
            [("--from", &self.from, seen.from), ("--to", &self.to, seen.to), ("--since", &self.since, false)];
        let given = given.into_iter().filter_map(|(flag, bound, named)| Some((flag, bound.as_ref()?, named)));
        let given: Vec<(&str, &Bound, bool)> = given.collect();
        let mut faults = Vec::new();
        for &(flag, Bound { text, span, .. }, _) in given.iter().filter(|(.., named)| !named) {
            match span {
                // Whether it is a date at all is told once for the run.
                None if flag == "--since" => {}
                None if flag == "--from" && seen.from_behind.get() => {
                    let to = self.to.as_ref().map_or("", |to| &to.text);
                    faults.push(format!("`--from {text}` stands behind `--to {to}`"));
                }
                None => faults.push(format!("no version is called `{text}`")),
                Some(_) if seen.any.get() && seen.last.is_none() => {
                    faults.push(format!("its versions bear no dates, so `{flag} {text}` cannot choose"));
                }
                Some(_) => {}
            }
        }
        if faults.is_empty() && seen.any.get() && !seen.begun && !given.is_empty() {
            let asked: Vec<String> =
                given.iter().map(|(flag, bound, _)| format!("{flag} {}", bound.text)).collect();
            faults.push(format!("no version lies within `{}`", asked.join(" ")));
        }
        faults
            .into_iter()
            .for_each(|message| self.sink.fault(ReadError::new(path, format!("{of}{message}"))));
    }

    /// Takes one fault.
    pub fn fault(&mut self, fault: ReadError) {
        self.sink.fault(fault);
    }

    /// Takes one warning.
    pub fn warning(&mut self, warning: ReadError) {
        self.sink.warning(warning);
    }

    /// Ends the run: tells the documents that were asked for and never came.
    pub fn finish(self) {
        for (id, _) in self.ids.iter().filter(|(_, found)| !found) {
            self.sink.fault(ReadError::new(&Arc::from(*id), "no document is called so"));
        }
        if let Some(since) = self.since.filter(|since| since.span.is_none()) {
            self.sink.fault(ReadError::new(&Arc::from("--since"), format!("`{}` is no date", since.text)));
        }
    }
}

fn counted(count: u32, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

fn first(what: &str, count: u32) -> String {
    if count == 1 { what.to_owned() } else { format!("first {what}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_with_or_without_its_extensions() {
        let names = |text: &str, label: &str| Bound::new(text).names(label);
        for text in ["v5", "v5.md", "v5.md.gz"] {
            assert!(names(text, "v5.md.gz"), "{text}");
        }
        assert!(names("v5", "v5.md") && names("v1.5", "v1.5") && names("v1.5", "v1.5.html"));
        assert!(!names("v5", "v50.md") && !names("v5.md", "v5.html") && !names("v", "v5.md"));
    }
}
