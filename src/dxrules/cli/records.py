"""Facts as they stand in files: JSON, JSON Lines and CSV, each record with its line.

A record that cannot be read is handed on with what is wrong with it, and the next one follows. Nothing is skipped in
silence: a key that stands twice, a column without a name, bytes that are no text, all are told.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import PurePath
from typing import Any, TextIO, cast

from dxrules.cli.exits import UsageError

FORMATS = ("json", "jsonl", "csv", "parquet")
_SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
_SPACE = " \t\r\n"


class BadRecordError(Exception):
    """A record that cannot be read."""


class Record:
    """One record: its number and line, both from 1, and its data, or the error that it is instead.

    `text` tells that every value in it is a text, as in CSV.
    """

    __slots__ = ("data", "error", "line", "number", "text")

    def __init__(self, number: int, line: int, data: object, error: str | None = None, *, text: bool = False) -> None:
        self.number = number
        self.line = line
        self.data = data
        self.error = error
        self.text = text


def read_records(path: str, form: str | None, encoding: str) -> Iterator[Record]:
    """The records of a file; `-` is standard input.

    Raises:
        UsageError: a file that cannot be taken as a whole.
        OSError: it cannot be opened.
    """
    if form is None and path != "-":
        form = _SUFFIXES.get(PurePath(path).suffix.lower())
        if form is None:
            raise UsageError(f"what is in `{path}` cannot be told by its name: add `--format {'|'.join(FORMATS)}`")
    if form == "parquet":
        from dxrules.cli.parquet import read_parquet

        return read_parquet(path)
    return _read_text(path, form, encoding)


def one_record(path: str, form: str | None, encoding: str, number: int | None) -> Record:
    """One record of a file.

    Raises:
        UsageError: there is no such record; or no number was given, and there are several.
    """
    count = 0
    found: Record | None = None
    for record in read_records(path, form, encoding):
        count += 1
        if record.number == (number or 1):
            found = record
        if count > 1 and number is None:
            raise UsageError(f"{path} has several records: say which with `--record N`")
        if found is not None and number is not None:
            return found
    if found is None:
        raise UsageError(f"{path} has {count} records" + (f", and no record {number}" if number else ""))
    return found


def _read_text(path: str, form: str | None, encoding: str) -> Iterator[Record]:
    with _opened(path, encoding) as stream:
        if form is None:
            first = _first_line(stream)
            form = _form_of(first)
            lines: Iterator[str] = chain([first], stream)
        else:
            lines = iter(stream)
        readers = {"json": _json, "jsonl": _json_lines, "csv": _csv}
        try:
            yield from readers[form](lines)
        except UsageError as error:
            raise UsageError(str(error) if path == "-" else f"{path}: {error}") from None


@contextmanager
def _opened(path: str, encoding: str) -> Iterator[TextIO]:
    """The text of a file. Bytes that are none become lone surrogates, by which a record is known to be bad."""
    try:
        if path == "-":
            stream = io.TextIOWrapper(sys.stdin.buffer, encoding, "surrogateescape", newline="")
            yield stream
            stream.detach()
        else:
            with open(path, encoding=encoding, errors="surrogateescape", newline="") as file:  # noqa: PTH123  # quicker
                yield file
    except LookupError:
        raise UsageError(f"there is no encoding `{encoding}`") from None


def _first_line(stream: TextIO) -> str:
    return next((line for line in stream if line.strip()), "")


def _form_of(first: str) -> str:
    """What standard input holds, by its first line: a whole object there is JSON Lines."""
    start = first.strip()[:1]
    if start not in ("{", "["):
        return "csv"
    if start == "{":
        try:
            _loads(first)
        except (BadRecordError, json.JSONDecodeError):
            return "json"
        return "jsonl"
    return "json"


# JSON


def _json_lines(lines: Iterator[str]) -> Iterator[Record]:
    number = 0
    for line, text in enumerate(lines, start=1):
        if not text.strip(_SPACE):
            continue
        number += 1
        try:
            yield Record(number, line, _loads(text))
        except json.JSONDecodeError as error:
            yield Record(number, line, None, f"this is not JSON: {_reason(error)} at column {error.colno}")
        except BadRecordError as error:
            yield Record(number, line, None, str(error))


def _json(lines: Iterator[str]) -> Iterator[Record]:
    """One object, or the objects of a list, each read by itself: a mistake is told with its line."""
    text = "".join(lines)
    at, line = _skip(text, 0, 1)
    if text[at : at + 1] != "[":
        yield from _json_lines_of_one(text, at, line)
        return
    at, line = _skip(text, at + 1, line)
    number = 0
    while text[at : at + 1] != "]":
        number += 1
        try:
            data, end = _DECODER.raw_decode(text, at)
            yield Record(number, line, _checked(data, text[at:end]))
        except json.JSONDecodeError as error:
            _refuse(error)
        except (BadRecordError, RecursionError, ValueError) as error:
            raise UsageError(f"line {line}: {_why(error)}") from None
        at, line = _skip(text, end, line + text.count("\n", at, end))
        if text[at : at + 1] == ",":
            at, line = _skip(text, at + 1, line)
            if text[at : at + 1] == "]":
                raise UsageError(f"line {line}: this is not JSON: nothing follows the comma; all before it was decided")
            continue
        if text[at : at + 1] != "]":
            raise UsageError(f"line {line}: this is not JSON: a comma or `]` is due here; all before it was decided")
    at, line = _skip(text, at + 1, line)
    if at < len(text):
        raise UsageError(f"line {line}: this is not JSON: something follows the list; write one record a line (.jsonl)")


def _json_lines_of_one(text: str, at: int, line: int) -> Iterator[Record]:
    try:
        yield Record(1, line, _loads(text[at:]))
    except json.JSONDecodeError as error:
        _refuse(json.JSONDecodeError(error.msg, text, error.pos + at))
    except BadRecordError as error:
        yield Record(1, line, None, str(error))


def _refuse(error: json.JSONDecodeError) -> None:
    raise UsageError(f"line {error.lineno}, column {error.colno}: this is not JSON: {_reason(error)}") from None


def _skip(text: str, at: int, line: int) -> tuple[int, int]:
    while at < len(text) and text[at] in _SPACE:
        line += text[at] == "\n"
        at += 1
    return at, line


class _TwiceError(ValueError):
    """A key that stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def _loads(text: str) -> object:
    try:
        return _checked(_DECODER.decode(text), text)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        raise BadRecordError(_why(error)) from None


