"""`copydesk.pairs` gives the pairs of the command line, row for row."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import copydesk


@pytest.mark.parametrize("unit", ["document", "paragraph"])
@pytest.mark.parametrize(("k", "threshold"), [(3, 0.8), (3, ".5"), (2, Decimal("0.55")), (1, 1)])
def test_rows_are_those_of_the_command_line(corpus, corpus_file, copydesk_cli, unit, k, threshold):
    done = copydesk_cli(
        "pairs", corpus_file, "--unit", unit, "--shingle", str(k), "--threshold", str(threshold), "--format", "jsonl"
    )
    expected = [json.loads(line) for line in done.stdout.splitlines()]
    assert expected, done.stderr

    def name(unit):
        return unit if isinstance(unit, str) else f"{unit[0]}#{unit[1]}"

    found = copydesk.pairs(corpus, k, threshold, unit)
    assert [(name(pair.left), name(pair.right), pair.overlap, pair.union) for pair in found] == [
        (line["left"], line["right"], line["overlap"], line["union"]) for line in expected
    ]


def test_containment_is_that_of_the_command_line(corpus, corpus_file, copydesk_cli):
    done = copydesk_cli("pairs", corpus_file, "--measure", "containment", "--threshold", ".9", "--format", "jsonl")
    expected = [json.loads(line) for line in done.stdout.splitlines()]
    found = copydesk.pairs(corpus, threshold=0.9, measure="containment")
    assert [(pair.left, pair.right, pair.overlap, pair.left_shingles) for pair in found] == [
        (line["left"], line["right"], line["overlap"], line["left_shingles"]) for line in expected
    ]


def test_clusters_are_those_of_the_command_line(corpus, corpus_file, copydesk_cli):
    done = copydesk_cli("pairs", corpus_file, "--clusters", "--threshold", ".8", "--format", "jsonl")
    expected = [json.loads(line)["members"] for line in done.stdout.splitlines()]
    assert copydesk.pairs(corpus).clusters() == expected


def test_pairs_are_a_sequence_and_a_batch(corpus):
    found = copydesk.pairs(corpus, threshold=0.5)
    rows = {record["id"]: row for row, record in enumerate(corpus)}
    batch = found.to_arrow()
    assert batch.num_rows == len(found) > 3
    assert batch.column("left").to_pylist() == [rows[pair.left] for pair in found]
    assert batch.column("similarity").to_pylist() == [pair.similarity for pair in found]
    assert found[-1] == list(found)[-1] and found[1:3] == list(found)[1:3]
    with pytest.raises(IndexError):
        found[len(found)]
    assert "left_paragraph" in copydesk.pairs(corpus, unit="paragraph").to_arrow().schema.names


def test_a_pair_at_the_threshold_is_in():
    # Four of five words: a threshold of .8 as a binary fraction would be above 4/5.
    found = copydesk.pairs(["one two three four five", "one two three four"], k=1, threshold=0.8)
    assert [(pair.overlap, pair.union) for pair in found] == [(4, 5)]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"k": 0}, "k is 0"), ({"unit": "page"}, "write document or paragraph"), ({"measure": "cosine"}, "jaccard")],
)
def test_an_option_that_is_wrong_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        copydesk.pairs(["a", "b"], **options)


def test_too_little_memory_is_told():
    with pytest.raises(MemoryError, match="raise memory_limit"):
        copydesk.pairs(["the same text in all"] * 100, memory_limit=20_000)
