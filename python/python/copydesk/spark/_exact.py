"""Which units are the same: equal digests of the normal form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from ._units import Corpus, named

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def exact(
    df: DataFrame,
    unit: str = "document",
    *,
    min_words: int = 1,
    counted: bool = False,
    text: str = "text",
    id: str = "id",
    order: str | None = None,
    check_ids: bool = True,
) -> DataFrame:
    """Return the units of which there are several: same `standard` normal form, at least `min_words` words.

    Columns: digest, unit (the id; for paragraphs `id#number`, with unit_document and unit_paragraph beside), first
    (likewise; the first of the group in the order of the column `order`, then of the ids), size (of the group). The
    first is a row too. With `counted`, only paragraphs of the kinds that count for the rules about repeats.
    """
    corpus = Corpus.of(df, text, id, order, unit, check_ids)
    members = same(corpus, min_words, counted).where("size > 1")
    firsts = [F.col(f"first.{key}").alias(f"f_{key}") for key in corpus.keys]
    members = members.select("digest", *corpus.keys, *firsts, "size")
    return members.select("digest", *named(corpus, "", "unit"), *named(corpus, "f_", "first"), "size")


def same(corpus: Corpus, min_words: int = 1, counted: bool = False) -> DataFrame:
    """Return all units with at least `min_words` words: keys, digest, first (a struct of keys), size."""
    if corpus.unit == "document":
        units = corpus.map("documents", {"digest": "binary", "words": "bigint"})
    else:
        units = corpus.map("paragraphs", {"digest": "binary", "words": "bigint", "counts": "boolean"})
        if counted:
            units = units.where("counts")
    units = units.where(f"words >= {max(1, int(min_words))}").select(*corpus.keys, "digest")
    groups = units.groupBy("digest").agg(
        F.min(F.struct(*corpus.keys)).alias("first"), F.count(F.lit(1)).alias("size")
    )
    return units.join(groups.where("size > 1"), "digest")

