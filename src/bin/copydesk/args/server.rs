//! The flags of `lsp`.

use clap::Args;

const LSP_EXAMPLES: &str = "\
An editor starts it, for plain text, Markdown, HTML and whatever else `check` reads. It tells repeats \
within a document as it is written, and against the other files of the folder when it is opened or saved; \
the nearest copydesk.toml holds. docs/editors.md shows how some editors are set up.

Exit status: 0 when the editor has said shutdown and exit, 1 when it has gone without.";

/// The flags of `lsp`.
#[derive(Clone, Copy, Debug, Args)]
#[command(after_help = LSP_EXAMPLES)]
pub struct LspArgs {
    /// Talk on standard input and output; it is the only way, and the flag is taken since editors give it
    #[arg(long)]
    pub stdio: bool,
}
