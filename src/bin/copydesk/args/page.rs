//! The flags about web pages.

use clap::{Args, ValueEnum};

/// How web pages are read.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct PageArgs {
    /// Read of web pages only the article, without navigation, headers and footers: always, never, or of
    /// the pages in WARC files alone (auto) [default: auto]
    #[arg(
        long = "main-content",
        value_name = "WHEN",
        default_missing_value = "always",
        num_args = 0..=1,
        require_equals = true,
        help_heading = "Input"
    )]
    pub main_content: Option<When>,
}

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where the format calls for it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl When {
    /// Returns the choice; `None` leaves it to the format.
    pub const fn choice(self) -> Option<bool> {
        match self {
            Self::Auto => None,
            Self::Always => Some(true),
            Self::Never => Some(false),
        }
    }

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}
