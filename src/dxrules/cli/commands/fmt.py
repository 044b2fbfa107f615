"""Lay rule files and cases files out in the one way.

Files are changed in place, each as a whole or not at all. Comments, the order of rules and what is written stay; that
the meaning does is verified before anything is written. With --check nothing is written, and the exit code is 1 when a
file would change. `-` lays out standard input onto standard output.

  dxrules fmt loans.yaml
  dxrules fmt rules/ --check
  dxrules fmt rules/ --diff
"""

from __future__ import annotations

import argparse
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dxrules.cli import exits
from dxrules.cli.options import add_json, add_lang

if TYPE_CHECKING:
    from dxrules.errors import Diagnostic
    from dxrules.source import Source


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="rule files, cases files, or folders of them; or `-`")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a file would change")
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")
    add_lang(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Lay files out."""
    from dxrules.cli.output import Output

    if options.paths == ["-"]:
        return _standard_input(options.lang)
    changed: list[str] = []
    mistakes: list[Diagnostic] = []
    files = _files(options.paths)
    out = Output()
    for path in files:
        source, text, found = _laid_out(str(path), path.read_bytes())
        mistakes += found
        if text is None or source is None or text == source.text:
            continue
        changed.append(str(path))
        if options.diff and not options.json:
            _show_difference(out, source, text)
        if not options.check and not options.diff:
            _replace(path, text)
    _tell(options, len(files), changed, mistakes)
    if mistakes:
        return exits.BAD_INPUT
    return exits.FINDINGS if changed and (options.check or options.diff) else exits.RAN


def _standard_input(lang: str) -> int:
    from dxrules.cli.findings import tell

    _, text, mistakes = _laid_out("<stdin>", sys.stdin.buffer.read())
    if text is None:
        tell(mistakes, "text", "", what="mistake", lang=lang, errors=True)
        return exits.BAD_INPUT
    sys.stdout.write(text)
    return exits.RAN


def _files(paths: list[str]) -> list[Path]:
    """The files of paths; those of a folder are sorted by name."""
    found: dict[Path, None] = {}
    for word in paths:
        path = Path(word)
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.suffix in (".yaml", ".yml") and each.is_file())
            found.update(dict.fromkeys(each for each in inside if not _hidden(each, path)))
        else:
            found[path] = None
    return list(found)


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _laid_out(name: str, data: bytes) -> tuple[Source | None, str | None, list[Diagnostic]]:
    from dxrules.authoring.formatting import layout
    from dxrules.authoring.shapes import shape_of
    from dxrules.language.reader import decode

    source, mistakes = decode(name, data)
    if source is None:
        return None, None, mistakes
    text, mistakes = layout(source, shape_of(name))
    return source, text, mistakes


def _replace(path: Path, text: str) -> None:
    """Write a file as a whole: whoever reads it meanwhile finds the old one or the new one."""
    real = path.resolve()  # a link stays one
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(name).chmod(stat.S_IMODE(real.stat().st_mode))
        Path(name).replace(real)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _show_difference(out: Any, source: Source, text: str) -> None:
    import difflib

    lines = difflib.unified_diff(
        source.text.splitlines(), text.splitlines(), source.path, f"{source.path} laid out", lineterm=""
    )
    styles = {"+": "good", "-": "bad", "@": "dim"}
    for line in lines:
        style = styles.get(line[:1])
        out.line((line, style) if style else line)


def _tell(options: argparse.Namespace, count: int, changed: list[str], mistakes: list[Diagnostic]) -> None:
    from dxrules.cli.findings import show
    from dxrules.cli.output import Output
    from dxrules.cli.running import as_data
    from dxrules.cli.words import counted, saying

    out = Output()
    lang = options.lang
    if options.json:
        out.data({"files": count, "changed": changed, "diagnostics": [as_data(each, lang) for each in mistakes]})
        return
    for each in mistakes:
        show(out, each, lang)
        out.line()
    done = "to lay out" if options.check or options.diff else "laid out"
    for path in [] if options.diff else changed:
        out.line((path, "strong"), saying(done, lang))
    out.line(saying(f"all {done}", lang, len(changed), counted(count, "file", lang)))
