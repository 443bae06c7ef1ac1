//! The flags about web pages.

use clap::{Args, ValueEnum};

/// How web pages are read.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct PageArgs {
    /// Read of web pages only the article, without navigation, headers and footers: always, never, or of
    /// the pages in WARC files alone (auto)
    #[arg(
        long = "main-content",
        value_name = "WHEN",
        default_value = "auto",
        default_missing_value = "always",
        num_args = 0..=1,
        require_equals = true,
        help_heading = "Input"
    )]
    pub main_content: When,
}

/// When.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where the format calls for it
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl PageArgs {
    /// Returns the choice; `None` leaves it to the format.
    pub const fn main_content(self) -> Option<bool> {
        match self.main_content {
            When::Auto => None,
            When::Always => Some(true),
            When::Never => Some(false),
        }
    }
}
