"""`python -m copydesk.spark check|pairs|dedupe INPUT… --out DIR`: the jobs, on files that Spark reads."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import Scratch, clusters, dedupe, exact, near

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

DESCRIPTION = "Finds repeats in corpora that outgrow one machine, on Apache Spark."


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    whole = argparse.ArgumentParser("python -m copydesk.spark", description=DESCRIPTION)
    commands = whole.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="write the groups of paragraphs, or documents, that are the same")
    pairs = commands.add_parser("pairs", help="write every pair at or above the threshold, or the clusters they make")
    without = commands.add_parser("dedupe", help="write the corpus without its repeats (kept/) and what went (removed/)")
    for command in (check, pairs, without):
        command.add_argument("inputs", nargs="+", metavar="INPUT", help="JSONL or Parquet: file, folder, s3a:// or hdfs:// path")
        command.add_argument("--out", required=True, metavar="DIR", help="where to write; must not be there yet")
        command.add_argument("--format", choices=("parquet", "jsonl"), default="parquet", help="what to write")
        command.add_argument("--input-format", choices=("parquet", "jsonl"), help="what to read [default: by the name]")
        command.add_argument("--text", default="text", metavar="COLUMN", help="the column of texts")
        command.add_argument("--id", default="id", metavar="COLUMN", help="the column of ids")
        command.add_argument("--order", metavar="COLUMN", help="the column that orders the corpus [default: the ids]")
        command.add_argument("--scratch", metavar="DIR", help="for results between stages; on a cluster, one all workers see")
        command.add_argument("--partitions", type=int, metavar="N", help="of a shuffle [default: Spark's]")
        where = command.add_mutually_exclusive_group()
        where.add_argument("--master", default="local[*]", help="where to run, such as local[4], spark://HOST:7077, yarn")
        where.add_argument("--remote", metavar="URL", help="a Spark Connect server, such as sc://HOST:15002")
        where.add_argument("--sail", action="store_true", help="run on Sail in this process (needs pysail)")
    for command in (check, pairs):
        command.add_argument("--unit", choices=("document", "paragraph"), help="what is compared")
    check.add_argument("--min-words", type=int, default=5, metavar="N", help="leave out what has fewer words")
    for command in (pairs, without):
        command.add_argument("--shingle", type=int, default=3, metavar="K", help="words in a shingle")
    pairs.add_argument("--threshold", default="0.8", help="how much must be shared")
    pairs.add_argument("--clusters", action="store_true", help="write the groups that pairs make")
    without.add_argument("--near", metavar="THRESHOLD", help="leave out what is nearly the same, too")
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Run one job; return 0, or 2 after one line about what was wrong with the call or its input."""
    args = parser().parse_args(arguments)
    there = f"{args.out} is there already: name another --out, or remove it"
    local = _local(args.out)
    if local is not None and local.exists():
        return _wrong(there)
    try:
        with _session(args) as spark:
            if local is None and _is_there(spark, args.out):
                return _wrong(there)
            scratch = Scratch(args.scratch)
            results = _results(_read(spark, args), args, scratch)
            # All is worked out before the first of it is written: what is wrong with the input is met by then.
            for name, result in {name: scratch.keep(result, "result") for name, result in results.items()}.items():
                target = f"{args.out.rstrip('/')}/{name}" if name else args.out
                writer = result.write.mode("error")
                writer.json(target) if args.format == "jsonl" else writer.parquet(target)
    except (ValueError, TypeError) as error:
        return _wrong(str(error))
    except Exception as error:
        if not type(error).__module__.startswith("pyspark"):
            raise
        return _wrong(_cause(str(error)))
    return 0


def _local(path: str) -> Path | None:
    """Return a path of this machine; None for one of a distributed file system."""
    if path.startswith("file:"):
        return Path(path.removeprefix("file:").removeprefix("//"))
    return None if "://" in path else Path(path)


def _is_there(spark: SparkSession, path: str) -> bool:
    """Whether something stands at a path of a distributed file system: only its engine can look."""
    from pyspark.errors import AnalysisException

    try:
        # An engine looks for the files when it is asked for the columns, and reads none of them.
        return bool(spark.read.format("text").load(path).columns)
    except AnalysisException as error:
        if "PATH_NOT_FOUND" in str(error):
            return False
        raise


@contextmanager
def _session(args: argparse.Namespace) -> Iterator[SparkSession]:
    """Give the session that was asked for, and end it; a server of Sail lives as long."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("copydesk")
    server: Any = None
    if args.sail:
        # Sail tells what it does line by line, unless something else was asked for.
        os.environ.setdefault("RUST_LOG", "error")
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer(port=0)
        server.start(background=True)
        builder = builder.remote(f"sc://localhost:{server.listening_address[1]}")
    elif args.remote:
        builder = builder.remote(args.remote)
    else:
        if args.master.startswith("local"):
            # Workers of this machine run the Python that runs this, not the first one on the path.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master(args.master)
    spark: SparkSession = builder.getOrCreate()
    try:
        if args.partitions:
            spark.conf.set("spark.sql.shuffle.partitions", str(args.partitions))
        yield spark
    finally:
        spark.stop()
        if server is not None:
            server.stop()


def _read(spark: SparkSession, args: argparse.Namespace) -> DataFrame:
    kind = args.input_format or ("jsonl" if any(".json" in name or ".ndjson" in name for name in args.inputs) else "parquet")
    if kind == "parquet":
        return spark.read.parquet(*args.inputs)
    if args.command == "dedupe" or args.order:
        # All fields are written again, so all are read.
        return spark.read.json(list(args.inputs))
    return spark.read.schema(f"`{args.id}` string, `{args.text}` string").json(list(args.inputs))


def _results(df: DataFrame, args: argparse.Namespace, scratch: Scratch) -> dict[str, DataFrame]:
    columns: dict[str, Any] = {"text": args.text, "id": args.id, "order": args.order}
    if args.command == "check":
        return {"": exact(df, args.unit or "paragraph", min_words=args.min_words, counted=True, **columns)}
    if args.command == "pairs":
        edges = near(df, args.shingle, args.threshold, args.unit or "document", scratch=scratch, **columns)
        return {"": clusters(edges, scratch=scratch) if args.clusters else edges}
    done = dedupe(df, args.near, args.shingle, scratch=scratch, **columns)
    return {"kept": done.kept, "removed": done.removed}


#: What our own functions raise on a worker, and what is raised where a worker lacks what they need.
_OURS = ("ValueError: ", "TypeError: ", "RuntimeError: ", "ModuleNotFoundError: ")


def _cause(message: str) -> str:
    """Return the line of an engine's message that says what was wrong: the last that names an error of ours."""
    lines = [line.strip() for line in message.splitlines()]
    ours = [line for line in lines if line.startswith(_OURS)]
    return ours[-1].split(": ", 1)[1] if ours else next((line for line in lines if line), "no reason was given")


def _wrong(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