def _why(error: Exception) -> str:
    if isinstance(error, _TwiceError):
        return f"the key `{error}` stands here twice: keep one of the two"
    if isinstance(error, RecursionError):
        return "the data are nested too deeply"
    return str(error) if isinstance(error, BadRecordError) else "a number has too many digits"


def _checked(data: object, text: str) -> object:
    _no_bytes(text)
    return data


def _reason(error: json.JSONDecodeError) -> str:
    return error.msg[:1].lower() + error.msg[1:]


# CSV


def _csv(lines: Iterator[str]) -> Iterator[Record]:
    import csv

    reader = csv.reader(lines, strict=True)
    columns = next((row for row in _rows(reader) if row), None)
    if columns is None:
        return
    columns = _columns(columns)
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield Record(number, line, None, f"this is not CSV: {error}", text=True)
            continue
        if row:
            number += 1
            yield _row(number, line, columns, row)


def _rows(reader: Any) -> Iterator[list[str]]:
    import csv

    try:
        yield from reader
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: this is not CSV: {error}") from None


def _columns(row: list[str]) -> list[str]:
    names = [name.strip() for name in row]
    try:
        _no_bytes(",".join(names))
    except BadRecordError as error:
        raise UsageError(f"line 1: {error}") from None
    for place, name in enumerate(names, start=1):
        if names.count(name) > 1:
            raise UsageError(f"line 1: {names.count(name)} columns are called `{name}`")
        if not name:
            raise UsageError(f"line 1: column {place} has no name")
    return names


def _row(number: int, line: int, columns: list[str], row: list[str]) -> Record:
    if len(row) != len(columns):
        error = f"there are {len(row)} cells and {len(columns)} columns"
        return Record(number, line, None, error, text=True)
    try:
        _no_bytes(",".join(row))
    except BadRecordError as bad:
        return Record(number, line, None, str(bad), text=True)
    return Record(number, line, dict(zip(columns, row, strict=True)), text=True)


def _no_bytes(text: str) -> None:
    """Refuse what could not be decoded."""
    if text.isascii():
        return
    bad = next((each for each in text if "\udc80" <= each <= "\udcff"), None)
    if bad is not None:
        raise BadRecordError(
            f"the byte 0x{ord(bad) - 0xDC00:02x} is no text in this encoding: add `--encoding gbk` if it is GBK"
        )


def as_mapping(record: Record) -> Mapping[str, Any]:
    """The data of a record; what is no mapping is refused where it is made a fact."""
    return cast("Mapping[str, Any]", record.data)
