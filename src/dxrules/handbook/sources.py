"""The sources that rules name: what they say and where they are, as a table beside the rule files tells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from dxrules.errors import DxRulesError
from dxrules.handbook.kinds import AnyRule
from dxrules.rulebook import Lang, Rulebook

FILE = "sources.csv"
_COLUMNS = ("source", "en", "zh", "url")
# Only these addresses become links; whatever else a source holds is text.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~-]+(:\d+)?([/?#][^\s<>\"'`\\^{}|]*)?")


@attrs.frozen
class Citation:
    """A source: its name as rules write it, what it says in each language, and its address if it has one."""

    name: str
    texts: Mapping[Lang, str] = attrs.field(factory=dict, hash=False)
    url: str | None = None

    def text(self, lang: Lang) -> str:
        """What it says; in the other language, where this one has nothing."""
        return self.texts.get(lang) or next(filter(None, self.texts.values()), "")


def address(text: str) -> str | None:
    """The text, where it is an address of the web that a link may lead to; None for anything else.

    >>> address("https://example.org/a?b=c"), address("javascript:alert(1)")
    ('https://example.org/a?b=c', None)
    """
    return text if _ADDRESS.fullmatch(text) else None


def read_sources(path: Path) -> Mapping[str, Citation]:
    """The sources of a table: a CSV file with the columns `source`, `en`, `zh` and, if wanted, `url`.

    Raises:
        DxRulesError: the file cannot be read, or a line of it is no source.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise DxRulesError(f"{path}: the sources cannot be read: {error}") from error
    rows = csv.DictReader(text.splitlines())
    known = [name for name in rows.fieldnames or () if name in _COLUMNS]
    if known != list(rows.fieldnames or ()) or "source" not in known:
        message = f"{path}:1: the columns of a table of sources are `source`, `en`, `zh` and `url`"
        raise DxRulesError(message)
    found: dict[str, Citation] = {}
    for row in rows:
        name = (row.get("source") or "").strip()
        if None in row or not name or name in found:
            what = "too many columns" if None in row else "no name" if not name else f"`{name}` again"
            raise DxRulesError(f"{path}:{rows.line_num}: a source has {what}; give each source one line")
        url = (row.get("url") or "").strip()
        if url and address(url) is None:
            raise DxRulesError(f"{path}:{rows.line_num}: `{url}` is no address: it begins with http:// or https://")
        texts: dict[Lang, str] = {"en": (row.get("en") or "").strip(), "zh": (row.get("zh") or "").strip()}
        found[name] = Citation(name, texts, url or None)
    return found


@attrs.frozen(eq=False)
class Catalogue:
    """Which source a rule means by a name: one of the table given, or of the table beside the rule's file."""

    given: Mapping[str, Citation] | None
    by_folder: Mapping[Path, Mapping[str, Citation]]

    def citations(self, rule: AnyRule) -> tuple[Citation, ...]:
        """The sources of a rule."""
        folder = _folder(rule)
        table = self.given if self.given is not None else self.by_folder.get(folder, {}) if folder else {}
        return tuple(table.get(name) or Citation(name, url=address(name)) for name in rule.source)


def catalogue_of(rulebook: Rulebook, path: Path | None) -> Catalogue:
    """The sources of a rulebook, from a table, or without one from the tables beside the rule files.

    Raises:
        DxRulesError: a table that cannot be read.
    """
    if path is not None:
        return Catalogue(read_sources(path), {})
    rules: Iterable[AnyRule] = (*rulebook.rules, *rulebook.patterns)
    folders = {folder for rule in rules if (folder := _folder(rule))}
    tables = {folder: folder / FILE for folder in folders}
    return Catalogue(None, {folder: read_sources(file) for folder, file in tables.items() if file.is_file()})


def _folder(rule: AnyRule) -> Path | None:
    """The folder of a rule's file; None for a rule that was given as text."""
    if rule.span is None or rule.span.source.path.startswith("<"):
        return None
    return Path(rule.span.source.path).parent
