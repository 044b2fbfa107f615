"""CSV files cut into blocks of whole records, those left out that are not made as the header says.

The form is that of RFC 4180: a cell with a comma, a quote or a line break in it stands in quotes, and a quote in it is
written twice. Broken records are told apart by looking at bytes only, many at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import attrs
import numpy as np

from dxrules.errors import EngineError
from dxrules.files.rejects import Reject

_BLOCK = 1 << 24  # bytes that are looked at together
_LONGEST = 1 << 26  # bytes of one record: a quote that is never closed must not swallow a large file
_QUOTE, _COMMA, _BREAK = b'",\n'
_MARK = b"\xef\xbb\xbf"


@attrs.frozen(eq=False)
class Block:
    """Some records of a file: the bytes of the whole ones, the line on which each begins, and the others."""

    data: bytes
    lines: Any
    rejects: tuple[Reject, ...]
    size: int


def header(path: Path) -> list[str]:
    """The names of the columns.

    Raises:
        EngineError: there are none, or one twice.
    """
    with path.open("rb") as file:
        first = file.read(_BLOCK).removeprefix(_MARK)
    end = _end_of_record(first)
    try:
        text = (first if end < 0 else first[:end]).decode()
        names = next(csv.reader(io.StringIO(text)), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise EngineError(f"{path}: the first line is no header: {error}") from None
    names = [name.strip() for name in names]
    if not any(names):
        raise EngineError(f"{path}: the file is empty: its first line must name the columns")
    twice = {name for name in names if names.count(name) > 1}
    if twice or "" in names:
        what = f"the column `{min(twice)}` is there twice" if twice - {""} else "a column has no name"
        raise EngineError(f"{path}:1: {what}")
    return names


def blocks(path: Path, columns: int) -> Iterator[Block]:
    """The records behind the header, block by block."""
    with path.open("rb") as file:
        line, rest = 1, file.read(3).removeprefix(_MARK)
        past_header = False
        while True:
            rest, done = _read(file, rest, path, line)
            end = len(rest) if done else _last_end(rest)
            whole, rest = rest[:end], rest[end:]
            if whole:
                skip = 0
                if not past_header:
                    skip = _end_of_record(whole) + 1 or len(whole)
                    past_header = True
                body = whole[skip:]
                yield _checked(body, columns, line + whole.count(b"\n", 0, skip), path)
                line += whole.count(b"\n")
            if done:
                return


def _read(file: IO[bytes], rest: bytes, path: Path, line: int) -> tuple[bytes, bool]:
    """More bytes, until they hold a whole record; and whether the file ends with them."""
    while True:
        more = file.read(_BLOCK)
        rest += more
        if len(more) < _BLOCK:
            return rest, True
        if _last_end(rest) > 0:
            return rest, False
        if len(rest) > _LONGEST:
            raise EngineError(f"{path}:{line}: a record is longer than {_LONGEST >> 20} MiB: is a quote not closed?")


def _outside(data: bytes) -> tuple[Any, Any]:
    """The bytes of some records, and which of them stand in no quotes."""
    found = np.frombuffer(data, dtype=np.uint8)
    if _QUOTE not in data:
        return found, None
    return found, np.cumsum(found == _QUOTE, dtype=np.uint32) % 2 == 0


def _places(found: Any, outside: Any, byte: int) -> Any:
    hits = found == byte
    return np.flatnonzero(hits if outside is None else hits & outside)


def _last_end(data: bytes) -> int:
    """Where the last whole record ends."""
    end = data.rfind(b"\n") + 1
    if _QUOTE not in data:
        return end
    found, outside = _outside(data)
    ends = _places(found, outside, _BREAK)
    return int(ends[-1]) + 1 if len(ends) else 0


def _end_of_record(data: bytes) -> int:
    found, outside = _outside(data)
    ends = _places(found, outside, _BREAK)
    return int(ends[0]) if len(ends) else -1


def _checked(body: bytes, columns: int, line: int, path: Path) -> Block:
    """The records of a block, each of which begins where the last one ended."""
    found, outside = _outside(body)
    ends = _places(found, outside, _BREAK)
    if not len(ends) or ends[-1] != len(body) - 1:
        ends = np.append(ends, len(body))
    starts: Any = np.concatenate(([0], ends[:-1] + 1))
    cells: Any = np.diff(np.searchsorted(_places(found, outside, _COMMA), np.concatenate(([0], ends)))) + 1
    breaks = np.flatnonzero(found == _BREAK)
    lines: Any = line + np.searchsorted(breaks, starts)
    size = ends - starts
    blank = (
        (size == 0) | ((size == 1) & (found[np.minimum(starts, len(found) - 1)] == ord("\r")))
        if len(found)
        else size == 0
    )
    wrong: Any = (cells != columns) & ~blank
    rejects = [
        Reject(str(path), int(lines[at]), _miscounted(int(cells[at]), columns), _shown(body[starts[at] : ends[at]]))
        for at in np.flatnonzero(wrong).tolist()
    ]
    for at in _not_utf8(body, starts, ends, wrong | blank):
        wrong[at] = True
        rejects.append(Reject(str(path), int(lines[at]), "the line is not UTF-8", _shown(body[starts[at] : ends[at]])))
    out = wrong | blank
    if out.any():
        kept = [body[start:end] for start, end in zip(starts[~out], ends[~out], strict=True)]
        body = b"\n".join(kept) + (b"\n" if kept else b"")
    rejects.sort(key=lambda each: each.line)
    return Block(body, lines[~out], tuple(rejects), len(found))


def _miscounted(found: int, columns: int) -> str:
    return f"the line has {found} cell{'s' if found != 1 else ''}, the header {columns}"


def _not_utf8(body: bytes, starts: Any, ends: Any, known: Any) -> Iterator[int]:
    """The records that are not text, where they are not known to be wrong."""
    try:
        body.decode()
    except UnicodeDecodeError:
        for at in np.flatnonzero(~known).tolist():
            try:
                body[starts[at] : ends[at]].decode()
            except UnicodeDecodeError:
                yield int(at)


def _shown(record: bytes) -> str:
    return record.rstrip(b"\r").decode(errors="backslashreplace")
