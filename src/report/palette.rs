//! Colours: the eight of the terminal's own theme, so that they read on light and on dark ground.

use anstyle::{AnsiColor, Style};

use crate::lint::Severity;

/// The styles of the parts of a text report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    error: Style,
    warning: Style,
    info: Style,
    /// What a reader looks for first: messages, names of rules.
    pub strong: Style,
    /// What stands at the edge: gutters, arrows.
    pub faint: Style,
    /// Where to look: paths.
    pub path: Style,
    /// Advice.
    pub help: Style,
    /// In what two passages differ.
    pub mark: Style,
}

impl Palette {
    /// No style at all.
    pub const PLAIN: Self = Self {
        error: Style::new(),
        warning: Style::new(),
        info: Style::new(),
        strong: Style::new(),
        faint: Style::new(),
        path: Style::new(),
        help: Style::new(),
        mark: Style::new(),
    };

    /// Colours.
    pub const COLORED: Self = Self {
        error: AnsiColor::Red.on_default().bold(),
        warning: AnsiColor::Yellow.on_default().bold(),
        info: AnsiColor::Cyan.on_default().bold(),
        strong: Style::new().bold(),
        faint: AnsiColor::Blue.on_default().bold(),
        path: Style::new(),
        help: AnsiColor::Green.on_default().bold(),
        mark: AnsiColor::Magenta.on_default().bold(),
    };

    /// Returns the style of a severity's name.
    #[must_use]
    pub const fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }
}
