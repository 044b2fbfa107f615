"""Markdown pages as the tests see them: fenced blocks and tables, each with its place and the comments above it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parent.parent.parent
MARKS = ("skip", "diagnostics", "beside", "conditions", "edit")

_FENCE = re.compile(r"( *)(`{3,}|~{3,}) *([\w+-]*)(.*)")
_TITLE = re.compile(r'title="([^"]+)"')
_COMMENT = re.compile(rf"\s*<!--\s*({'|'.join(MARKS)})\s*(?::\s*(.*?))?\s*-->\s*")
_RULER = re.compile(r"\s*\|[ :|-]+\|\s*")
_BAR = re.compile(r"(?<!\\)\|")
_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")


@attrs.frozen
class Block:
    """A fenced block. `line` is that of its first line of text, from 1."""

    language: str
    text: str
    line: int
    title: str | None = None
    marks: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Table:
    """A table. The names of its columns are in lower case; each row has its line."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    line: int
    marks: Mapping[str, str] = attrs.field(factory=dict)


def pages() -> list[Path]:
    """Every page of the documentation."""
    return [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md"))]


def parts(text: str) -> Iterator[Block | Table]:
    """The blocks and tables of a page, in order."""
    lines = text.splitlines()
    marks: dict[str, str] = {}
    at = 0
    while at < len(lines):
        fence, comment = _FENCE.fullmatch(lines[at]), _COMMENT.fullmatch(lines[at])
        first = at
        if comment is not None:
            marks[comment[1]] = comment[2] or ""
            at += 1
        elif fence is not None:
            body = []
            at += 1
            while at < len(lines) and lines[at].strip() != fence[2]:
                body.append(lines[at].removeprefix(fence[1]))
                at += 1
            title = _TITLE.search(fence[4])
            yield Block(fence[3], "\n".join(body) + "\n", first + 2, title[1] if title else None, marks)
            marks = {}
            at += 1
        elif lines[at].lstrip().startswith("|") and _RULER.fullmatch("".join(lines[at + 1 : at + 2])):
            columns = tuple(cell.lower() for cell in _cells(lines[at]))
            rows = []
            at += 2
            while at < len(lines) and lines[at].lstrip().startswith("|"):
                rows.append((at + 1, dict(zip(columns, _cells(lines[at]), strict=True))))
                at += 1
            yield Table(columns, tuple(rows), first + 1, marks)
            marks = {}
        else:
            marks = marks if not lines[at].strip() else {}
            at += 1


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())[1:-1]]


def spans(cell: str) -> list[str]:
    """The code in a cell.

    >>> spans("`a` or `` `b` ``")
    ['a', '`b`']
    """
    found = [match[2] for match in _SPAN.finditer(cell)]
    return [text[1:-1] if text[0] == text[-1] == " " and text.strip() else text for text in found]
