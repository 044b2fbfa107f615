"""Running a page: its Python, its rule files, its tables. Every failure is kept, with its line."""

import contextlib
import datetime as dt
import doctest
import io
import linecache
import re
import shlex
import sys
import traceback
import types
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
import yaml

import dxrules
from docs.pages import ROOT, Block, Table, parts, spans
from dxrules import engines
from dxrules.cli.main import main

DAY = dt.date(2026, 1, 15)  # of the decisions in tables that have no column `as of`
_PACK_KEYS = ("parameters", "define", "gates", "targets", "disable", "rules")
_FLAGS = doctest.ELLIPSIS


class WrongError(Exception):
    """What a page shows is not so."""


@attrs.define
class Run:
    """One page, run from top to bottom in a folder of its own."""

    page: Path
    folder: Path
    failures: list[str] = attrs.field(factory=list)
    skipped: list[tuple[int, str]] = attrs.field(factory=list)
    done: int = 0
    module: types.ModuleType = attrs.field(init=False)
    # What the part before this one showed, for a `text` block to be compared with.
    _shown: str | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.module = types.ModuleType("page_" + re.sub(r"[^a-z]", "_", self.name.lower()))

    @property
    def name(self) -> str:
        """The page's path in the repository."""
        return str(self.page.relative_to(ROOT) if self.page.is_relative_to(ROOT) else self.page.name)

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that the page's Python has made."""
        return vars(self.module)

    def run(self) -> None:
        """Run every part of the page."""
        sys.modules[self.module.__name__] = self.module  # where annotations and pickles look for its classes
        try:
            for part in parts(self.page.read_text(encoding="utf-8")):
                self._part(part)
        finally:
            del sys.modules[self.module.__name__]
            self._forget_modules()

    def _forget_modules(self) -> None:
        """Of classes that commands imported from the page's folder nothing is left for the next page."""
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(self.folder)):
                del sys.modules[name]
        sys.path[:] = [each for each in sys.path if each != str(self.folder)]

    def _part(self, part: Block | Table) -> None:
        shown, self._shown = self._shown, None
        if "skip" in part.marks:
            self.skipped.append((part.line, part.marks["skip"]))
            if not part.marks["skip"]:
                self._fail(part.line, "`skip` has no reason")
            return
        try:
            if "edit" in part.marks:
                self._edit(part.marks["edit"])
            if isinstance(part, Table):
                self._table(part)
            else:
                self._block(part, shown)
        except WrongError as wrong:
            self._fail(part.line, str(wrong))
        except Exception:  # noqa: BLE001  # whatever a page raises is its failure
            self._fail(part.line, traceback.format_exc(limit=-6))

    def _fail(self, line: int, text: str) -> None:
        self.failures.append(f"{self.name}:{line}: {text}")

    # Blocks

    def _block(self, block: Block, shown: str | None) -> None:
        if block.title is not None:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        if block.language == "python":
            self.done += 1
            if block.text.startswith(">>>"):
                self._doctest(block)
            else:
                self._shown = self._execute(block)
        elif block.language == "yaml" and ("diagnostics" in block.marks or block.text.startswith("rulebook:")):
            self.done += 1
            self._shown = self._load(block)
        elif block.language == "console" and block.text.startswith("$ dxrules"):
            self.done += 1
            self._commands(block)
        elif block.language == "text" and shown is not None:
            self.done += 1
            compare(block.text, shown)

    def _execute(self, block: Block) -> str:
        # Line ends in front of it make the lines of a traceback those of the page.
        code = compile("\n" * (block.line - 1) + block.text, str(self.page), "exec")
        linecache.checkcache(str(self.page))
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(code, self.namespace)
        return out.getvalue()

    def _edit(self, mark: str) -> None:
        """Replace a text in a file of the page's folder."""
        name, _, change = mark.partition(": ")
        old, _, new = change.partition(" => ")
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise WrongError(f"`{old}` stands {text.count(old)} times in {name}")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def _commands(self, block: Block) -> None:
        """Run the commands of a block, and compare all that they print with what the block shows."""
        lines = [line for line in block.text.splitlines() if line.startswith("$ ")]
        found = [f"{line}\n{self._command(line.removeprefix('$ dxrules').strip())}" for line in lines]
        compare(block.text, "".join(found))

    def _command(self, line: str) -> str:
        line, _, code = line.partition("  # exit ")
        words, file = shlex.split(line), None
        if words[-2:-1] == [">"]:
            words, file = words[:-2], self.folder / words[-1]
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            ended = main(words)
        if ended != int(code or 0):
            raise WrongError(f"`dxrules {line}` ends with {ended}:\n{out.getvalue()}")
        if file is None:
            return out.getvalue()
        file.write_text(out.getvalue(), encoding="utf-8")
        return ""

    def _doctest(self, block: Block) -> None:
        test = doctest.DocTestParser().get_doctest(block.text, {}, self.page.name, str(self.page), block.line - 1)
        test.globs = self.namespace
        out: list[str] = []
        doctest.DocTestRunner(verbose=False, optionflags=_FLAGS).run(test, out=out.append, clear_globs=False)
        if out:
            raise WrongError("".join(out))

    def _load(self, block: Block) -> str:
        expected = _words(block.marks.get("diagnostics", "none"))
        text = completed(block.text) if "diagnostics" in block.marks else block.text
        name = block.title or "<text>"
        found = self._diagnostics([*self._beside(block.marks), dxrules.Text(text, name)])
        codes = sorted(each.code for each in found)
        if codes != sorted([] if expected == ["none"] else expected):
            raise WrongError(f"expected {', '.join(expected)}, found:\n{listing(found)}")
        return listing(found)

    def _beside(self, marks: Any) -> list[Any]:
        names = _words(marks.get("beside", ""))
        return [dxrules.BUNDLED if name == "bundled" else self.folder / name for name in names]

    def _classes(self) -> list[type]:
        own = [each for each in self.namespace.values() if isinstance(each, type) and attrs.has(each)]
        known = {each.__name__: each for each in (dxrules.Card, dxrules.Account, dxrules.CardEvent)}
        return list({**{each.__name__: each for each in own}, **known}.values())

    def _diagnostics(self, sources: Sequence[Any]) -> Sequence[dxrules.Diagnostic]:
        try:
            dxrules.load(*sources, facts=self._classes())
        except dxrules.RulebookError as error:
            return error.diagnostics
        return ()

    # Tables

    def _table(self, table: Table) -> None:
        if table.columns[:1] == ("condition",) and "result" in table.columns:
            self._conditions(table)
        elif table.columns[:1] == ("code",) and "instead" in table.columns:
            for line, row in table.rows:
                try:
                    self._refusal(table, row)
                    self.done += 1
                except WrongError as wrong:
                    self._fail(line, str(wrong))

    def _conditions(self, table: Table) -> None:
        cls = self._class_of(table)
        taken: list[tuple[int, str, dict[str, str]]] = []
        for line, row in table.rows:
            condition = spans(row["condition"])[0]
            result = row["result"].replace("`", "")
            if "/" in result:
                self._refused(line, table, result, condition)
            else:
                taken.append((line, condition, row))
        if not taken:
            return
        rules = {f"ROW_{line}": rule(condition) for line, condition, _ in taken}
        rulebook = dxrules.load(*self._beside(table.marks), dxrules.Text(pack(cls, rules)), facts=self._classes())
        for name in engines.NAMES:
            engine = dxrules.compile(rulebook, name)
            for line, condition, row in taken:
                self.done += 1
                found = self._result(engine, cls, f"ROW_{line}", row)
                wanted = row["result"].replace("`", "")
                if found != wanted:
                    self._fail(line, f"`{condition}` is {found} on `{name}`, not {wanted}")

    def _result(self, engine: Any, cls: type, code: str, row: dict[str, str]) -> str:
        given = yaml.safe_load(f"{{{''.join(spans(row['facts']))}}}")
        day = dt.date.fromisoformat(row["as of"]) if row.get("as of") else DAY
        decision = engine.evaluate(dxrules.structure(given, cls), day)
        for each in decision.undetermined:
            if each.rule == code:
                return f"unknown: {', '.join(each.missing)}"
        return "true" if code in decision.codes else "false"

    def _refused(self, line: int, table: Table, code: str, condition: str) -> None:
        self.done += 1
        found = self._try(table, rule(condition))
        if {each.code for each in found} != {code}:
            self._fail(line, f"`{condition}` does not give {code} alone, but:\n{listing(found)}")

    def _try(self, table: Table, written: Any) -> Sequence[dxrules.Diagnostic]:
        text = pack(self._class_of(table), {"ROW": written})
        return self._diagnostics([*self._beside(table.marks), dxrules.Text(text)])

    def _refusal(self, table: Table, row: dict[str, str]) -> None:
        """A row of a table of diagnostics: the text that gives one, and what to write instead."""
        code = spans(row["code"])[0]
        make = message if "refused message" in row else rule
        bad = row.get("refused message") or row["refused"]
        for text in spans(bad):
            found = self._try(table, make(text))
            if {each.code for each in found} != {code}:
                raise WrongError(f"`{text}` does not give {code} alone, but:\n{listing(found)}")
        for text in spans(row["instead"]) if row["instead"].startswith("`") else ():
            found = self._try(table, make(text))
            if found:
                raise WrongError(f"`{text}` is no remedy:\n{listing(found)}")

    def _class_of(self, table: Table) -> type:
        name = table.marks.get("conditions")
        found = {each.__name__: each for each in self._classes()}
        if name not in found:
            raise WrongError(f"above this table, `<!-- conditions: NAME -->` must name one of {', '.join(found)}")
        return found[name]


