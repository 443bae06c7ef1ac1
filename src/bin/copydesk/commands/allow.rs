//! `copydesk allow`.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use copydesk::config::edit::{Edited, NewAllowance, allow};
use copydesk::config::find::{FILE_NAMES, find, printed};
use copydesk::lint::{RULES, nearest, rule_named};
use copydesk::read::paths::{Base, PathGlobs};

use super::{Talk, config};
use crate::args::AllowArgs;
use crate::exit::Exit;
use crate::output::to_file;
use crate::stderr;

/// Writes an allowance into the settings file.
///
/// # Errors
///
/// That the file is wrong as it stands, or cannot be written; then it is as it was.
pub fn run(args: &AllowArgs, talk: Talk) -> Result<Exit, String> {
    if args.reason.trim().is_empty() {
        return Err("--reason: say why the passage may repeat".to_owned());
    }
    let current = config::current_folder()?;
    if let Some(rule) = args.rules.iter().find(|rule| rule_named(rule).is_none()) {
        let near = nearest(rule, RULES.iter().map(|rule| rule.name()));
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(format!("--rule: no rule is called `{rule}`{near}"));
    }
    PathGlobs::new(&Arc::new(Base::new(&current, &current)), &args.paths).map_err(|(number, reason)| {
        format!("--path: `{}` is not a glob: {reason}", args.paths.get(number).map_or("", String::as_str))
    })?;
    let found = args.config.clone().or_else(|| find(".".as_ref(), &current));
    let file = found.unwrap_or_else(|| PathBuf::from(FILE_NAMES[0]));
    let name: Arc<str> = printed(&file, &current);
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(format!("{name}: cannot be read: {error}")),
    };
    let new = NewAllowance {
        fingerprint: args.fingerprint,
        reason: args.reason.clone(),
        rules: args.rules.clone(),
        paths: args.paths.clone(),
    };
    let edited = allow(&text, &name, &new).map_err(|faults| {
        faults.iter().for_each(stderr::fault);
        "nothing was written".to_owned()
    })?;
    let say = |said: &str| {
        if !talk.quiet {
            stderr::plain(said);
        }
    };
    match edited {
        Edited::Already { line, reason } => {
            say(&format!("{name}:{line}: {} is allowed already: {reason}", args.fingerprint));
        }
        Edited::Written { text, line } => {
            to_file(&file, |out| out.write_all(text.as_bytes()))
                .map_err(|error| format!("{name}: cannot be written: {error}"))?;
            say(&format!("{name}:{line}: {} is allowed now: {}", args.fingerprint, args.reason));
        }
    }
    Ok(Exit::Clean)
}
