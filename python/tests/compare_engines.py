#!/usr/bin/env python3
"""Compares `copydesk.spark` with the command line on any corpus, row for row.

    COPYDESK_BIN=target/release/copydesk python python/tests/compare_engines.py [FILE.jsonl]
    python python/tests/compare_engines.py --master 'local-cluster[2,1,1024]' --kill-executor

FILE.jsonl holds records with `id` and `text`, also packed with zstd or gzip; without one, articles are invented. The
engine is Sail where no master is named. Compared are the groups of documents and of paragraphs that are the same,
the pairs at each threshold, and the clusters that they make, at each number of partitions. With `--kill-executor`
one executor's process is killed while a stage runs. The exit status is 1 where a row differs, or nobody was killed.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from copydesk import spark as job

from invented import article, edited


def main() -> int:
    """Run all comparisons; return the exit status."""
    args = arguments()
    with tempfile.TemporaryDirectory(prefix="copydesk-compare-", dir=args.scratch) as folder:
        path = Path(folder) / "corpus.jsonl"
        rows = write_corpus(args.file, path)
        print(f"{args.file}: {rows} texts, {path.stat().st_size / 1e6:.1f} MB", flush=True)
        spark = session(args)
        frame = spark.read.parquet(f"{folder}/corpus.parquet")
        same, killer = True, Killer(spark) if args.kill_executor else None
        for name, ours, theirs in comparisons(args, path, folder):
            begin = time.perf_counter()
            expected = collections.Counter(theirs())
            print(f"{name}: {expected.total()} rows from the command line in {time.perf_counter() - begin:.1f} s", flush=True)
            for partitions in args.partitions:
                spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
                begin = time.perf_counter()
                found = collections.Counter(ours(frame.repartition(partitions)))
                seconds = time.perf_counter() - begin
                missing, more = (expected - found).total(), (found - expected).total()
                same &= missing == more == 0
                told = "the same" if missing == more == 0 else f"{missing} MISSING, {more} MORE"
                print(f"  {partitions:>3} partitions: {found.total()} rows, {told}; {seconds:.1f} s", flush=True)
        if killer:
            killer.end()
            print(f"{killer.said}; {killer.successors()} took its place", flush=True)
            same &= killer.killed is not None and killer.successors() > 0
        spark.stop()
    return 0 if same else 1


def arguments() -> argparse.Namespace:
    """Return the command line."""
    parser = argparse.ArgumentParser(description="Compares copydesk.spark with the command line.")
    parser.add_argument("file", nargs="?", help="records with id and text: .jsonl, .jsonl.gz, .jsonl.zst")
    parser.add_argument("--master", help="a master of Spark, such as local[2]; Sail where none is named")
    parser.add_argument("--partitions", type=numbers, default=[2, 8, 32], metavar="N,…")
    parser.add_argument("--thresholds", type=lambda text: text.split(","), default=["0.8", "0.5"], metavar="T,…")
    parser.add_argument("--shingle", type=int, default=3, metavar="K")
    parser.add_argument("--only", choices=("same", "near"), help="only exact groups, or only pairs and clusters")
    parser.add_argument("--kill-executor", action="store_true", help="kill one in the middle (Spark only)")
    parser.add_argument("--scratch", help="where temporary files go")
    return parser.parse_args()


def numbers(text: str) -> list[int]:
    """Return numbers written with commas between them."""
    return [int(part) for part in text.split(",")]


def write_corpus(source: str | None, path: Path) -> int:
    """Write the corpus as JSONL for the command line, and as Parquet with its order for the engine."""
    # Spark reads no Parquet of several files from one name; one file is enough here.
    texts = []
    with path.open("wb") as out:
        for record in map(json.loads, lines(source)) if source else invented(4000):
            texts.append((len(texts), str(record["id"]), record["text"]))
            out.write(json.dumps({"id": str(record["id"]), "text": record["text"]}).encode() + b"\n")
    columns = dict(zip(("position", "id", "text"), zip(*texts)))
    table = pyarrow.table({name: list(values) for name, values in columns.items()})
    pyarrow.parquet.write_table(table, path.with_suffix(".parquet"), row_group_size=4096)
    return len(texts)


def invented(count: int) -> Iterator[dict[str, Any]]:
    """Return records of which a quarter are copies of others, most of them edited."""
    source, texts = random.Random(20261126), list[str]()
    for row in range(count):
        copy = bool(texts) and row % 4 == 3
        texts.append(edited(source, source.choice(texts), source.choice((0, 0.01, 0.03, 0.1))) if copy else article(source))
        yield {"id": f"a-{row}", "text": texts[-1]}


def lines(source: str) -> Iterator[bytes]:
    """Return the lines of a file, unpacked."""
    if source.endswith(".zst"):
        with subprocess.Popen(["zstd", "-dcq", source], stdout=subprocess.PIPE) as unpacked:
            assert unpacked.stdout
            yield from unpacked.stdout
    elif source.endswith(".gz"):
        with gzip.open(source) as unpacked_file:
            yield from unpacked_file
    else:
        with open(source, "rb") as plain:
            yield from plain


def session(args: argparse.Namespace) -> Any:
    """Return Spark, or Sail in this process."""
    warnings.simplefilter("ignore")
    os.environ.setdefault("RUST_LOG", "error")
    from pyspark.sql import SparkSession

    if args.master:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("copydesk").master(args.master)
        spark = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        return spark
    from pysail.spark import SparkConnectServer

    # It lives as long as the process; a server that nothing refers to is stopped.
    global server
    server = SparkConnectServer(port=0)
    server.start(background=True)
    return SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()


class Killer:
    """Kills one executor of a `local-cluster` once, while a stage runs of which some tasks are done."""

    def __init__(self, spark: Any) -> None:
        self._context = spark.sparkContext
        self._jvm = self._context._gateway.proc.pid
        self._ended = threading.Event()
        self.killed: int | None = None
        self._highest = max(self.executors().values(), default=-1)
        self.said = "no executor was killed: no stage had tasks done and tasks to do"
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def executors(self) -> dict[int, int]:
        """Return the process of each executor below this process's JVM, and its number."""
        found, parents = {}, {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if "org.apache.spark.executor.CoarseGrainedExecutorBackend" in words and "--executor-id" in words:
                found[int(folder.name)] = int(words[words.index("--executor-id") + 1])

        def is_ours(process: int) -> bool:
            while process not in (0, self._jvm):
                process = parents.get(process, 0)
            return process == self._jvm

        return {process: number for process, number in found.items() if is_ours(process)}

    def _watch(self) -> None:
        tracker = self._context.statusTracker()
        while self.killed is None and not self._ended.wait(0.02):
            for stage in tracker.getActiveStageIds():
                told = tracker.getStageInfo(stage)
                executors = self.executors()
                if told and told.numActiveTasks and told.numCompletedTasks and len(executors) > 1:
                    process, number = min(executors.items(), key=lambda found: found[1])
                    self._highest = max(executors.values())
                    os.kill(process, signal.SIGKILL)
                    self.killed = process
                    self.said = (
                        f"executor {number} (process {process}) was killed while stage {stage} ran, "
                        f"{told.numCompletedTasks} of {told.numTasks} tasks done"
                    )
                    return

    def successors(self) -> int:
        """Return how many executors were started since."""
        return sum(number > self._highest for number in self.executors().values())

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()
        self._thread.join()


def comparisons(args: argparse.Namespace, path: Path, folder: str) -> Iterator[tuple[str, Any, Any]]:
    """Return each comparison: its name, the rows of the engine, and those of the command line."""
    program = os.environ.get("COPYDESK_BIN") or shutil.which("copydesk")
    assert program, "set COPYDESK_BIN to the program"

    def run(*arguments: Any) -> list[Any]:
        done = subprocess.run([program, *map(str, arguments), "--quiet"], stdout=subprocess.PIPE, check=False)
        assert done.returncode in (0, 1), arguments
        return [json.loads(line) for line in done.stdout.splitlines()]

    def kept(df: Any) -> Any:
        return job.Scratch(f"{folder}/scratch-{time.monotonic_ns()}").keep(df, "rows").collect()

    def unit(place: Any) -> str:
        return f"{place['id']}#{place['paragraph']}" if place.get("paragraph") else str(place["id"])

    for kind in ("document", "paragraph") if args.only != "near" else ():

        def repeats(kind: str = kind) -> Iterator[Any]:
            run("dedupe", path, "--unit", kind, "--removed", f"{folder}/removed.jsonl", "-o", f"{folder}/kept.jsonl", "--force")
            for line in lines(f"{folder}/removed.jsonl"):
                found = json.loads(line)
                yield unit(found["removed"]), unit(found["repeats"])

        def copies(df: Any, kind: str = kind) -> Iterator[Any]:
            rows = kept(job.exact(df, kind, order="position"))
            return ((row["unit"], row["first"]) for row in rows if row["unit"] != row["first"])

        yield f"the same {kind}s", copies, repeats

    for threshold in args.thresholds if args.only != "same" else ():
        flags = (path, "--shingle", args.shingle, "--threshold", threshold, "--format", "jsonl")

        def expected(flags: Any = flags) -> Iterator[Any]:
            return ((line["left"], line["right"], line["overlap"], line["union"]) for line in run("pairs", *flags))

        # Clusters are made of the pairs that are counted already.
        near: dict[str, Any] = {}

        def pairs(df: Any, threshold: str = threshold, near: dict[str, Any] = near) -> Iterator[Any]:
            scratch = job.Scratch(f"{folder}/scratch-{time.monotonic_ns()}")
            near["edges"] = scratch.keep(job.near(df, args.shingle, threshold, order="position", scratch=scratch), "pairs")
            return ((row["left"], row["right"], row["overlap"], row["union"]) for row in near["edges"].collect())

        def groups(df: Any, near: dict[str, Any] = near) -> Iterator[Any]:
            made: dict[Any, list[str]] = {}
            scratch = f"{folder}/scratch-{time.monotonic_ns()}"
            for row in job.clusters(near["edges"], scratch=scratch).collect():
                made.setdefault(row["cluster"], []).append(row["node"])
            return (tuple(sorted(group)) for group in made.values())

        def clusters(flags: Any = flags) -> Iterator[Any]:
            return (tuple(sorted(line["members"])) for line in run("pairs", *flags, "--clusters"))

        yield f"pairs at {threshold}", pairs, expected
        yield f"clusters at {threshold}", groups, clusters


if __name__ == "__main__":
    sys.exit(main())