def rule(condition: str) -> dict[str, Any]:
    """A rule with that condition."""
    return {"when": condition, "inform": None, "message": {"en": "a", "zh": "a"}}


def message(text: str) -> dict[str, Any]:
    """A rule with that message."""
    return {"when": "True", "inform": None, "message": {"en": text, "zh": "a"}}


def pack(cls: type, rules: dict[str, Any]) -> str:
    """A rule file."""
    content = {"rulebook": "table", "facts": cls.__name__, "rules": rules}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)


def completed(text: str) -> str:
    """A fragment of a rule file with what it lacks."""
    first = text.partition(":")[0]
    head = "rulebook: example\nfacts: Card\n"
    if first in _PACK_KEYS:
        return head + text
    if re.fullmatch(r"[A-Z][A-Z0-9_]*", first):
        return f"{head}rules:\n" + "".join(f"  {line}" for line in text.splitlines(keepends=True))
    return text


def listing(diagnostics: Iterable[dxrules.Diagnostic]) -> str:
    """Diagnostics as a `text` block shows them."""
    return "\n\n".join(map(str, diagnostics)) + "\n"


def compare(wanted: str, found: str) -> None:
    """Compare a `text` block with what was shown; `...` stands for anything, blanks at line ends do not count."""
    one, two = (re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip("\n") + "\n" for text in (wanted, found))
    if not doctest.OutputChecker().check_output(one, two, _FLAGS):
        raise WrongError(f"what is shown is not what comes out, which is:\n{two}")


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
