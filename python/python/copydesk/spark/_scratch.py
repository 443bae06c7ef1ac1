"""Where results between two stages are kept.

A stage that is used twice, and each round of an iteration, is written and read again: it is worked out once, the
plan behind it is forgotten, and a lost executor costs what it was working on and nothing before.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


#: Spark sends a table whole to every worker when its files are small. Ours are many times larger in memory than in a
#: file (sets of numbers, texts), and the driver that gathers them runs out of memory; so every join is a shuffle.
BROADCAST = "spark.sql.autoBroadcastJoinThreshold"


class Scratch:
    """A folder for results between stages.

    On a cluster it has to be one that all workers see (hdfs, s3a, a shared disk), and whoever named it removes
    it. Without a name it is a temporary folder of this machine, removed when the process ends: right for
    `local[…]`, for `local-cluster[…]` and for Sail in this process.
    """

    def __init__(self, folder: str | None = None) -> None:
        if folder is None:
            folder = tempfile.mkdtemp(prefix="copydesk-spark-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self.folder = folder.rstrip("/")
        self._count = 0

    @classmethod
    def of(cls, scratch: Scratch | str | None) -> Scratch:
        """Return `scratch`, or a new one in that folder."""
        return scratch if isinstance(scratch, Scratch) else cls(scratch)

    def keep(self, df: DataFrame, name: str) -> DataFrame:
        """Work `df` out, and return it as it was kept."""
        self._count += 1
        path = f"{self.folder}/{self._count:03}-{name}"
        # The session through the frame: there may be several in a process.
        spark = df.sparkSession
        before = spark.conf.get(BROADCAST, None)
        spark.conf.set(BROADCAST, "-1")
        try:
            df.write.mode("overwrite").parquet(path)
        finally:
            spark.conf.unset(BROADCAST) if before is None else spark.conf.set(BROADCAST, before)
        return spark.read.schema(df.schema).parquet(path)
