"""The exact near join, spread over a cluster.

1. Every unit becomes its set of shingles. Units with the same set are collapsed to the first of them, and spelt
   out again at the end: ten thousand copies of one text cost one.
2. Shingles are counted, and each set is ordered from its rarest shingle to its most common. Two sets that reach
   the threshold t share one of the first |x| - ceil(t|x|) + 1 shingles of each (prefix filter, Chaudhuri et al.
   2006), and it is their first common one. So only these prefixes are shuffled, with the shingle as the key
   (Vernica, Carey and Li 2010).
3. Who meets at a shingle is a candidate if the lengths and the places of the shingle allow the threshold (length
   filter; positional filter, Xiao et al. 2008). A shingle that thousands meet at is cut into blocks: each pair
   of blocks is a group of its own, so no partition has more than its share, and every pair still meets.
4. Candidates are counted on their words, and that count decides.

Every bound is an integer worked out by cross-multiplying. A set is known by BLAKE3 of its shingles' 64-bit hashes,
so two units count as the same if all their hashes are; every other pair is counted on the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Callable

from pyspark.sql import functions as F

from ._scratch import Scratch
from ._units import Corpus, before, fraction, named, prefixed

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

#: How many units may meet at one shingle before the group is cut: 2,000 make 2 million pairs to look at.
LARGEST_GROUP = 2000


@dataclass(frozen=True)
class Joined:
    """The join of the firsts of all groups of units with the same shingles."""

    corpus: Corpus
    members: DataFrame
    """Units of groups of at least two: its keys, its first's keys with `f_`, `n` shingles. Firsts included."""
    edges: DataFrame
    """Pairs of firsts: keys with `l_` and `r_`, the earlier on the left, `overlap`, `l_n`, `r_n`."""


def near(
    df: DataFrame,
    k: int = 3,
    threshold: float | str | Decimal = 0.8,
    unit: str = "document",
    *,
    text: str = "text",
    id: str = "id",
    order: str | None = None,
    scratch: Scratch | str | None = None,
    check_ids: bool = True,
    largest_group: int = LARGEST_GROUP,
) -> DataFrame:
    """Return every pair of units at or above `threshold`, and no other.

    Columns: left, right (ids; for paragraphs `id#number`, with left_document, left_paragraph, … beside), overlap,
    left_shingles, right_shingles, union. The unit on the left comes first in the order of the column `order`, then
    of the ids.
    """
    joined = join(Corpus.of(df, text, id, order, unit, check_ids), k, threshold, Scratch.of(scratch), largest_group)
    return _named(joined, all_pairs(joined))


def join(
    corpus: Corpus, k: int, threshold: float | str | Decimal, scratch: Scratch, largest_group: int = LARGEST_GROUP
) -> Joined:
    """Join the firsts of all groups of units with the same shingles."""
    if k < 1:
        raise ValueError(f"k is {k}; a shingle has at least one word")
    if largest_group < 1:
        raise ValueError(f"largest_group is {largest_group}; write at least 1")
    numerator, denominator = fraction(threshold)
    keys = list(corpus.keys)
    mapped = corpus.map("shingle_sets", {"key": "binary", "shingles": "array<bigint>"}, k=k, unit=corpus.unit)
    sets = scratch.keep(mapped.withColumn("n", F.size("shingles")), "sets")

    groups = sets.groupBy("key").agg(F.min(F.struct(*keys)).alias("first"), F.count(F.lit(1)).alias("size"))
    firsts_of = groups.where("size > 1").select("key", *(F.col(f"first.{key}").alias(f"f_{key}") for key in keys))
    members = scratch.keep(
        sets.select(*keys, "key", "n").join(firsts_of, "key").select(*keys, *(f"f_{key}" for key in keys), "n"), "members"
    )
    is_first = _all(F.col(key) == F.col(f"f_{key}") for key in keys)
    firsts = sets.join(members.where(~is_first).select(*keys), keys, "left_anti")

    prefixes = scratch.keep(_prefixes(firsts, keys, numerator, denominator), "prefixes")
    candidates = _candidates(prefixes, keys, numerator, denominator, largest_group)
    candidates = scratch.keep(candidates, "candidates")
    edges = scratch.keep(_counted(corpus, candidates, k, numerator, denominator), "edges")
    return Joined(corpus, members, edges)


