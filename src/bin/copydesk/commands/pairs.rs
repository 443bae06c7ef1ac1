//! `copydesk pairs`.

use std::io::{self, Write};
use std::time::Instant;

use copydesk::corpus::{Corpus, Gathered, Keeping};
use copydesk::duplicates::cluster::Clusters;
use copydesk::duplicates::join::Pair;
use copydesk::duplicates::near::Near;
use copydesk::progress::{Phase, Progress as _};
use copydesk::read::walk::find;
use copydesk::report::visible;
use serde_json::json;

use super::reading::Reading;
use super::{Talk, config};
use crate::args::{MeasureFlag, PairsArgs, PairsFormat};
use crate::exit::Exit;
use crate::output::to_stdout;
use crate::progress::Bar;
use crate::stderr;

/// Prints every pair at or above the threshold, each as soon as it is found, or the clusters they make.
///
/// # Errors
///
/// One line about a flag that is wrong, or about too little memory; then nothing was printed.
pub fn run(args: &PairsArgs, talk: Talk) -> Result<Exit, String> {
    let config = config::load(&args.config, &args.input)?;
    let plan = args.input.resolve_over(config.as_ref())?;
    let began = Instant::now();
    let bar = Bar::new(talk.quiet);
    let found = find(&plan.paths, &plan.walk);
    let reading = Reading {
        unit: args.unit.kind(),
        keeping: Keeping::Shingles { words: args.shingle.into(), texts_in_memory: true },
        threads: args.memory.threads.map_or(0, usize::from),
        memory_limit: args.memory.memory_limit,
        instead: "take out what is the same first with `copydesk dedupe`, or compare fewer files",
    };
    let Gathered { corpus, shingled, errors, .. } = reading.gather(&found, &plan, &bar)?;
    if talk.verbose {
        let (documents, units) = (corpus.documents.len(), corpus.units.len());
        let seconds = began.elapsed().as_secs_f64();
        bar.suspend(|| stderr::note(&format!("read {documents} documents, {units} units in {seconds:.2} s")));
    }
    if corpus.documents.is_empty() {
        bar.finish();
        if errors.is_empty() {
            stderr::error("no document was read");
        }
        return Ok(Exit::Trouble);
    }
    bar.begin(Phase::Joining);
    let near = Near::new(shingled, &corpus).watched(|units| bar.advance(units, 0));
    bar.expect(corpus.units.len() as u64);
    let table = Table { corpus: &corpus, near: &near, args, bar: &bar };
    let contained = match args.measure {
        MeasureFlag::Jaccard => None,
        MeasureFlag::Containment => {
            let found = near.contained_pairs(args.threshold, reading.most(2 * size_of::<Pair>()));
            Some(found.ok_or_else(|| {
                bar.finish();
                reading.too_many()
            })?)
        }
    };
    let written = to_stdout(|out| match (args.clusters, contained) {
        (true, contained) => table.clusters(contained, out),
        (false, Some(contained)) => table.contained(&contained, out),
        (false, None) => table.pairs(out),
    });
    bar.finish();
    if talk.verbose {
        stderr::note(&format!("joined after {:.2} s", began.elapsed().as_secs_f64()));
    }
    Ok(if errors.is_empty() { Exit::of(written) } else { Exit::Trouble })
}

/// What is printed.
struct Table<'a> {
    corpus: &'a Corpus,
    near: &'a Near<'a>,
    args: &'a PairsArgs,
    bar: &'a Bar,
}

impl Table<'_> {
    /// The pairs as they are found.
    fn pairs(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.args.format == PairsFormat::Tsv {
            writeln!(out, "left\tright\toverlap\tunion\tsimilarity")?;
        }
        // A bar would stand between the lines of a table on the same terminal.
        if io::IsTerminal::is_terminal(&io::stdout()) {
            self.bar.finish();
        }
        let mut written = Ok(());
        self.near.for_each_pair(self.args.threshold, |pair| {
            if written.is_ok() {
                written = self.pair(pair, out);
            }
        });
        written
    }

    fn pair(&self, pair: Pair, out: &mut dyn Write) -> io::Result<()> {
        let similarity = pair.counts.similarity();
        let (overlap, union, ratio) = (similarity.overlap, similarity.union, similarity.ratio());
        let (left, right) = (self.corpus.name(pair.left), self.corpus.name(pair.right));
        match self.args.format {
            PairsFormat::Tsv => {
                let (left, right) = (visible::line(&left), visible::line(&right));
                writeln!(out, "{left}\t{right}\t{overlap}\t{union}\t{ratio:.4}")
            }
            PairsFormat::Jsonl => {
                let ratio = rounded(ratio);
                let line = json!({"left": left, "right": right, "overlap": overlap, "union": union, "similarity": ratio});
                writeln!(out, "{line}")
            }
        }
    }

    /// The pairs of which one side stands in the other.
    fn contained(&self, pairs: &[Pair], out: &mut dyn Write) -> io::Result<()> {
        if self.args.format == PairsFormat::Tsv {
            writeln!(out, "left\tright\toverlap\tleft_shingles\tright_shingles\tcontainment")?;
        }
        for pair in pairs {
            let counts = pair.counts;
            let ratio = counts.containment().ratio();
            let (left, right) = (self.corpus.name(pair.left), self.corpus.name(pair.right));
            match self.args.format {
                PairsFormat::Tsv => {
                    let (left, right) = (visible::line(&left), visible::line(&right));
                    let (overlap, ours, theirs) = (counts.overlap, counts.left, counts.right);
                    writeln!(out, "{left}\t{right}\t{overlap}\t{ours}\t{theirs}\t{ratio:.4}")?;
                }
                PairsFormat::Jsonl => {
                    let line = json!({
                        "left": left, "right": right, "overlap": counts.overlap,
                        "left_shingles": counts.left, "right_shingles": counts.right,
                        "containment": rounded(ratio),
                    });
                    writeln!(out, "{line}")?;
                }
            }
        }
        Ok(())
    }

    /// The connected groups.
    fn clusters(&self, contained: Option<Vec<Pair>>, out: &mut dyn Write) -> io::Result<()> {
        let mut clusters = Clusters::new(self.corpus.units.len() as u32);
        match contained {
            Some(pairs) => pairs.iter().for_each(|pair| clusters.join(pair.left, pair.right)),
            None => {
                let repeats = self.near.groups().repeats();
                repeats.iter().for_each(|&(first, repeat)| clusters.join(first, repeat));
                let join = |pair: Pair| clusters.join(pair.left, pair.right);
                self.near.for_each_pair_of_firsts(self.args.threshold, join);
            }
        }
        if self.args.format == PairsFormat::Tsv {
            writeln!(out, "representative\tmember\tsize")?;
        }
        for group in clusters.groups() {
            let representative = self.corpus.name(group[0]);
            let size = group.len();
            match self.args.format {
                PairsFormat::Tsv => {
                    let representative = visible::line(&representative);
                    for &member in &group {
                        let member = self.corpus.name(member);
                        writeln!(out, "{representative}\t{}\t{size}", visible::line(&member))?;
                    }
                }
                PairsFormat::Jsonl => {
                    let members: Vec<_> = group.iter().map(|&member| self.corpus.name(member)).collect();
                    let line = json!({"representative": representative, "size": size, "members": members});
                    writeln!(out, "{line}")?;
                }
            }
        }
        Ok(())
    }
}

/// To four places, as in the table.
fn rounded(ratio: f64) -> f64 {
    (ratio * 10_000.0).round() / 10_000.0
}
