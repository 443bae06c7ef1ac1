#!/usr/bin/env python3
"""Measures the Python package beside the command line and its peers; the figures are in docs/scale.md.

    COPYDESK_BIN=target/release/copydesk python python/tests/measure.py map FILE.jsonl [--master local[2]]
    python python/tests/measure.py pairs FILE.jsonl [--threshold 0.8]     (needs rensa)

`map` times the digests of all paragraphs, read from the file and reduced to one row by the engine, beside
`copydesk check` with the exact rules on two threads. `pairs` times `copydesk.pairs` beside rensa in one process, from
texts to pairs, and says how many of the true pairs each finds. Both sides take turns; processor seconds are those
of this process and all below it. Without FILE, articles are invented.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import copydesk
from compare_engines import lines, session, write_corpus


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description="Measures the Python package.")
    parser.add_argument("what", choices=("map", "pairs"))
    parser.add_argument("file", nargs="?", help="records with id and text: .jsonl, .jsonl.gz, .jsonl.zst")
    parser.add_argument("--master", help="a master of Spark, such as local[2]; Sail where none is named")
    parser.add_argument("--threshold", default="0.8")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-measure-") as folder:
        path = Path(folder) / "corpus.jsonl"
        rows = write_corpus(args.file, path)
        print(f"{args.file or 'invented'}: {rows} texts, {path.stat().st_size / 1e6:.1f} MB")
        measure_map(args, path) if args.what == "map" else measure_pairs(args, path)
    return 0


def processor_seconds() -> float:
    """Return the processor time of this process, of all below it, and of those below it that have ended."""
    parents, times = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        times[int(folder.name)] = sum(map(int, fields[11:15]))
    own, total = os.getpid(), 0
    for process, ticks in times.items():
        above = process
        while above not in (0, own):
            above = parents.get(above, 0)
        total += ticks if above == own else 0
    return total / os.sysconf("SC_CLK_TCK")


def in_turn(rounds: int, sides: dict[str, Callable[[], Any]]) -> dict[str, tuple[float, float, Any]]:
    """Run all sides in turn; return the median wall and processor seconds of each, and its last answer."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    answers = {}
    for _ in range(rounds):
        for name, side in sides.items():
            begin, before = time.perf_counter(), processor_seconds()
            answers[name] = side()
            taken[name].append((time.perf_counter() - begin, processor_seconds() - before))
    found = {}
    for name, both in taken.items():
        wall, processor = (statistics.median(side) for side in zip(*both))
        print(f"  {name}: {wall:.2f} s, {processor:.2f} s of processor time (medians of {rounds})", flush=True)
        found[name] = (wall, processor, answers[name])
    return found


def measure_map(args: argparse.Namespace, path: Path) -> None:
    """Time the map stage of `exact` beside the command line."""
    from pyspark.sql import functions as F

    from copydesk.spark._units import Corpus

    program = os.environ.get("COPYDESK_BIN") or shutil.which("copydesk")
    assert program, "set COPYDESK_BIN to the program"
    spark = session(args)

    def native() -> None:
        rules = "repeated-paragraph,shared-paragraph,duplicate-document"
        command = [program, "check", path, "--select", rules, "--threads", "2", "--format", "jsonl", "--fail-on", "never"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)

    def mapped(source: Any) -> Any:
        corpus = Corpus(source.select(F.col("id").alias("d"), "text"), ("d", "p"), "paragraph")
        rows = corpus.map("paragraphs", {"digest": "binary", "words": "bigint", "counts": "boolean"})
        return rows.agg(F.count(F.lit(1)), F.sum("words"), F.max("digest")).collect()

    size = path.stat().st_size / 1e6
    found = in_turn(args.rounds, {
        "command line, 2 threads": native,
        "map of JSONL": lambda: mapped(spark.read.schema("id string, text string").json(str(path))),
        "map of Parquet": lambda: mapped(spark.read.parquet(str(path.with_suffix(".parquet")))),
    })  # fmt: skip
    base, *others = found.items()
    for name, (wall, processor, _) in others:
        print(f"  {name}: {size / wall:.0f} MB/s, {base[1][0] / wall:.2f} of the command line's speed by the clock, "
              f"{base[1][1] / processor:.2f} by processor time")  # fmt: skip
    spark.stop()


def measure_pairs(args: argparse.Namespace, path: Path) -> None:
    """Time `copydesk.pairs` beside rensa."""
    import json

    from rensa import RMinHash, RMinHashLSH

    texts = [json.loads(line)["text"] for line in lines(str(path))]
    threshold = float(args.threshold)

    def ours() -> set[tuple[int, int]]:
        return {(pair.left, pair.right) for pair in copydesk.pairs(texts, 3, args.threshold)}

    def theirs() -> set[tuple[int, int]]:
        sets = []
        for text in texts:
            words = re.findall(r"\w+", text.lower())
            sets.append([" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))])
        hashes = RMinHash.from_token_sets(sets, num_perm=128, seed=42)
        index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=16)
        index.insert_pairs(list(enumerate(hashes)))
        return {
            (left, right)
            for left, others in enumerate(index.query_all(hashes))
            for right in others
            if right > left and hashes[left].jaccard(hashes[right]) >= threshold
        }

    found = in_turn(args.rounds, {"copydesk.pairs": ours, "rensa": theirs})
    true = brute_force(texts, Fraction(args.threshold))
    for name, (_, _, pairs) in found.items():
        recall, precision = (len(pairs & true) / max(1, len(some)) for some in (true, pairs))
        print(f"  {name}: {len(pairs)} pairs, recall {recall:.4f}, precision {precision:.4f}")


def brute_force(texts: list[str], threshold: Fraction) -> set[tuple[int, int]]:
    """Return the true pairs, by counting what every two texts share: by words of this script's own, without markup."""
    where: dict[str, list[int]] = {}
    sets = []
    for row, text in enumerate(texts):
        words = re.findall(r"[^\W_]+", text.lower())
        sets.append({" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))} if words else set())
        for shingle in sets[-1]:
            where.setdefault(shingle, []).append(row)
    true = set()
    for row, shingles in enumerate(sets):
        shared: dict[int, int] = {}
        for shingle in shingles:
            for other in where[shingle]:
                if other > row:
                    shared[other] = shared.get(other, 0) + 1
        true |= {(row, other) for other, count in shared.items()
                 if count * threshold.denominator >= threshold.numerator * (len(shingles) + len(sets[other]) - count)}  # fmt: skip
    return true


if __name__ == "__main__":
    sys.exit(main())
