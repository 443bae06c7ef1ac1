"""What a check found."""

from __future__ import annotations

from collections.abc import Iterator

from . import _core
from ._told import Told


class Report(Told):
    """What was checked and what was found: a sequence of findings, in the order of the texts.

    Rows are counted from 0; `start` and `end` of a place are characters of its row's text (of the field that
    `place.field` names). The formats of the command line count lines from 1, as in a file of records.
    """

    __slots__ = ()

    _found: _core.Report

    @property
    def findings(self) -> list[_core.Finding]:
        """The findings."""
        return self._found.findings

    @property
    def summary(self) -> dict[str, int]:
        """How much was checked, and how much was found."""
        return self._found.summary

    @property
    def errors(self) -> list[tuple[int | None, str]]:
        """What could not be read or done: row (or None) and message."""
        return self._found.errors

    def report(self, format: str = "full", *, width: int | None = None) -> str:
        """Return the report in one of the formats of `copydesk check --format`, without colours."""
        return self._found.report(format, width=width)

    def __repr__(self) -> str:
        summary = self.summary
        counts = ", ".join(f"{summary[name]} {name}" for name in ("errors", "warnings", "infos"))
        return f"<Report: {summary['documents']} documents, {counts}>"

    def __iter__(self) -> Iterator[_core.Finding]:
        return iter(self.findings)

    def __getitem__(self, at: int) -> _core.Finding:
        return self.findings[at]

    def __len__(self) -> int:
        return len(self._found)
