"""Rulebooks that were read and checked before, kept as data between runs.

Reading and checking rule files takes longer than everything else that deciding one fact does. What was checked is kept
as JSON, never as anything that runs when it is read, in a file whose name is a digest of all that it hangs on: the
texts of the rules, the fact classes, and this library. A file that another user could have written is not used; one
that was damaged neither.

`DXRULES_CACHE` names another folder; `DXRULES_CACHE=off` keeps nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from dxrules.rulebook import Rulebook
from dxrules.schema import FactType, describe

_KEPT = 32  # files, the newest
_LIBRARY = Path(__file__).resolve().parent.parent


def load(words: Sequence[str], classes: Sequence[type]) -> Rulebook:
    """The rulebook of some words, for some fact classes; read and checked only if that was not done before.

    Raises:
        RulebookError: mistakes in the files.
    """
    from dxrules.storage import from_data

    fact_types = tuple(describe(each) for each in classes)
    file = _file(words, fact_types)
    data = None if file is None else _read(file)
    if data is not None:
        with suppress(LookupError, ValueError, TypeError, AssertionError):
            return from_data(data, fact_types)
    from dxrules.cli.rules import sources_of
    from dxrules.language.load import load as load_sources

    rulebook = load_sources(sources_of(words), classes, None)
    if file is not None:
        _write(file, rulebook)
    return rulebook


def _file(words: Sequence[str], fact_types: tuple[FactType, ...]) -> Path | None:
    """Where the rulebook is kept; None when it is not."""
    folder = _folder()
    if folder is None:
        return None
    key = hashlib.sha256()
    try:
        for part in _parts(words, fact_types):
            key.update(part if isinstance(part, bytes) else repr(part).encode("utf-8", "backslashreplace"))
            key.update(b"\0")
    except OSError:
        return None  # a file that cannot be read: reading the rules will tell
    return folder / f"{key.hexdigest()}.json"


def _folder() -> Path | None:
    named = os.environ.get("DXRULES_CACHE")
    if named is not None:
        return None if named in ("", "off") else Path(named)
    home = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    try:
        return Path(home) / "dxrules" if home else Path.home() / ".cache" / "dxrules"
    except RuntimeError:  # a user without a home
        return None


def _parts(words: Sequence[str], fact_types: tuple[FactType, ...]) -> Iterator[object]:
    """Everything that the checked rulebook hangs on."""
    from dxrules.cli.rules import sources_of
    from dxrules.language.sources import rule_files

    yield sys.version
    for path in (_LIBRARY, _LIBRARY / "language"):
        with os.scandir(path) as entries:
            yield sorted((each.name, *_stamp(each.stat())) for each in entries if each.name.endswith(".py"))
    for file in rule_files(sources_of(words)):
        yield str(file)
        yield file.read_bytes()
    for fact_type in fact_types:
        yield fact_type.name
        yield [
            (each.name, each.type.kind, each.type.members, each.optional, each.required)
            for each in fact_type.facts.values()
        ]
        classes = [fact_type.cls, *(each.type.python for each in fact_type.facts.values() if each.type.python)]
        for cls in dict.fromkeys(base for each in classes for base in each.__mro__[:-1]):
            source = getattr(sys.modules.get(cls.__module__), "__file__", None)
            yield cls.__module__, cls.__qualname__, source and _stamp(os.stat(source))  # noqa: PTH116  # quicker


def _stamp(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _read(file: Path) -> dict[str, object] | None:
    try:
        with file.open("rb") as stream:
            if hasattr(os, "getuid") and os.fstat(stream.fileno()).st_uid != os.getuid():
                return None
            check, _, text = stream.read().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != check:
            return None
        data = json.loads(text)
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _write(file: Path, rulebook: Rulebook) -> None:
    """Keep a rulebook; when that cannot be done, it is read again the next time."""
    import tempfile

    from dxrules.storage import to_data

    text = json.dumps(to_data(rulebook), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    check = hashlib.sha256(text).hexdigest().encode()
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".new")
        with os.fdopen(handle, "wb") as stream:
            stream.write(check + b"\n" + text)
        Path(name).replace(file)
        _forget(file.parent)


def _forget(folder: Path) -> None:
    found = [(each.stat().st_mtime, each) for each in folder.glob("*.json")]
    for _, each in sorted(found, reverse=True)[_KEPT:]:
        each.unlink(missing_ok=True)
