//! `copydesk config`, and the settings file of every command that reads documents.

use std::io::{self, Write};
use std::path::PathBuf;

use copydesk::config::origin::{Held, Origin, held, written};
use copydesk::config::{Config, find};
use copydesk::report::visible;
use serde_json::json;

use crate::args::{ConfigArgs, ConfigCommand, ConfigCommandArgs, ConfigFormat, ConfigShowArgs, InputArgs};
use crate::exit::Exit;
use crate::output::to_stdout;
use crate::stderr;

/// Returns the settings file that holds for these inputs, if there is one: the one that is named, or the
/// nearest above the first path.
///
/// # Errors
///
/// That it is wrong; what is wrong with it has then been printed.
pub fn load(args: &ConfigArgs, input: &InputArgs) -> Result<Option<Config>, String> {
    if args.no_config {
        return Ok(None);
    }
    let current = current_folder()?;
    let file = args.config.clone().or_else(|| find::find(&start(input), &current));
    let Some(file) = file else { return Ok(None) };
    find::load(&file, &current).map(Some).map_err(|faults| {
        faults.iter().for_each(stderr::fault);
        let many = if faults.len() == 1 { "it" } else { "them" };
        format!("nothing was done: mend {many}, or go without the file (--no-config)")
    })
}

/// Where the search for a settings file begins.
fn start(input: &InputArgs) -> PathBuf {
    match (input.paths.first(), &input.stdin_filename) {
        (Some(path), Some(name)) if path.as_os_str() == "-" => PathBuf::from(name),
        (Some(path), _) if path.as_os_str() != "-" => path.clone(),
        _ => PathBuf::from("."),
    }
}

/// The folder that the run is in.
pub fn current_folder() -> Result<PathBuf, String> {
    std::env::current_dir().map_err(|error| format!("the current folder cannot be told: {error}"))
}

/// Prints the settings that hold, or their schema.
///
/// # Errors
///
/// One line about a flag or a settings file that is wrong.
pub fn run(args: &ConfigCommandArgs) -> Result<Exit, String> {
    match &args.command {
        ConfigCommand::Schema => {
            Ok(Exit::of(to_stdout(|out| writeln!(out, "{:#}", copydesk::config::schema::schema()))))
        }
        ConfigCommand::Show(args) => show(args),
    }
}

fn show(args: &ConfigShowArgs) -> Result<Exit, String> {
    let config = load(&args.config, &args.input)?;
    let mut line = args.input.values()?;
    args.settings.add_to(&mut line)?;
    let path = args.input.paths.first().map(|path| path.to_string_lossy());
    let held = held(config.as_ref(), &line, path.as_deref());
    let file = config.as_ref().map(|config| &*config.file);
    Ok(Exit::of(to_stdout(|out| match args.format {
        ConfigFormat::Text => write_text(file, path.as_deref(), &held, out),
        ConfigFormat::Json => write_json(file, path.as_deref(), &held, out),
    })))
}

fn write_text(file: Option<&str>, path: Option<&str>, held: &[Held], out: &mut dyn Write) -> io::Result<()> {
    let holds = path.map_or(String::new(), |path| format!(", as it holds for {path}"));
    let line = format!("# {}{holds}", file.unwrap_or("no settings file"));
    writeln!(out, "{}", visible::line(&line))?;
    for one in held {
        let value = written(&one.value);
        let setting =
            if value.is_empty() { format!("# {}", one.key) } else { format!("{} = {value}", one.key) };
        let origin = match &one.origin {
            Origin::Default if value.is_empty() => "not set".to_owned(),
            Origin::Default => "default".to_owned(),
            Origin::CommandLine => "command line".to_owned(),
            Origin::File { file, line, paths: None } => format!("{file}:{line}"),
            Origin::File { file, line, paths: Some(paths) } => {
                format!("{file}:{line}, for {}", paths.join(", "))
            }
        };
        let line = format!("{setting:<40}  # {origin}");
        writeln!(out, "{}", visible::line(&line))?;
    }
    Ok(())
}

fn write_json(file: Option<&str>, path: Option<&str>, held: &[Held], out: &mut dyn Write) -> io::Result<()> {
    let settings: Vec<_> = held
        .iter()
        .map(|one| {
            let (origin, line, paths) = match &one.origin {
                Origin::Default => ("default", None, None),
                Origin::CommandLine => ("command-line", None, None),
                Origin::File { line, paths, .. } => ("file", Some(line), paths.as_ref()),
            };
            json!({"key": one.key, "value": one.value, "origin": origin, "line": line, "paths": paths})
        })
        .collect();
    writeln!(out, "{:#}", json!({"schema": 1, "file": file, "path": path, "settings": settings}))
}
