"""Connected groups, by alternating large-star and small-star (Kiveris et al. 2014).

Each operation joins the neighbours of a node to the least of them; a few rounds, logarithmic in the nodes, turn
every connected group into a star around its least node. No node has to see its whole group at once in memory, and
nothing beside a DataFrame is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from ._scratch import Scratch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: More rounds than any graph needs that fits on disks: the bound is in log² of the nodes, the practice far below.
MOST_ROUNDS = 100


def clusters(
    edges: DataFrame, left: str = "left", right: str = "right", *, scratch: Scratch | str | None = None
) -> DataFrame:
    """Return the connected groups that `edges` make: node, and cluster, which is the least node of its group.

    Nodes without an edge have no row; a pair of a node with itself is none.
    """
    kept = Scratch.of(scratch)
    for name in (left, right):
        if name not in edges.columns:
            raise ValueError(f"no column is called {name!r}; there are {', '.join(map(repr, edges.columns))}")
    a, b = F.col(f"`{left}`"), F.col(f"`{right}`")
    pairs = edges.where(a != b).select(F.greatest(a, b).alias("high"), F.least(a, b).alias("low")).distinct()
    pairs = kept.keep(pairs, "star")
    for _ in range(MOST_ROUNDS):
        if _are_stars(pairs):
            centres = pairs.select(F.col("low").alias("node"), F.col("low").alias("cluster")).distinct()
            return centres.union(pairs.select(F.col("high").alias("node"), F.col("low").alias("cluster")))
        pairs = kept.keep(_small_star(_large_star(pairs)), "star")
    raise RuntimeError(f"{MOST_ROUNDS} rounds did not make stars: this is a fault of copydesk, please report it")


def _are_stars(pairs: DataFrame) -> bool:
    """Whether every node hangs on one other, and that one on none: then it is the least of its group."""
    several = pairs.groupBy("high").count().where("count > 1").limit(1)
    hanging = pairs.select(F.col("high").alias("low")).join(pairs, "low", "left_semi").limit(1)
    return not several.collect() and not hanging.collect()


def _large_star(pairs: DataFrame) -> DataFrame:
    """Join the greater neighbours of each node to the least of all its neighbours and itself."""
    both = pairs.select(F.col("high").alias("node"), F.col("low").alias("next")).union(
        pairs.select(F.col("low").alias("node"), F.col("high").alias("next"))
    )
    least = both.groupBy("node").agg(F.min("next").alias("least"))
    least = least.select("node", F.least("node", "least").alias("least"))
    return both.join(least, "node").where("next > node").select(F.col("next").alias("high"), F.col("least").alias("low")).distinct()


def _small_star(pairs: DataFrame) -> DataFrame:
    """Join each node and its lesser neighbours to the least of these."""
    least = pairs.groupBy("high").agg(F.min("low").alias("least"))
    joined = pairs.join(least, "high")
    lesser = joined.where("low > least").select(F.col("low").alias("high"), F.col("least").alias("low"))
    return lesser.union(least.select("high", F.col("least").alias("low"))).distinct()
