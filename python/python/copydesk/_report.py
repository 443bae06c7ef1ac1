"""What a check found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from . import _core
from ._options import frame


class Report:
    """What was checked and what was found: a sequence of findings, in the order of the texts.

    Rows are counted from 0; `start` and `end` of a place are characters of its row's text (of the field that
    `place.field` names). The formats of the command line count lines from 1, as in a file of records.
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Report) -> None:
        self._core = core

    @property
    def findings(self) -> list[_core.Finding]:
        """The findings."""
        return self._core.findings

    @property
    def summary(self) -> dict[str, int]:
        """How much was checked, and how much was found."""
        return self._core.summary

    @property
    def errors(self) -> list[tuple[int | None, str]]:
        """What could not be read or done: row (or None) and message."""
        return self._core.errors

    def report(self, format: str = "full", *, width: int | None = None) -> str:
        """Return the report in one of the formats of `copydesk check --format`, without colours."""
        return self._core.report(format, width=width)

    def to_html(self) -> str:
        """Return one self-contained page."""
        return self._core.report("html")

    def to_dict(self) -> dict[str, Any]:
        """Return what `copydesk check --format json` prints (docs/json-schema/check.schema.json)."""
        found: dict[str, Any] = json.loads(self._core.report("json"))
        return found

    def _repr_html_(self) -> str:
        return frame(self.to_html(), 480)

    def __str__(self) -> str:
        return self._core.report("full")

    def __repr__(self) -> str:
        summary = self.summary
        counts = ", ".join(f"{summary[name]} {name}" for name in ("errors", "warnings", "infos"))
        return f"<Report: {summary['documents']} documents, {counts}>"

    def __iter__(self) -> Iterator[_core.Finding]:
        return iter(self.findings)

    def __getitem__(self, at: int) -> _core.Finding:
        return self.findings[at]

    def __len__(self) -> int:
        return len(self._core)
