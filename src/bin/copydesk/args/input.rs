//! What to read and how: the flags that every command shares that reads documents.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use copydesk::read::input::Limits;
use copydesk::read::record::FIELD_MEANINGS;
use copydesk::read::walk::WalkOptions;
use copydesk::read::{FieldMap, READERS, ReadOptions, reader_named};

use super::values::size;

/// What to read and how; shared by every command that reads documents.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders, globs, or - for standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Leave out what this glob matches, named paths too (may be given again)
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub exclude: Vec<String>,
    /// Walk hidden files and folders
    #[arg(long, help_heading = "Input")]
    pub hidden: bool,
    /// Do not respect .gitignore and .ignore
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,
    /// Read every input as this format
    #[arg(long, value_name = "FORMAT", value_parser = readers(), help_heading = "Input")]
    pub input_format: Option<String>,
    /// What standard input is called; its extension tells the format
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub stdin_filename: Option<String>,
    /// Decode with this encoding instead of the one that is found
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub encoding: Option<String>,
    /// Which field of a record means what, such as text=story (may be given again)
    #[arg(long = "field", value_name = "MEANING=NAME", help_heading = "Input")]
    pub fields: Vec<String>,
    /// What the bodies of records are [default: text, or HTML where the field's name says so]
    #[arg(long, value_name = "FORMAT", help_heading = "Input")]
    pub body_format: Option<BodyFormat>,
    /// Read no more than this of one input, decompressed (K, M, G)
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = size, help_heading = "Input")]
    pub max_size: u64,
}

/// What the body of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BodyFormat {
    /// HTML
    Html,
    /// Text as it stands
    Text,
}

fn readers() -> PossibleValuesParser {
    PossibleValuesParser::new(
        READERS.iter().map(|reader| PossibleValue::new(reader.name()).help(reader.summary())),
    )
}

/// What to read, resolved.
pub struct InputPlan {
    /// Files, folders, globs, `-`; never empty.
    pub paths: Vec<PathBuf>,
    /// How to look for files.
    pub walk: WalkOptions,
    /// How much is read at most.
    pub limits: Limits,
    /// How documents are read.
    pub read: ReadOptions,
}

impl InputArgs {
    /// Returns the flags resolved.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn resolve(&self) -> Result<InputPlan, String> {
        let mut fields = FieldMap::default();
        for field in &self.fields {
            let (meaning, name) = field
                .split_once('=')
                .filter(|(_, name)| !name.is_empty())
                .ok_or_else(|| format!("--field: `{field}` is not MEANING=NAME, such as text=story"))?;
            if !FIELD_MEANINGS.contains(&meaning) {
                let known = FIELD_MEANINGS.join(", ");
                return Err(format!("--field: `{meaning}` is no meaning of a field; there are {known}"));
            }
            fields.names.push((meaning.to_owned(), name.to_owned()));
        }
        let encoding = match &self.encoding {
            None => None,
            Some(name) => Some(encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| {
                format!("--encoding: no encoding is called `{name}`; write a name that browsers know, such as windows-1252")
            })?),
        };
        let paths = if self.paths.is_empty() { vec![PathBuf::from(".")] } else { self.paths.clone() };
        Ok(InputPlan {
            paths,
            walk: WalkOptions {
                exclude: self.exclude.clone(),
                hidden: self.hidden,
                respect_ignore: !self.no_ignore,
                input_format: self.input_format.as_deref().and_then(reader_named),
                stdin_name: self.stdin_filename.clone(),
            },
            limits: Limits { max_size: self.max_size },
            read: ReadOptions {
                places: false,
                fields,
                body_html: self.body_format.map(|format| format == BodyFormat::Html),
                encoding,
            },
        })
    }
}
