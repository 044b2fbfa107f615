"""Deciding the rows of files, some at a time, and keeping count of every one of them."""

from __future__ import annotations

import datetime as dt
import json
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from dxrules import engines
from dxrules.api import default_rulebook
from dxrules.engines.day import day_of
from dxrules.engines.frame import Addition, decide_table
from dxrules.errors import EngineError, FactError, FactWarning
from dxrules.facts import Card
from dxrules.files.progress import progress
from dxrules.files.rejects import Reject
from dxrules.plaindata import as_data
from dxrules.rulebook import Rulebook
from dxrules.schema import FactType
from dxrules.structuring import structure
from dxrules.suggest import listed

_FORMS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
_ROWS = 1 << 18  # rows that are decided together
_LINES = 1 << 13  # rows of JSON that are written together


@attrs.frozen
class FileReport:
    """What became of the rows of some files: `rows` is `decided` and `rejected` together, always.

    `out` and `rejects` are the files that were written.
    """

    rows: int
    decided: int
    rejected: int
    out: Path
    rejects: Path


def evaluate_file(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    out: str | os.PathLike[str],
    rejects: str | os.PathLike[str] | None = None,
    rulebook: Rulebook | None = None,
    facts: type = Card,
    as_of: dt.date | None = None,
    add: Sequence[Addition] = ("codes", "blocked", "undetermined"),
) -> FileReport:
    r"""Decide every row of files of any size, in a memory that does not grow with them.

    The form of a file follows from its name: `.csv`, `.jsonl` (or `.ndjson`) or `.parquet`. A CSV file has a header,
    and cells as `structure_text` reads them; a line of JSON is an object as `structure` reads it; the columns of a
    Parquet file are those of a table that `evaluate_frame` takes. Files are written whole: neither is there before
    all rows are decided, and what was there before stays if that fails.

    Args:
        source: a file, or several of one form.
        out: the file to write, with the rows that could be decided and the columns `dx_codes` and so on.
        rejects: the file, in JSON Lines, for rows that could not: file, line, reason and row of each. By default
            that of `out` with `.rejects.jsonl` behind its name.
        rulebook: the rules; the bundled ones by default.
        facts: the class of the facts that the rows are.
        as_of: the day for which to decide, the same for all rows; today by default.
        add: which columns to add, as `evaluate_frame` takes it.

    Returns:
        How many rows there were, were decided and were rejected.

    Raises:
        EngineError: a file is not there, not of a known form or not readable as what it should be, a required column
            is missing, or an argument is wrong. Rows that are wrong are rejected, and raise nothing.
        MissingExtraError: Polars or PyArrow is not installed.

    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "cards.jsonl").write_text('{"card_id": "c-1", "lost": true}\n{"card_id": "c-2", "lost": 1}\n')
    >>> report = evaluate_file(folder / "cards.jsonl", out=folder / "decisions.jsonl", add=["codes"])
    >>> report.decided, report.rejected
    (1, 1)
    """
    paths = [Path(each) for each in ([source] if isinstance(source, (str, os.PathLike)) else source)]
    target = Path(out)
    refused = Path(rejects) if rejects is not None else target.with_name(f"{target.name}.rejects.jsonl")
    form, out_form = _form_of(paths), _form(target)
    if target.resolve() == refused.resolve() or {target.resolve(), refused.resolve()} & {p.resolve() for p in paths}:
        raise EngineError("`out`, `rejects` and the files that are read must be different files")
    for path in (target, refused):
        if not path.parent.is_dir():
            raise EngineError(f"{path}: there is no such folder to write to")
    rulebook = default_rulebook() if rulebook is None else rulebook
    job = _Job(rulebook, rulebook.fact_type_of(facts), day_of(as_of), tuple(add), _tables())
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in (target, refused)}
    try:
        with parts[refused].open("w", encoding="utf-8") as file:
            counts = _run(paths, form, parts[target], out_form, file, job)
        for path in (refused, target):
            parts[path].replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return FileReport(*counts, target, refused)


@attrs.frozen(eq=False)
class _Job:
    rulebook: Rulebook
    fact_type: FactType
    day: dt.date
    add: tuple[Addition, ...]
    tables: Any

    def decide(self, table: Any, names: Sequence[str]) -> Any:
        """The columns of results of a typed table, `dx_invalid` among them."""
        return decide_table(table, names, self.rulebook, self.fact_type.cls, self.day, add=self.add)


@attrs.frozen(eq=False)
class _Decided:
    """Some rows: how many were read, the table of those that were decided, and the others."""

    read: int
    table: Any
    rejects: Sequence[Reject]
    size: int


def _run(paths: Sequence[Path], form: str, part: Path, out_form: str, rejects: Any, job: _Job) -> tuple[int, int, int]:
    read = decided = rejected = 0
    runs = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}
    writer = job.tables.writer(part, out_form)
    try:
        with progress(sum(path.stat().st_size for path in paths)) as advance, warnings.catch_warnings():
            for path in paths:
                for each in runs[form](path, job, out_form):
                    read += each.read
                    decided += len(each.table)
                    rejected += len(each.rejects)
                    if isinstance(each.table, list):
                        for row in each.table:
                            writer.add(row)
                    else:
                        writer.write(each.table)
                    for reject in each.rejects:
                        rejects.write(json.dumps(attrs.asdict(reject), ensure_ascii=False, default=str) + "\n")
                    advance(each.size)
                    warnings.simplefilter("ignore", FactWarning)  # said once, of the first rows
    finally:
        writer.close()
    if read != decided + rejected:
        raise EngineError(f"of {read} rows {decided} were decided and {rejected} rejected: rows were lost")
    return read, decided, rejected


