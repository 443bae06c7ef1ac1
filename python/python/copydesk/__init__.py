"""Says which passages of documents repeat, and what changed between versions.

For people: `check`, `diff`, `history` and `pairs` take strings, records (dicts), and columns of pandas, polars and
pyarrow, and give plain objects.

For engines: `paragraphs`, `documents`, `units`, `shingles`, `shingle_sets` and `overlaps` take an Arrow record
batch and give one. `copydesk.spark` is made of them.
"""

from __future__ import annotations

from ._check import check
from ._core import (
    Edit,
    Finding,
    Place,
    WordEdit,
    __version__,
    documents,
    overlaps,
    paragraphs,
    shingle_sets,
    shingles,
    units,
)
from ._diff import Revision, diff
from ._history import AuthorShare, DocumentHistory, Flap, History, Paragraph, Revert, Token, Version, history
from ._pairs import Pair, Pairs, pairs
from ._report import Report

__all__ = [
    "AuthorShare",
    "DocumentHistory",
    "Edit",
    "Finding",
    "Flap",
    "History",
    "Pair",
    "Pairs",
    "Paragraph",
    "Place",
    "Report",
    "Revert",
    "Revision",
    "Token",
    "Version",
    "WordEdit",
    "__version__",
    "check",
    "diff",
    "documents",
    "history",
    "overlaps",
    "pairs",
    "paragraphs",
    "shingle_sets",
    "shingles",
    "units",
]
