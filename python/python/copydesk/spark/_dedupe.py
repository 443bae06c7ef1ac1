"""What is left of a corpus without its repeats."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pyspark.sql import functions as F

from ._exact import same
from ._near import join
from ._scratch import Scratch
from ._units import Corpus, before, prefixed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: More rounds than any chain of near copies is long whose texts a person would call copies.
MOST_ROUNDS = 1000


class Deduped(NamedTuple):
    """A corpus without its repeats."""

    kept: DataFrame
    """The rows that stay, all columns as they were."""
    removed: DataFrame
    """What goes: removed and repeats (ids), overlap and union (null where the normal forms are the same)."""


def dedupe(
    df: DataFrame,
    near: float | str | Decimal | None = None,
    k: int = 3,
    *,
    text: str = "text",
    id: str = "id",
    order: str | None = None,
    scratch: Scratch | str | None = None,
    check_ids: bool = True,
) -> Deduped:
    """Return `df` without the documents that repeat another, and what went and why.

    Without `near`, a repeat has the same `standard` normal form as a document that stays; with it, at least this
    similarity to one that stays (not to one that goes itself). Of several, the first in the order of the column
    `order` stays, then of the ids: name a column to get the same as the command line, which goes by the input.
    """
    kept = Scratch.of(scratch)
    corpus = Corpus.of(df, text, id, order, "document", check_ids)
    removed = _exact(corpus) if near is None else _near(corpus, near, k, kept)
    removed = kept.keep(removed, "removed")
    gone = removed.select(F.col("removed").alias("copydesk removed"))
    stays = df.join(gone, F.col(f"`{id}`") == F.col("`copydesk removed`"), "left_anti")
    return Deduped(stays, removed)


def _exact(corpus: Corpus) -> DataFrame:
    members = same(corpus).where(F.col("d") != F.col("first.d"))
    nothing = F.lit(None).cast("bigint")
    return members.select(
        F.col("d").alias("removed"), F.col("first.d").alias("repeats"), nothing.alias("overlap"), nothing.alias("union")
    )


def _near(corpus: Corpus, threshold: float | str | Decimal, k: int, scratch: Scratch) -> DataFrame:
    """Decide greedily, in the order of the corpus: a unit goes if it is near one before it that stays.

    In rounds: of the units that are still open, those with no open one before them near to them stay, and what is
    near to these goes. That gives what going through the corpus once from the front gives.
    """
    keys = [key for key in corpus.keys if key != "p"]
    joined = join(corpus, k, threshold, scratch)
    union = F.col("l_n") + F.col("r_n") - F.col("overlap")
    lefts, rights = [f"l_{key}" for key in keys], [f"r_{key}" for key in keys]
    # The earlier is on the left. An edge goes as soon as one of its ends is decided.
    edges = joined.edges.select(*lefts, *rights, "overlap", union.alias("union"))
    still_open, gone = edges, None
    for _ in range(MOST_ROUNDS):
        earlier, later = _ends(still_open, "l_", keys), _ends(still_open, "r_", keys)
        stays = scratch.keep(earlier.join(later, keys, "left_anti"), "stays")
        if not stays.limit(1).collect():
            break
        told = still_open.join(prefixed(stays, "l_"), lefts, "left_semi")
        goes = scratch.keep(_ends(told, "r_", keys), "goes")
        gone = goes if gone is None else gone.union(goes)
        rest = still_open.join(prefixed(stays, "l_"), lefts, "left_anti")
        rest = rest.join(prefixed(goes, "l_"), lefts, "left_anti").join(prefixed(goes, "r_"), rights, "left_anti")
        still_open = scratch.keep(rest, "open")
    else:
        raise RuntimeError(f"{MOST_ROUNDS} rounds did not decide what stays: this is a fault of copydesk, please report it")

    n = F.col("n").cast("bigint")
    copies = joined.members.where(before(keys, "f_", "")).select(*keys, *(f"f_{key}" for key in keys), n.alias("n"))
    same_set = copies.select(
        F.col("d").alias("removed"), F.col("f_d").alias("repeats"), F.col("n").alias("overlap"), F.col("n").alias("union"),
        *(f"f_{key}" for key in keys),
    )  # fmt: skip
    if gone is None:
        return same_set.select("removed", "repeats", "overlap", "union")
    # What goes repeats the earliest before it that is near to it and stays.
    to_one_that_stays = edges.join(prefixed(gone, "r_"), rights, "left_semi").join(prefixed(gone, "l_"), lefts, "left_anti")
    nearest = to_one_that_stays.groupBy(*rights).agg(F.min(F.struct(*lefts, "overlap", "union")).alias("to"))
    going = scratch.keep(
        nearest.select(
            *(F.col(f"r_{key}").alias(f"f_{key}") for key in keys),
            F.col("to.l_d").alias("repeats"), F.col("to.overlap").alias("overlap"), F.col("to.union").alias("union"),
        ),
        "going",
    )  # fmt: skip
    ends = [f"f_{key}" for key in keys]
    columns = ["removed", "repeats", "overlap", "union"]
    firsts = going.withColumn("removed", F.col("f_d")).select(*columns)
    # Copies with the same shingles go where their first goes; where it stays, they repeat it.
    with_first = copies.select(F.col("d").alias("removed"), *ends).join(going, ends).select(*columns)
    of_one_that_stays = same_set.join(going.select(*ends), ends, "left_anti").select(*columns)
    return firsts.unionByName(with_first).unionByName(of_one_that_stays)


def _ends(edges: DataFrame, side: str, keys: list[str]) -> DataFrame:
    """Return the units on one side of edges, once each."""
    return edges.select(*(F.col(side + key).alias(key) for key in keys)).distinct()
