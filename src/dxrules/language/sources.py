"""Where rule texts come from: files, folders, texts, and the bundled packs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attrs

from dxrules.errors import Diagnostic, DxRulesError
from dxrules.source import Source

SUFFIXES = (".yaml", ".yml")


@attrs.frozen
class Text:
    """Rules given as text rather than as a file; `name` stands for the path in diagnostics.

    >>> Text("rulebook: mine").name
    '<text>'
    """

    text: str
    name: str = "<text>"


@attrs.frozen
class Bundled:
    """The rule packs that come with dxrules."""

    def __repr__(self) -> str:
        return "dxrules.BUNDLED"


BUNDLED = Bundled()

RuleSource = str | os.PathLike[str] | Text | Bundled


def bundled_folder() -> Path:
    """The folder of the bundled packs: the checkout's own, or the one inside the installed package."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent.parent / "rules"


def open_sources(
    sources: Iterable[RuleSource], decode: Callable[[str, bytes], tuple[Source | None, list[Diagnostic]]]
) -> tuple[list[Source], list[Diagnostic]]:
    """The texts of all sources in their order, a folder's files sorted by name; a file given twice is read once.

    Raises:
        DxRulesError: a source that is no path, text or `BUNDLED`.
    """
    texts: list[Source] = []
    found: list[Diagnostic] = []
    seen: set[str] = set()
    for source in sources:
        if isinstance(source, Text):
            texts.append(Source(source.name, source.text.removeprefix("\ufeff")))
            continue
        if isinstance(source, Bundled):
            path = bundled_folder()
        elif isinstance(source, (str, os.PathLike)):
            path = Path(os.fsdecode(source))
        else:
            message = f"a rule source is a path, `dxrules.Text(...)` or `dxrules.BUNDLED`, not {type(source).__name__}"
            raise DxRulesError(message)
        for file in _files(path, found):
            name = os.path.realpath(file)
            if name not in seen:
                seen.add(name)
                _read(file, decode, texts, found)
    return texts, found


def _files(path: Path, found: list[Diagnostic]) -> Iterator[Path]:
    try:
        if not path.is_dir():
            yield path
            return
        files = sorted(each for each in path.rglob("*") if _is_pack(each, path))
    except (OSError, ValueError) as error:
        found.append(_unreadable(path, error))
        return
    if not files:
        help_text = f"rule files end in {' or '.join(SUFFIXES)}"
        found.append(Diagnostic(str(path), 1, 1, "file/none", "the folder holds no rule file", help_text))
    yield from files


def _is_pack(file: Path, folder: Path) -> bool:
    """Rule files, but no worked cases (`*.cases.yaml`), and nothing hidden."""
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.suffix in SUFFIXES and not hidden and ".cases" not in file.suffixes and file.is_file()


def _read(
    file: Path,
    decode: Callable[[str, bytes], tuple[Source | None, list[Diagnostic]]],
    texts: list[Source],
    found: list[Diagnostic],
) -> None:
    try:
        data = file.read_bytes()
    except (OSError, ValueError) as error:
        found.append(_unreadable(file, error))
        return
    source, mistakes = decode(str(file), data)
    found.extend(mistakes)
    if source is not None:
        texts.append(source)


def _unreadable(path: Path, error: Exception) -> Diagnostic:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "the path is not valid"
    help_text = "a source is a file, a folder, or `dxrules.Text(...)` for a text itself"
    if len(str(path)) < 200 and not isinstance(error, ValueError) and not path.exists():
        why = "no such file or folder"
    return Diagnostic(str(path)[:200], 1, 1, "file/unreadable", f"it cannot be read: {why[0].lower()}{why[1:]}", help_text)
