//! The flags of `check` that mend what was found.

use clap::Args;

/// What to do about what can be mended.
#[derive(Clone, Copy, Debug, Args)]
pub struct MendingArgs {
    /// Print a patch that removes repeats within documents (the later copy) and mends mojibake, instead of
    /// the findings
    #[arg(long, conflicts_with_all = ["fix", "format"], help_heading = "Mending")]
    pub suggest: bool,
    /// Make these changes in the files, then report what is left
    #[arg(long, help_heading = "Mending")]
    pub fix: bool,
}
