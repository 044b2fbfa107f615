"""Where rule texts come from: files, folders, texts, and the bundled packs."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Collection, Iterable, Iterator
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

    text: str = attrs.field(validator=attrs.validators.instance_of(str))
    name: str = attrs.field(default="<text>", validator=attrs.validators.instance_of(str))


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


Opened = Source | list[Diagnostic]


def open_sources(
    sources: Iterable[RuleSource],
    decode: Callable[[str, bytes], tuple[Source | None, list[Diagnostic]]],
    largest: int,
) -> dict[str, Opened]:
    """Each text, or what is wrong with it, by its name and in the order of the sources.

    The files of a folder are sorted by name; a file given twice is read once; of a text that bears the name of another
    the name gets a number.

    Args:
        sources: what `load` was given.
        decode: makes a text of the bytes of a file.
        largest: of a larger file only one byte more is read, which is for `decode` to refuse.

    Raises:
        DxRulesError: a source that is no path, text or `BUNDLED`.
    """
    opened: dict[str, Opened] = {}
    seen: set[str] = set()
    for source in sources:
        if isinstance(source, Text):
            name = _free_name(source.name, opened)
            opened[name] = Source(name, source.text.removeprefix("\ufeff"))
            continue
        for file in _files(_path(source), opened):
            real = _real(file)
            if real not in seen:
                seen.add(real)
                name = _free_name(_shown(file), opened)
                opened[name] = _read(file, name, decode, largest)
    return opened


def rule_files(sources: Iterable[RuleSource]) -> Iterator[Path]:
    """The files that some sources name, in order.

    Raises:
        OSError: a path that is neither a file nor a folder with rule files in it.
    """
    for source in sources:
        path = _path(source)
        problems: dict[str, Opened] = {}
        yield from _files(path, problems)
        if problems or not path.exists():
            raise FileNotFoundError(str(path))


def _path(source: object) -> Path:
    if isinstance(source, Bundled):
        return bundled_folder()
    if isinstance(source, (str, os.PathLike)) and os.fspath(source):
        return Path(os.fsdecode(source))
    what = "an empty one" if isinstance(source, (str, os.PathLike)) else type(source).__name__
    message = f"a rule source is a path, `dxrules.Text(...)` or `dxrules.BUNDLED`, not {what}"
    raise DxRulesError(message)


def _free_name(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    base = name.removesuffix(">")
    number = next(each for each in itertools.count(2) if f"{base} {each}{name[len(base) :]}" not in taken)
    return f"{base} {number}{name[len(base) :]}"


def _real(file: Path) -> str:
    try:
        return os.path.realpath(file)
    except (OSError, ValueError):  # no path of this system, which reading will say
        return str(file)


def _files(path: Path, opened: dict[str, Opened]) -> Iterator[Path]:
    try:
        if not path.is_dir():
            yield path
            return
        files = sorted(each for each in path.rglob("*") if _is_pack(each, path))
    except (OSError, ValueError) as error:
        opened[_shown(path)] = [_unreadable(path, _shown(path), error)]
        return
    if not files:
        help_text = f"rule files end in `{'` or `'.join(SUFFIXES)}`"
        opened[_shown(path)] = [Diagnostic(_shown(path), 1, 1, "file/none", "the folder holds no rule file", help_text)]
    yield from files


def _is_pack(file: Path, folder: Path) -> bool:
    """Rule files, but no worked cases (`*.cases.yaml`), and nothing hidden."""
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.suffix in SUFFIXES and not hidden and ".cases" not in file.suffixes and file.is_file()


def _read(
    file: Path,
    name: str,
    decode: Callable[[str, bytes], tuple[Source | None, list[Diagnostic]]],
    largest: int,
) -> Opened:
    try:
        with file.open("rb") as stream:
            data = stream.read(largest + 1)  # some files, such as /dev/zero, have no end
    except (OSError, ValueError) as error:
        return [_unreadable(file, name, error)]
    source, mistakes = decode(name, data)
    return mistakes if source is None else source


def _shown(path: Path) -> str:
    """The path as diagnostics name it; a whole rule text that was given for a path is cut short."""
    text = str(path)
    return text if len(text) <= 1_000 and "\n" not in text else f"{text[:60].splitlines()[0]}…"


def _unreadable(path: Path, name: str, error: Exception) -> Diagnostic:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "the path is not valid"
    help_text = "a source is a file, a folder, or `dxrules.Text(...)` for a text itself"
    if len(str(path)) < 200 and not isinstance(error, ValueError) and not path.exists():
        why = "no such file or folder"
    message = f"it cannot be read: {why[0].lower()}{why[1:]}"
    return Diagnostic(name, 1, 1, "file/unreadable", message, help_text)