def _prefixes(firsts: DataFrame, keys: list[str], numerator: int, denominator: int) -> DataFrame:
    """Return the shingles at which sets have to meet: shingle, keys, n, and the shingle's place in the set."""
    flat = firsts.select(*keys, "n", F.explode("shingles").alias("shingle"))
    # A shingle of one set only can match nothing; it counts in the set's size, at the front of the order.
    counts = flat.groupBy("shingle").agg(F.count(F.lit(1)).alias("sets")).where("sets > 1")
    ordered = (
        flat.join(counts, "shingle")
        .groupBy(*keys, "n")
        .agg(F.sort_array(F.collect_list(F.struct("sets", "shingle"))).alias("shared"))
    )
    length = f"(n - (n * {numerator}L + {denominator - 1}L) div {denominator}L + 1 - (n - size(shared)))"
    cut = ordered.withColumn("length", F.expr(f"cast({length} as int)")).where("length > 0")
    placed = cut.select(
        *keys, "n", F.expr("n - size(shared)").alias("alone"), F.posexplode(F.expr("slice(shared, 1, length)")).alias("at", "entry")
    )
    return placed.select(*keys, "n", (F.col("alone") + F.col("at")).alias("at"), F.col("entry.shingle").alias("shingle"))


def _candidates(prefixes: DataFrame, keys: list[str], numerator: int, denominator: int, largest: int) -> DataFrame:
    """Return the pairs that meet at a shingle and may reach the threshold: keys with `l_` and `r_`, once each."""
    met = prefixes.groupBy("shingle").agg(F.count(F.lit(1)).alias("met"))
    met = met.where("met > 1").select("shingle", F.expr(f"cast((met + {largest - 1}) div {largest} as int)").alias("blocks"))
    blocked = prefixes.join(met, "shingle").withColumn("block", F.expr(f"pmod(xxhash64({', '.join(keys)}), blocks)"))
    # Block i meets block j in the group (i, j), i <= j: there the one is on the left and the other on the right.
    left = blocked.withColumn("other", F.explode(F.expr("sequence(cast(block as int), blocks - 1)")))
    right = blocked.withColumn("other", F.explode(F.expr("sequence(0, cast(block as int))")))
    left = prefixed(left.select(*keys, "n", "at", "shingle", F.col("block").alias("i"), F.col("other").cast("bigint").alias("j")), "l_")
    right = prefixed(right.select(*keys, "n", "at", "shingle", F.col("other").cast("bigint").alias("i"), F.col("block").alias("j")), "r_")
    same_group = _all(F.col(f"l_{name}") == F.col(f"r_{name}") for name in ("shingle", "i", "j"))
    pairs = left.join(right, same_group).where(
        # Within one block each pair meets twice; between two blocks once, whichever comes first.
        ((F.col("l_i") < F.col("l_j")) | before(keys, "l_", "r_"))
        & F.expr(f"l_n * {denominator}L >= r_n * {numerator}L")
        & F.expr(f"r_n * {denominator}L >= l_n * {numerator}L")
        & F.expr(f"least(l_n - l_at, r_n - r_at) * {numerator + denominator}L >= (l_n + r_n) * {numerator}L")
    )
    turned = before(keys, "r_", "l_")
    ends = [F.when(turned, F.col(f"{b}{key}")).otherwise(F.col(f"{a}{key}")).alias(f"{a}{key}")
            for a, b in (("l_", "r_"), ("r_", "l_")) for key in keys]  # fmt: skip
    return pairs.select(*ends).distinct()


