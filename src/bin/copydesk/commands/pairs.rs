//! `copydesk pairs`.

use std::io::{self, Write};
use std::time::Instant;

use copydesk::corpus::{Corpus, GatherOptions, Gathered, gather};
use copydesk::duplicates::cluster::Clusters;
use copydesk::duplicates::join::Pair;
use copydesk::duplicates::near::Near;
use copydesk::read::walk::find;
use copydesk::report::visible;
use serde_json::json;

use super::{Talk, config};
use crate::args::{PairsArgs, PairsFormat};
use crate::exit::Exit;
use crate::output::to_stdout;
use crate::progress::Bar;
use crate::stderr;

/// Prints every pair at or above the threshold, each as soon as it is found, or the clusters they make.
///
/// # Errors
///
/// One line about a flag that is wrong; then nothing was read.
pub fn run(args: &PairsArgs, talk: Talk) -> Result<Exit, String> {
    let config = config::load(&args.config, &args.input)?;
    let input = args.input.resolve_over(config.as_ref())?;
    let options = GatherOptions {
        unit: args.unit.kind(),
        shingle: args.shingle as usize,
        read: input.read,
        limits: input.limits,
        threads: 0,
    };
    let began = Instant::now();
    let bar = Bar::new(talk.quiet);
    let found = find(&input.paths, &input.walk);
    let Gathered { corpus, shingled, errors, .. } = gather(&found, &options, &bar);
    bar.finish();
    if talk.verbose {
        let (documents, units) = (corpus.documents.len(), corpus.units.len());
        stderr::note(&format!(
            "read {documents} documents, {units} units in {:.2} s",
            began.elapsed().as_secs_f64()
        ));
    }
    let near = Near::new(shingled, &corpus);
    let written = to_stdout(|out| {
        if args.clusters { clusters(&near, &corpus, args, out) } else { pairs(&near, &corpus, args, out) }
    });
    if talk.verbose {
        stderr::note(&format!("joined after {:.2} s", began.elapsed().as_secs_f64()));
    }
    stderr::read_errors(&errors);
    if corpus.documents.is_empty() && errors.is_empty() {
        stderr::error("no document was read");
        return Ok(Exit::Trouble);
    }
    Ok(if errors.is_empty() { Exit::of(written) } else { Exit::Trouble })
}

fn pairs(near: &Near<'_>, corpus: &Corpus, args: &PairsArgs, out: &mut dyn Write) -> io::Result<()> {
    if args.format == PairsFormat::Tsv {
        writeln!(out, "left\tright\toverlap\tunion\tsimilarity")?;
    }
    let mut written = Ok(());
    near.for_each_pair(args.threshold, |pair| {
        if written.is_ok() {
            written = write_pair(pair, corpus, args.format, out);
        }
    });
    written
}

fn write_pair(pair: Pair, corpus: &Corpus, format: PairsFormat, out: &mut dyn Write) -> io::Result<()> {
    let similarity = pair.counts.similarity();
    let (left, right) = (corpus.name(pair.left), corpus.name(pair.right));
    let (overlap, union, ratio) = (similarity.overlap, similarity.union, similarity.ratio());
    match format {
        PairsFormat::Tsv => {
            let (left, right) = (visible::line(&left), visible::line(&right));
            writeln!(out, "{left}\t{right}\t{overlap}\t{union}\t{ratio:.4}")
        }
        PairsFormat::Jsonl => {
            let ratio = (ratio * 10_000.0).round() / 10_000.0;
            let line = json!({"left": left, "right": right, "overlap": overlap, "union": union, "similarity": ratio});
            writeln!(out, "{line}")
        }
    }
}

fn clusters(near: &Near<'_>, corpus: &Corpus, args: &PairsArgs, out: &mut dyn Write) -> io::Result<()> {
    let mut clusters = Clusters::new(corpus.units.len() as u32);
    near.groups().repeats().iter().for_each(|&(first, repeat)| clusters.join(first, repeat));
    near.for_each_pair_of_firsts(args.threshold, |pair| clusters.join(pair.left, pair.right));
    if args.format == PairsFormat::Tsv {
        writeln!(out, "representative\tmember\tsize")?;
    }
    for group in clusters.groups() {
        let representative = corpus.name(group[0]);
        match args.format {
            PairsFormat::Tsv => {
                for &member in &group {
                    let member = corpus.name(member);
                    let size = group.len();
                    writeln!(out, "{}\t{}\t{size}", visible::line(&representative), visible::line(&member))?;
                }
            }
            PairsFormat::Jsonl => {
                let members: Vec<_> = group.iter().map(|&member| corpus.name(member)).collect();
                writeln!(
                    out,
                    "{}",
                    json!({"representative": representative, "size": group.len(), "members": members})
                )?;
            }
        }
    }
    Ok(())
}
