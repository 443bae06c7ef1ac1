"""`copydesk.spark` gives the rows of the command line, at any number of partitions. Run on Sail: no JVM is needed."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings

import pyarrow
import pyarrow.parquet
import pytest

pytest.importorskip("pysail", reason="pysail is not installed: copydesk.spark is not tested")

import copydesk  # noqa: E402
from copydesk import spark as job  # noqa: E402


@pytest.fixture(scope="module")
def session():
    from pysail.spark import SparkConnectServer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        server = SparkConnectServer(port=0)
        server.start(background=True)
        spark = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
        yield spark
        spark.stop()
        server.stop()


@pytest.fixture
def partitions(request, session):
    """How many partitions: 8, or what a test says."""
    number = getattr(request, "param", 8)
    session.conf.set("spark.sql.shuffle.partitions", str(number))
    return number


at_any_number = pytest.mark.parametrize("partitions", [2, 8, 32], indirect=True)


@pytest.fixture
def frame(session, corpus, partitions):
    rows = [(row, record["id"], record["text"]) for row, record in enumerate(corpus)]
    return session.createDataFrame(rows, "position bigint, id string, text string").repartition(partitions)


def lines(done):
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("unit", "k", "threshold"), [("document", 3, ".8"), ("document", 3, ".5"), ("paragraph", 3, ".5"), ("document", 1, "1")]
)
def test_pairs_are_those_of_the_command_line(frame, corpus_file, copydesk_cli, unit, k, threshold):
    same_pairs(frame, corpus_file, copydesk_cli, unit, k, threshold)


@at_any_number
def test_pairs_are_the_same_at_any_number_of_partitions(frame, corpus_file, copydesk_cli):
    same_pairs(frame, corpus_file, copydesk_cli, "document", 2, ".4")


def same_pairs(frame, corpus_file, copydesk_cli, unit, k, threshold):
    done = copydesk_cli(
        "pairs", corpus_file, "--unit", unit, "--shingle", k, "--threshold", threshold, "--format", "jsonl"
    )
    expected = [(line["left"], line["right"], line["overlap"], line["union"]) for line in lines(done)]
    assert expected
    found = job.near(frame, k, threshold, unit, order="position").collect()
    assert sorted((row["left"], row["right"], row["overlap"], row["union"]) for row in found) == sorted(expected)


@pytest.mark.parametrize("largest", [1, 2, 3])
def test_groups_cut_into_blocks_lose_nothing(session, corpus, largest):
    session.conf.set("spark.sql.shuffle.partitions", "4")
    # Every text ends alike, so that thousands of pairs meet at the common shingles.
    texts = [(record["id"], record["text"] + " and so it goes on") for record in corpus]
    frame = session.createDataFrame(texts, "id string, text string")
    expected = {(pair.left, pair.right, pair.overlap) for pair in copydesk.pairs(
        [{"id": id, "text": text} for id, text in sorted(texts)], threshold=0.05)}  # fmt: skip
    found = job.near(frame, threshold="0.05", largest_group=largest).collect()
    assert len(found) == len(expected)
    assert {(row["left"], row["right"], row["overlap"]) for row in found} == expected


def test_clusters_are_those_of_the_command_line(frame, corpus_file, copydesk_cli):
    done = copydesk_cli("pairs", corpus_file, "--clusters", "--threshold", ".5", "--format", "jsonl")
    expected = sorted(sorted(line["members"]) for line in lines(done))
    groups: dict[str, list[str]] = {}
    for row in job.clusters(job.near(frame, threshold=".5", order="position")).collect():
        groups.setdefault(row["cluster"], []).append(row["node"])
    assert sorted(sorted(group) for group in groups.values()) == expected
    assert all(cluster == min(group) for cluster, group in groups.items())


@at_any_number
def test_clusters_of_chains_circles_and_stars(session, partitions):
    chain = [(n, n + 1) for n in range(0, 100)]
    circle = [(n, 200 + (n - 199) % 50) for n in range(200, 250)]
    star = [(999, n) for n in range(300, 340)] + [(5, 5)]
    edges = session.createDataFrame(chain + circle + star, "left bigint, right bigint")
    found = {row["node"]: row["cluster"] for row in job.clusters(edges).collect()}
    expected = {n: 0 for n in range(101)} | {n: 200 for n in range(200, 250)} | {n: 300 for n in (*range(300, 340), 999)}
    assert found == expected
    assert job.clusters(edges.where("left < 0")).collect() == []


@pytest.mark.parametrize("near", [None, ".8", ".3"])
def test_kept_rows_are_those_of_the_command_line(frame, corpus, corpus_file, copydesk_cli, tmp_path, near):
    flags = [] if near is None else ["--near", near]
    done = copydesk_cli("dedupe", corpus_file, *flags, "-o", tmp_path / "kept.jsonl", "--removed", tmp_path / "removed.jsonl")
    assert done.returncode == 0, done.stderr
    kept = [json.loads(line)["id"] for line in (tmp_path / "kept.jsonl").read_text(encoding="utf-8").splitlines()]
    removed = [json.loads(line) for line in (tmp_path / "removed.jsonl").read_text(encoding="utf-8").splitlines()]
    found = job.dedupe(frame, near, order="position")
    assert found.kept.columns == frame.columns
    assert sorted(row["id"] for row in found.kept.collect()) == sorted(kept)
    expected = {(line["removed"]["id"], line["repeats"]["id"], line["similarity"].get("overlap"), line["similarity"].get("union"))
                for line in removed}  # fmt: skip
    assert {(row["removed"], row["repeats"], row["overlap"], row["union"]) for row in found.removed.collect()} == expected
    assert len(expected) == len(removed)


def test_exact_groups_are_those_of_the_command_line(frame, corpus):
    groups: dict[str, set[str]] = {}
    firsts: dict[str, set[str]] = {}
    for row in job.exact(frame, "paragraph", min_words=5, counted=True, order="position").collect():
        assert row["size"] > 1
        groups.setdefault(bytes(row["digest"]).hex()[:32], set()).add(row["unit"])
        firsts.setdefault(bytes(row["digest"]).hex()[:32], set()).add(row["first"])
    # The ids are in the order of the positions, but not the numbers behind them.
    def place(unit):
        document, number = unit.split("#")
        return document, int(number)

    assert firsts == {digest: {min(units, key=place)} for digest, units in groups.items()}
    report = copydesk.check(corpus, select="shared-paragraph,repeated-paragraph", now="2026-11-21")
    for finding in report:
        if finding.place.paragraph:
            assert f"{finding.id}#{finding.place.paragraph}" in groups[finding.fingerprint]
    by_digest: dict[bytes, list[str]] = {}
    batch = pyarrow.record_batch({"id": [r["id"] for r in corpus], "text": [r["text"] for r in corpus]})
    for row in copydesk.paragraphs(batch).to_pylist():
        if row["counts"] and row["words"] >= 5:
            by_digest.setdefault(row["digest"].hex()[:32], []).append(f"{row['document']}#{row['paragraph']}")
    assert groups == {digest: set(units) for digest, units in by_digest.items() if len(units) > 1}


@pytest.mark.parametrize(
    ("rows", "schema", "error", "message"),
    [
        ([("a", None)], "id string, text string", ValueError, "column 'text': is null in the row of id 'a'"),
        ([(None, "x")], "id string, text string", ValueError, "column 'id': is null"),
        ([("a", "x"), ("a", "y")], "id string, text string", ValueError, "column 'id': 'a' stands in 2 rows"),
        ([("a", 1)], "id string, text bigint", TypeError, "column 'text' holds bigint, not text"),
        ([(1.5, "x")], "id double, text string", TypeError, "column 'id' holds double"),
        ([("a", "x")], "id string, body string", ValueError, "no column is called 'text'; there are 'id', 'body'"),
    ],
)
def test_what_is_wrong_is_named(session, rows, schema, error, message):
    frame = session.createDataFrame(rows, schema)
    for run in (job.near, job.exact, job.dedupe):
        with pytest.raises(error, match=message):
            run(frame)


def test_bytes_that_are_no_utf8_are_named(session):
    frame = session.createDataFrame([("a", b"fine text here"), ("b", b"caf\xe9")], "id string, text binary")
    with pytest.raises(Exception, match=r"column \"text\", row \d+: is not UTF-8 at byte 3; decode it first \(id 'b'\)"):
        job.near(frame).collect()


def test_a_worker_without_the_package_says_so():
    from pyspark import cloudpickle

    from copydesk.spark import _units

    # What goes to a worker, opened in a process in which the package cannot be imported.
    sent = cloudpickle.dumps(_units._mapper("documents", ["d"], ("d", "p"), ("digest",), {}))
    program = "import pickle, sys; sys.modules['copydesk'] = None; next(pickle.load(sys.stdin.buffer)([]), None)"
    done = subprocess.run([sys.executable, "-c", program], input=sent, capture_output=True, check=False)
    said = done.stderr.decode().splitlines()[-1]
    assert said.startswith("RuntimeError: worker ") and "has no package copydesk" in said and "--archives" in said


def test_nothing_is_half_written(tmp_path):
    rows = [json.dumps({"id": f"r{row}", "text": f"text {row} of the day"}) for row in range(50)]
    (tmp_path / "twice.jsonl").write_text("\n".join([*rows, rows[7]]), encoding="utf-8")
    texts = pyarrow.table({"id": ["a", "b"], "text": pyarrow.array([b"fine text here", b"caf\xe9 au lait"])})
    pyarrow.parquet.write_table(texts, tmp_path / "bytes.parquet")
    twice, octets = "column 'id': 'r7' stands in 2 rows", "is not UTF-8 at byte 3; decode it first (id 'b')"
    for name, source, message in (
        ("pairs", "twice.jsonl", twice), ("check", "bytes.parquet", octets), ("pairs", "bytes.parquet", octets),
        ("dedupe", "bytes.parquet", octets),
    ):  # fmt: skip
        out = tmp_path / f"{name}-{source}"
        command = [sys.executable, "-W", "ignore", "-m", "copydesk.spark", name, tmp_path / source, "--sail", "--out", out]
        done = subprocess.run([str(part) for part in command], capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert done.stderr.startswith("error: column ") and message in done.stderr
        assert not out.exists()


def test_a_corpus_without_pairs_gives_none(session):
    frame = session.createDataFrame([("a", "one two three"), ("b", ""), ("c", "—")], "id string, text string")
    assert job.near(frame).collect() == []
    assert job.dedupe(frame, ".8").removed.collect() == []
    assert job.dedupe(frame, ".8").kept.count() == 3


def test_the_job_writes_what_the_command_line_finds(corpus_file, copydesk_cli, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-W", "ignore", "-m", "copydesk.spark", "pairs", str(corpus_file), "--sail"]
    command += ["--out", str(out), "--format", "jsonl", "--partitions", "4"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    parts = sorted(out.rglob("*.json*"))
    rows = [json.loads(line) for part in parts for line in part.read_text(encoding="utf-8").splitlines()]
    expected = lines(copydesk_cli("pairs", corpus_file, "--format", "jsonl"))
    assert sorted((row["left"], row["right"], row["overlap"]) for row in rows) == sorted(
        (line["left"], line["right"], line["overlap"]) for line in expected
    )
    again = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (again.returncode, again.stderr.splitlines()[-1]) == (
        2, f"error: {out} is there already: name another --out, or remove it")  # fmt: skip
