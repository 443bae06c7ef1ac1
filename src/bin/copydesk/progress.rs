//! A progress bar on standard error, where that is a terminal.

use std::fmt;
use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use copydesk::progress::{Phase, Progress};
use copydesk::report::visible;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::stderr;

/// A run that is over before this shows no bar.
const PATIENCE: Duration = Duration::from_millis(300);

/// A bar that shows what is done, how much of it, and how fast; nothing where nobody watches, or as long as
/// nobody waits.
pub struct Bar {
    bar: ProgressBar,
    /// Whether somebody watches.
    watched: bool,
    began: Instant,
    shown: AtomicBool,
    documents: AtomicU64,
}

/// What a phase looks like, with a total and without one.
const fn templates(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::Reading => (
            "reading {wide_bar} {bytes} of {total_bytes}, {msg}{bytes_per_sec}",
            "reading {spinner} {bytes}, {msg}{bytes_per_sec}",
        ),
        Phase::Joining => (
            "comparing {wide_bar} {human_pos} of {human_len}, {rate}",
            "comparing {spinner} putting shared words in order",
        ),
        Phase::Verifying => {
            ("reading again {wide_bar} {human_pos} of {human_len}, {rate}", "reading again {spinner}")
        }
        Phase::Writing => {
            ("writing {wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}", "writing {spinner} {bytes}")
        }
    }
}

impl Bar {
    /// Returns a bar; a hidden one for `quiet` runs and where standard error is no terminal.
    pub fn new(quiet: bool) -> Self {
        let bar = Self {
            bar: ProgressBar::hidden(),
            watched: !quiet && io::stderr().is_terminal(),
            began: Instant::now(),
            shown: AtomicBool::new(false),
            documents: AtomicU64::new(0),
        };
        bar.begin(Phase::Reading);
        bar
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Runs `print`, which writes to standard error, with the bar off the screen.
    pub fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Puts the bar on the screen when somebody has waited for it.
    fn show(&self) {
        let due = self.watched && self.began.elapsed() >= PATIENCE;
        if due && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
    }

    fn set_template(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            // How many units a second, without the decimals of `per_sec`.
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                let _ = write!(out, "{}/s", HumanCount(state.per_sec() as u64));
            };
            self.bar.set_style(style.progress_chars("=> ").with_key("rate", rate));
        }
    }
}

impl Progress for Bar {
    fn begin(&self, phase: Phase) {
        if !self.watched {
            return;
        }
        self.show();
        // The template with a total waits in the prefix until there is one.
        let (known, unknown) = templates(phase);
        self.set_template(unknown);
        self.bar.set_prefix(known);
        self.bar.unset_length();
        self.bar.reset();
        self.bar.tick();
    }

    fn expect(&self, more: u64) {
        if more == 0 || !self.watched {
            return;
        }
        let known = self.bar.prefix();
        self.bar.set_length(self.bar.length().unwrap_or(0).saturating_add(more));
        self.set_template(&known);
    }

    fn advance(&self, done: u64, documents: u64) {
        if !self.watched {
            return;
        }
        self.show();
        if documents > 0 {
            let documents = self.documents.fetch_add(documents, Ordering::Relaxed) + documents;
            let what = if documents == 1 { "document" } else { "documents" };
            self.bar.set_message(format!("{documents} {what}, "));
        }
        self.bar.inc(done);
        // A compressed file may hold more than its size made expect.
        if let Some(expected) = self.bar.length().filter(|&expected| expected < self.bar.position()) {
            self.bar.inc_length(self.bar.position() - expected);
        }
    }

    fn trouble(&self, message: &str) {
        if self.watched {
            self.suspend(|| stderr::note(&visible::line(message)));
        }
    }
}