def _csv(path: Path, job: _Job, out_form: str) -> Iterator[_Decided]:
    del out_form
    from dxrules.files import csvblocks

    columns = csvblocks.header(path)
    empty = job.tables.of_csv(b"", columns, 0)
    yield _split(empty, job.decide(job.tables.typed(empty, job.fact_type), columns), [], str(path), (), 0)
    for block in csvblocks.blocks(path, len(columns)):
        cells = job.tables.of_csv(block.data, columns, len(block.lines))
        found = job.decide(job.tables.typed(cells, job.fact_type), columns)
        yield _split(cells, found, block.lines, str(path), block.rejects, block.size)


def _parquet(path: Path, job: _Job, out_form: str) -> Iterator[_Decided]:
    del out_form
    try:
        rows, empty = job.tables.parquet_rows(path)
    except Exception as error:
        raise EngineError(f"{path}: this is no Parquet file that can be read: {error}") from error
    yield _split(empty, job.decide(empty, empty.columns), [], str(path), (), 0)
    first, size = 1, path.stat().st_size
    for table in job.tables.parquet(path, _ROWS):
        lines = range(first, first + len(table))
        yield _split(table, job.decide(table, table.columns), lines, str(path), (), size * len(table) // max(rows, 1))
        first += len(table)


def _split(cells: Any, found: Any, lines: Sequence[int], path: str, before: Sequence[Reject], size: int) -> _Decided:
    """The rows that were decided, with their results, and the others as rejects."""
    wrong = found["dx_invalid"]
    results = found.drop("dx_invalid")
    read = len(cells) + len(before)
    whole = cells.with_columns(results.get_columns())
    if wrong.null_count() == len(wrong):
        return _Decided(read, whole, before, size)
    bad = wrong.is_not_null()
    rejects = [
        Reject(path, int(lines[place]), wrong[place], row)
        for place, row in zip(bad.arg_true(), cells.filter(bad).iter_rows(named=True), strict=True)
    ]
    return _Decided(read, whole.filter(~bad), sorted([*before, *rejects], key=lambda each: each.line), size)


def _jsonl(path: Path, job: _Job, out_form: str) -> Iterator[_Decided]:
    engine = job.rulebook.cache.get("engine") or engines.make(job.rulebook, "compiled")
    from dxrules.engines.frame import rowwise

    answers = rowwise.Answers(job.rulebook, job.fact_type, job.day, job.add)
    rows: list[Any] = []
    rejects: list[Reject] = []
    read = size = 0
    yield _Decided(0, job.tables.of_rows([], job.fact_type, answers.columns) if out_form != "jsonl" else [], (), 0)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            size += len(line)
            if line.strip(b" \t\r\n\xef\xbb\xbf" if number == 1 else b" \t\r\n"):
                read += 1
                try:
                    given, fact = _fact(line, job.fact_type, first=number == 1)
                    found = dict(answers.of(engine.evaluate(fact, job.day)))
                except (FactError, ValueError, RecursionError) as error:
                    rejects.append(
                        Reject(
                            str(path), number, _reason(error), line.rstrip(b"\r\n").decode(errors="backslashreplace")
                        )
                    )
                else:
                    rows.append({**(given if out_form == "jsonl" else _dotted(as_data(fact))), **found})
            if len(rows) + len(rejects) >= _LINES:
                yield _batch(read, rows, rejects, size, job, answers.columns, out_form)
                rows, rejects, read, size = [], [], 0, 0
    yield _batch(read, rows, rejects, size, job, answers.columns, out_form)


def _batch(
    read: int, rows: list[Any], rejects: list[Reject], size: int, job: _Job, columns: Mapping[str, bool], out_form: str
) -> _Decided:
    table = rows if out_form == "jsonl" else job.tables.of_rows(rows, job.fact_type, columns)
    return _Decided(read, table, rejects, size)


def _fact(line: bytes, fact_type: FactType, *, first: bool) -> tuple[dict[str, Any], Any]:
    """What a line of JSON writes, and the fact that it is."""
    text = line.decode("utf-8-sig" if first else "utf-8")
    given = json.loads(text)
    if not isinstance(given, dict):
        raise ValueError("the line is no JSON object")  # noqa: TRY004  # as other bad JSON
    return given, structure(given, fact_type.cls)


def _reason(error: Exception) -> str:
    if isinstance(error, FactError):
        return "; ".join(map(str, error.problems))
    if isinstance(error, UnicodeDecodeError):
        return "the line is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"the line is not JSON: {error.msg} at column {error.colno}"
    return "the line is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _dotted(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, Mapping):
            found |= _dotted(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found


def _form(path: Path) -> str:
    form = _FORMS.get(path.suffix.lower())
    if form is None:
        raise EngineError(f"{path}: what form is this? Its name must end in {listed(_FORMS)}")
    return form


def _form_of(paths: Sequence[Path]) -> str:
    if not paths:
        raise EngineError("no file to read: name one, or several")
    forms = {_form(path) for path in paths}
    if len(forms) > 1:
        raise EngineError(f"the files are of different forms, {' and '.join(sorted(forms))}: decide them one by one")
    for path in paths:
        if not path.is_file():
            raise EngineError(f"{path}: there is no such file")
    return forms.pop()


def _tables() -> Any:
    try:
        from dxrules.files import tables
    except ImportError as error:
        from dxrules.engines.frame.engine import missing

        raise missing("polars and pyarrow", error) from error
    return tables