def _counted(corpus: Corpus, candidates: DataFrame, k: int, numerator: int, denominator: int) -> DataFrame:
    """Return the candidates that reach the threshold, counted on their words."""
    keys = corpus.keys
    texts = corpus.map("units", {"text": "string"}, unit=corpus.unit)
    both = candidates
    for side, name in (("l_", "left_text"), ("r_", "right_text")):
        sided = prefixed(texts, side).withColumnRenamed(f"{side}text", name)
        both = both.join(sided, [f"{side}{key}" for key in keys])
    ends = [f"{side}{key}" for side in ("l_", "r_") for key in keys]
    both = both.select(*ends, "left_text", "right_text")
    schema = ", ".join(f"{end} {corpus.types[end[2:]]}" for end in ends)
    counted = both.mapInArrow(_counter(k, ends), f"{schema}, overlap bigint, l_n bigint, r_n bigint")
    return counted.where(f"overlap * {denominator}L >= (l_n + r_n - overlap) * {numerator}L")


def _counter(k: int, ends: list[str]) -> Callable[[Iterable[Any]], Iterator[Any]]:
    def run(batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow

        import copydesk

        for batch in batches:
            if batch.num_rows == 0:
                continue
            counts = copydesk.overlaps(batch, k)
            columns = [batch.column(end) for end in ends]
            columns += [counts.column(at).cast(pyarrow.int64()) for at in range(3)]
            yield pyarrow.RecordBatch.from_arrays(columns, [*ends, "overlap", "l_n", "r_n"])

    return run


def all_pairs(joined: Joined) -> DataFrame:
    """Return the pairs of all units: those of firsts, spelt out for their groups, and those within a group."""
    keys = list(joined.corpus.keys)
    members = joined.members
    pairs = joined.edges
    for side in ("l_", "r_"):
        group = members.select(
            *(F.col(f"f_{key}").alias(f"{side}{key}") for key in keys), *(F.col(key).alias(f"m_{side}{key}") for key in keys)
        )
        pairs = pairs.join(group, [f"{side}{key}" for key in keys], "left")
    ends = {f"{side}{key}": F.coalesce(f"m_{side}{key}", f"{side}{key}") for side in ("l_", "r_") for key in keys}
    pairs = pairs.select(*(end.alias(name) for name, end in ends.items()), "overlap", "l_n", "r_n")
    turned = before(keys, "r_", "l_")
    across = pairs.select(
        *(F.when(turned, F.col(f"{b}{name}")).otherwise(F.col(f"{a}{name}")).alias(f"{a}{name}")
          for a, b in (("l_", "r_"), ("r_", "l_")) for name in (*keys, "n")),
        "overlap",
    )  # fmt: skip
    firsts = [f"f_{key}" for key in keys]
    left = members.select(*firsts, "n", *(F.col(key).alias(f"l_{key}") for key in keys))
    right = members.select(*firsts, *(F.col(key).alias(f"r_{key}") for key in keys))
    n = F.col("n").cast("bigint")
    within = left.join(right, firsts).where(before(keys, "l_", "r_")).select(
        *(f"l_{key}" for key in keys), n.alias("l_n"), *(f"r_{key}" for key in keys), n.alias("r_n"), n.alias("overlap")
    )  # fmt: skip
    return across.unionByName(within)


def _named(joined: Joined, pairs: DataFrame) -> DataFrame:
    union = (F.col("l_n") + F.col("r_n") - F.col("overlap")).alias("union")
    return pairs.select(
        *named(joined.corpus, "l_", "left"),
        *named(joined.corpus, "r_", "right"),
        "overlap",
        F.col("l_n").alias("left_shingles"),
        F.col("r_n").alias("right_shingles"),
        union,
    )


def _all(conditions: Iterable[Column]) -> Column:
    return reduce(lambda first, second: first & second, conditions)
