//! What to read and how: the flags that every command shares that reads documents.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use copydesk::check::PathOptions;
use copydesk::config::merge::merge;
use copydesk::config::{Config, Values, size_written};
use copydesk::read::input::Limits;
use copydesk::read::record::FIELD_MEANINGS;
use copydesk::read::walk::WalkOptions;
use copydesk::read::{READERS, ReadOptions, reader_named};
use serde_json::json;

use super::page::PageArgs;
use super::values::{give, size};

/// What to read and how; shared by every command that reads documents.
#[derive(Debug, Default, Args)]
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
    /// Read no more than this of one input, decompressed (K, M, G) [default: 512M]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Input")]
    pub max_size: Option<u64>,
    #[command(flatten)]
    pub page: PageArgs,
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
    /// What holds for some paths only, in order.
    pub overrides: Vec<PathOptions>,
}

impl InputArgs {
    /// Returns the flags resolved, with no settings file.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn resolve(&self) -> Result<InputPlan, String> {
        self.resolve_over(None)
    }

    /// Returns what holds: the flags, over what `config` says, over the defaults.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn resolve_over(&self, config: Option<&Config>) -> Result<InputPlan, String> {
        let resolved = merge(config, &self.values()?);
        Ok(InputPlan {
            paths: self.paths_or_here(),
            walk: self.walk(resolved.walk),
            limits: resolved.check.limits,
            read: resolved.check.read,
            overrides: resolved.check.overrides,
        })
    }

    /// Returns the paths, or the current folder where there is none.
    pub fn paths_or_here(&self) -> Vec<PathBuf> {
        if self.paths.is_empty() { vec![PathBuf::from(".")] } else { self.paths.clone() }
    }

    /// Returns `walk` with what the flags alone say.
    pub fn walk(&self, walk: WalkOptions) -> WalkOptions {
        WalkOptions { stdin_name: self.stdin_filename.clone(), ..walk }
    }

    /// Returns what the flags say, as values of settings.
    ///
    /// # Errors
    ///
    /// A line that names the flag and what is wrong with its value.
    pub fn values(&self) -> Result<Values, String> {
        let mut line = Values::default();
        if let Some(when) = self.page.main_content {
            line.main_content = Some(when.choice());
            give(&mut line, "main-content", json!(when.name()));
        }
        for field in &self.fields {
            let (meaning, name) = field
                .split_once('=')
                .filter(|(_, name)| !name.is_empty())
                .ok_or_else(|| format!("--field: `{field}` is not MEANING=NAME, such as text=story"))?;
            if !FIELD_MEANINGS.contains(&meaning) {
                let known = FIELD_MEANINGS.join(", ");
                return Err(format!("--field: `{meaning}` is no meaning of a field; there are {known}"));
            }
            line.fields.push((meaning.to_owned(), name.to_owned()));
        }
        if !line.fields.is_empty() {
            let fields: BTreeMap<_, _> = line.fields.iter().cloned().collect();
            give(&mut line, "fields", json!(fields));
        }
        if let Some(name) = &self.encoding {
            let found = encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| {
                format!("--encoding: no encoding is called `{name}`; write a name that browsers know, such as windows-1252")
            })?;
            line.encoding = Some(found);
            give(&mut line, "encoding", json!(name));
        }
        if self.exclude.iter().any(|glob| glob.trim().is_empty()) {
            return Err("--exclude: an empty glob matches nothing".to_owned());
        }
        if !self.exclude.is_empty() {
            line.exclude.clone_from(&self.exclude);
            give(&mut line, "exclude", json!(self.exclude));
        }
        if self.hidden {
            line.hidden = Some(true);
            give(&mut line, "hidden", json!(true));
        }
        if self.no_ignore {
            line.no_ignore = Some(true);
            give(&mut line, "no-ignore", json!(true));
        }
        if let Some(name) = &self.input_format {
            line.input_format = reader_named(name);
            give(&mut line, "input-format", json!(name));
        }
        if let Some(format) = self.body_format {
            line.body_html = Some(format == BodyFormat::Html);
            give(&mut line, "body-format", json!(if format == BodyFormat::Html { "html" } else { "text" }));
        }
        if let Some(bytes) = self.max_size {
            line.max_size = Some(bytes);
            give(&mut line, "max-size", json!(size_written(bytes)));
        }
        Ok(line)
    }
}

impl InputPlan {
    /// Returns how the file at `path`, as given or walked, is read.
    pub fn read_for(&self, path: &str) -> ReadOptions {
        let mut read = self.read.clone();
        let holding = self.overrides.iter().filter(|change| change.paths.hold(path));
        holding.for_each(|change| change.change_read(&mut read));
        read
    }
}
