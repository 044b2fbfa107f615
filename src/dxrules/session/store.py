"""The file of a session: what it holds, in SQLite, so that a process may be killed at any moment.

Every call of a session is one transaction. It is in the file, and the file is on the disk, before the call returns:
the journal is a write-ahead log with full synchronisation (SQLite, "Write-Ahead Logging"). Beside the file there may
be another of the same name with `-wal` behind it, which belongs to it.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from dxrules.errors import DxRulesError, EngineError
from dxrules.matching import Present
from dxrules.plaindata import as_data
from dxrules.schema import FactType
from dxrules.structuring import structure

_APPLICATION = 0x64787273  # "dxrs": what says that a file of SQLite is a session
_FORMAT = 1
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE facts (
    type TEXT NOT NULL, key TEXT NOT NULL, expires INTEGER, data TEXT NOT NULL, PRIMARY KEY (type, key)
) WITHOUT ROWID;
CREATE INDEX facts_expire ON facts (expires) WHERE expires IS NOT NULL;
"""


@attrs.frozen
class Stored:
    """A fact as the file has it: its type's name and key, when it expires, and itself as JSON."""

    type: str
    key: str
    expires: dt.datetime | None
    data: str


def stored(present: Present, expires: dt.datetime | None) -> Stored:
    """A fact as the file will have it.

    Raises:
        EngineError: reading it again would not give the same fact.
    """
    data = json.dumps(as_data(present.fact), ensure_ascii=False, allow_nan=False)
    try:
        data.encode()
        again = restored(data, present.fact_type)
    except UnicodeEncodeError:  # half of a character, which no file holds
        again = None
    if not same(again, present.fact):
        name = present.fact_type.name
        raise EngineError(f"the {name} `{present.key}` cannot be saved: as JSON it would not be the same")
    return Stored(present.fact_type.name, present.key, expires, data)


def restored(data: str, fact_type: FactType) -> Any:
    """The fact that a row of the file is; None when it is none of the type."""
    try:
        return structure(json.loads(data), fact_type.cls)
    except (DxRulesError, ValueError):
        return None


def same(one: Any, two: Any) -> bool:
    """Whether two facts are the same; those that Python calls different from themselves go by their data."""
    if one == two:
        return True
    itself: bool = two == copy.copy(two)
    return not itself and type(one) is type(two) and bool(as_data(one) == as_data(two))


class Store:
    """An open file. Nobody else can open it meanwhile."""

    def __init__(self, path: str | os.PathLike[str], *, new: bool) -> None:
        self.path = Path(path)
        if not new and not self.path.is_file():
            raise EngineError(f"cannot restore from {self.path}: there is no such file")
        self._tables = _TABLES.split(";") if new else []
        try:
            self._connection = sqlite3.connect(self.path, timeout=0.5, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._error(error) from error
        try:
            self._open(new=new)
        except sqlite3.Error as error:
            self.close()
            raise (self._there() if new and "not a database" in str(error) else self._error(error)) from error
        except BaseException:
            self.close()
            raise

    def _open(self, *, new: bool) -> None:
        """Take the file for this session alone. One without a table is new: whoever began it was killed."""
        ask = self._connection.execute
        ask("PRAGMA locking_mode = EXCLUSIVE")
        ask("BEGIN EXCLUSIVE")
        tables = ask("SELECT count(*) FROM sqlite_master").fetchone()[0]
        of_session = ask("PRAGMA application_id").fetchone()[0] == _APPLICATION
        version = ask("PRAGMA user_version").fetchone()[0]
        ask("COMMIT")
        if new and tables:
            raise self._there()
        if not new and not of_session:
            raise EngineError(f"{self.path} is not the file of a session")
        if not new and version != _FORMAT:
            raise EngineError(f"{self.path} was saved by another version of dxrules: its format is not known")
        ask("PRAGMA journal_mode = WAL")
        ask("PRAGMA synchronous = FULL")

    def _there(self) -> EngineError:
        return EngineError(f"cannot save to {self.path}: it is there already; `Session.restore` reads what was saved")

    def _error(self, error: sqlite3.Error) -> EngineError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return EngineError(f"{self.path} is in use by another session")
        return EngineError(f"{self.path}: {error}")

    def write(
        self, *, about: dict[str, str], put: list[Stored], drop: list[tuple[str, str]] | None, now: dt.datetime | None
    ) -> None:
        """One transaction: drop facts, or with None all; put others in; drop what expired; and note a few words.

        Raises:
            EngineError: it could not be written, and is not.
        """
        ask = self._connection.execute
        try:
            ask("BEGIN IMMEDIATE")
            try:
                self._create()
                if drop is None:
                    ask("DELETE FROM facts")
                for type_, key in drop or ():
                    ask("DELETE FROM facts WHERE type = ? AND key = ?", (type_, key))
                for each in put:
                    ask("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)",
                        (each.type, each.key, _number(each.expires), each.data))  # fmt: skip
                if now is not None:
                    ask("DELETE FROM facts WHERE expires <= ?", (_number(now),))
                    about = {**about, "now": now.isoformat()}
                for pair in about.items():
                    ask("INSERT OR REPLACE INTO about VALUES (?, ?)", pair)
                ask("COMMIT")
                self._tables = []
            except BaseException:
                if self._connection.in_transaction:
                    ask("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _create(self) -> None:
        """Make the tables, in the first transaction: there is a session in the file or there is none."""
        for statement in self._tables:
            self._connection.execute(statement)
        if self._tables:
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {_FORMAT}")

    def about(self, name: str) -> str | None:
        """A word that was noted."""
        try:
            row = self._connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error as error:
            raise self._error(error) from error
        return None if row is None else str(row[0])

    def facts(self) -> Iterator[Stored]:
        """All facts, by type and key."""
        try:
            for type_, key, expires, data in self._connection.execute("SELECT * FROM facts ORDER BY type, key"):
                yield Stored(type_, key, _moment(expires), data)
        except sqlite3.Error as error:
            raise self._error(error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _number(moment: dt.datetime | None) -> int | None:
    """A moment as a number that SQLite orders: microseconds since the first of all moments."""
    return None if moment is None else (moment - dt.datetime.min) // dt.timedelta(microseconds=1)


def _moment(number: int | None) -> dt.datetime | None:
    return None if number is None else dt.datetime.min + dt.timedelta(microseconds=number)
