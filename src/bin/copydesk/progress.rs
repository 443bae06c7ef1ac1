//! A progress bar on standard error, where that is a terminal.

use std::io::{self, IsTerminal as _};

use copydesk::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that shows bytes and documents read; nothing where nobody watches.
pub struct Bar {
    bar: ProgressBar,
    documents: std::sync::atomic::AtomicU64,
}

impl Bar {
    /// Returns a bar; a hidden one for `quiet` runs and where standard error is no terminal.
    pub fn new(quiet: bool) -> Self {
        let bar = if quiet || !io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10))
        };
        let template = "{wide_bar} {bytes} of {total_bytes}, {msg} documents, {bytes_per_sec}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, documents: std::sync::atomic::AtomicU64::new(0) }
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn expect(&self, bytes: u64) {
        self.bar.inc_length(bytes);
    }

    fn advance(&self, bytes: u64, documents: u64) {
        if self.bar.is_hidden() {
            return;
        }
        let documents = self.documents.fetch_add(documents, std::sync::atomic::Ordering::Relaxed) + documents;
        self.bar.set_message(documents.to_string());
        self.bar.inc(bytes);
    }
}
