"""The same answers from Apache Spark, for corpora that outgrow one machine.

Shuffle, spill and retries are Spark's; what is a paragraph, a word, a shingle or the same is decided on the
workers by the functions that the command line uses, called from `mapInArrow`. The functions here take a
DataFrame with a column of ids and a column of texts, and give DataFrames; they run on Spark 4 (also through
Spark Connect) and on what speaks its protocol, such as Sail.

- `exact`: which units are the same.
- `near`: which units are nearly the same: every pair at or above the threshold, and no other.
- `clusters`: the connected groups that pairs make.
- `dedupe`: the corpus without its repeats, and a list of what was left out and why.

`python -m copydesk.spark` runs them on files.
"""

from ._clusters import clusters
from ._dedupe import Deduped, dedupe
from ._exact import exact
from ._near import near
from ._scratch import Scratch

__all__ = ["Deduped", "Scratch", "clusters", "dedupe", "exact", "near"]
