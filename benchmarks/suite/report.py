"""What a run found, and the three ways of writing it down: a table for people, Markdown, and JSON."""

import json
import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar, Protocol

import attrs

from benchmarks.suite.timing import Timing


class Line(Protocol):
    """One line of a table, in cells under the headings of its class."""

    HEADINGS: ClassVar[tuple[str, ...]]

    def cells(self) -> tuple[str, ...]:
        """The line as text, one cell a heading."""


@attrs.frozen
class Row:
    """A contender, its timing, and whether it gave the codes of the reference."""

    HEADINGS: ClassVar[tuple[str, ...]] = ("", "us a card", "x floor", "range", "same codes", "")

    name: str
    microseconds: float
    ratio: float
    lowest: float
    highest: float
    same: bool | None = None
    note: str = ""

    @classmethod
    def of(cls, timing: Timing, same: bool | None = None, note: str = "") -> "Row":
        """The line for a timing."""
        return cls(timing.name, timing.microseconds, timing.ratio, min(timing.ratios), max(timing.ratios), same, note)

    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        same = "" if self.same is None else "yes" if self.same else "NO"
        spread = "" if self.lowest == self.highest else f"{_short(self.lowest)}-{_short(self.highest)}"
        return (self.name, f"{self.microseconds:.2f}", _short(self.ratio), spread, same, self.note)


@attrs.frozen
class Target:
    """Something that must hold: what was measured, and the most that it may be."""

    text: str
    measured: float
    limit: float
    unit: str = ""

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return self.measured <= self.limit

    def line(self) -> str:
        """The verdict as text."""
        measured, limit = f"{_short(self.measured)}{self.unit}", f"{_short(self.limit)}{self.unit}"
        return f"{'PASS' if self.passed else 'FAIL'}  {self.text}: {measured}, at most {limit}"


@attrs.frozen
class Section:
    """One table and its targets; `problems` are wrong answers, `missing` are peers not installed."""

    title: str
    rows: tuple[Line, ...]
    targets: tuple[Target, ...] = ()
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all targets hold and all answers are right."""
        return not self.problems and all(target.passed for target in self.targets)

    def remarks(self) -> list[str]:
        """The lines below the table."""
        return [
            *(f"MISSING  {name}" for name in self.missing),
            *(f"WRONG  {problem}" for problem in self.problems),
            *(target.line() for target in self.targets),
        ]


def as_text(sections: Iterable[Section]) -> str:
    """Aligned columns, for a terminal."""
    return "\n\n".join("\n".join([section.title, *_aligned(section), *section.remarks()]) for section in sections)


def as_markdown(sections: Iterable[Section]) -> str:
    """The same as Markdown tables and lists."""
    return "\n\n".join(_markdown(section) for section in sections)


def as_json(sections: Iterable[Section], distributions: Iterable[str]) -> str:
    """Everything, with the machine and the versions, for other programs."""
    document = {
        "environment": environment(distributions),
        "sections": [
            {**attrs.asdict(section), "targets": [_target(target) for target in section.targets]}
            for section in sections
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def environment(distributions: Iterable[str]) -> dict[str, Any]:
    """Where the run took place."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {name: _version(name) for name in sorted(set(distributions))},
    }


def _aligned(section: Section) -> list[str]:
    lines = _cells(section)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = "  ".join("-" * width for width in widths).rstrip()
    text = ["  ".join(_padded(line, widths)).rstrip() for line in lines]
    return [text[0], rule, *text[1:]]


def _cells(section: Section) -> list[tuple[str, ...]]:
    """The table: headings, then lines."""
    return [section.rows[0].HEADINGS, *(row.cells() for row in section.rows)]


def _padded(line: tuple[str, ...], widths: list[int]) -> list[str]:
    first, *others = zip(line, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def _markdown(section: Section) -> str:
    headings, *lines = _cells(section)
    ruled = [headings, ("---", *["--:"] * (len(headings) - 1)), *lines]
    table = ["| " + " | ".join(line) + " |" for line in ruled]
    return "\n".join([f"### {section.title}", "", *table, "", *(f"- {line}" for line in section.remarks())]).rstrip()


def _target(target: Target) -> dict[str, Any]:
    return {**attrs.asdict(target), "passed": target.passed}


def _short(number: float) -> str:
    """Two decimals below ten, one below a hundred, none above."""
    return f"{number:.{2 if number < 10 else 1 if number < 100 else 0}f}"


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
