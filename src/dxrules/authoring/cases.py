"""Cases files (`*.cases.yaml`): facts, and what whole decisions on them must be.

An example belongs to one rule; a case is a fact with everything that the rules together say of it, kept beside the
rules or away from them. docs/reference/cases.md has the format.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import attrs

from dxrules.decision import Verdict
from dxrules.errors import Diagnostic, FactError
from dxrules.language.entries import Entry, date_in, entries_of, is_empty, names_in, start_of, text_of
from dxrules.language.examples import read_given
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.reader import decode, read
from dxrules.language.scan import cut
from dxrules.language.written import Name, Report
from dxrules.rulebook import Rulebook
from dxrules.schema import FactType
from dxrules.source import Source, Span
from dxrules.structuring import structure
from dxrules.suggest import did_you_mean
from dxrules.values import Plain

SUFFIX = ".cases.yaml"
FILE_KEYS = ("facts", "as_of", "parameters", "defaults", "cases")
CASE_KEYS = ("why", "facts", "as_of", "defaults", "given", "expect")
EXPECT_KEYS = ("codes", "fires", "silent", "undetermined", "blocked", "verdicts", "ready")
VERDICTS = tuple(str(each) for each in Verdict)
READY = {"true": True, "false": False, "unknown": None}


@attrs.frozen
class Expected:
    """What a decision must be; None for what a case says nothing of.

    Attributes:
        codes: exactly these outcomes, in order.
        fires: these are among the outcomes.
        silent: these rules neither fire nor are undetermined.
        undetermined: these rules are undetermined.
        blocked: exactly these operations are blocked.
        verdicts: the verdict on operations.
        ready: whether operations are ready; None is unknown.
    """

    codes: tuple[str, ...] | None = None
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()
    blocked: tuple[str, ...] | None = None
    verdicts: Mapping[str, str] = attrs.field(factory=dict)
    ready: Mapping[str, bool | None] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Case:
    """A fact, a day, and what the decision must be. `why` is for readers."""

    name: str
    why: str
    fact: Any
    as_of: dt.date
    expected: Expected
    span: Span

    @property
    def place(self) -> str:
        """Its file and line."""
        return f"{self.span.source.path}:{self.span.source.position(self.span.start)[0]}"


def read_cases(path: Path | str, rulebook: Rulebook) -> tuple[list[Case], list[Diagnostic]]:
    """The cases of a file, and everything that is wrong with it.

    Args:
        path: the file.
        rulebook: the rules that the cases are about: a case that names a rule or operation that they lack is a mistake.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        why = error.strerror or "the path is not valid"
        return [], [Diagnostic(str(path), 1, 1, "file/unreadable", f"it cannot be read: {why[0].lower()}{why[1:]}")]
    source, mistakes = decode(str(path), data)
    if source is None:
        return [], mistakes
    return read_text(source, rulebook)


def read_text(source: Source, rulebook: Rulebook) -> tuple[list[Case], list[Diagnostic]]:
    """The cases of a text, and everything that is wrong with it."""
    node, mistakes = read(source)
    report = Report()
    for each in mistakes:
        report.add(each)
    cases = _Reader(rulebook, report).file(node) if node is not None else []
    return cases, sorted(report.found, key=lambda each: (each.line, each.column))


@attrs.define(eq=False)
class _Reader:
    rulebook: Rulebook
    report: Report
    _file: dict[str, Entry] = attrs.field(factory=dict)

    def file(self, node: Node) -> list[Case]:
        if not isinstance(node, MapNode):
            self.report(start_of(node.span), "cases/form", "a cases file is a mapping of keys to values",
                        "begin with `facts: Card`, then `cases:`")  # fmt: skip
            return []
        self._file = entries_of(node, FILE_KEYS, self.report, "a cases file")
        self._check_parameters()
        entry = self._file.get("cases")
        if entry is None or is_empty(entry[1]) or not isinstance(entry[1], MapNode):
            place = start_of(node.span) if entry is None else entry[0].span
            self.report(place, "cases/none", "there are no cases", "write `cases:`, and below it a name for each case")
            return []
        found = [self._case(key, value) for key, value in entry[1].entries]
        return [each for each in found if each is not None]

    def _check_parameters(self) -> None:
        """The values that the cases were written for must be those in force."""
        for key, node in self._mapping(self._file.get("parameters")):
            parameter = self.rulebook.parameters.get(key.text)
            if parameter is None:
                help_text = did_you_mean(key.text, self.rulebook.parameters)
                self.report(key.span, "cases/parameter", f"there is no parameter `{cut(key.text)}`", help_text)
                continue
            day = self._day(None, key, quiet=True)
            value = parameter.at(day) if day is not None else parameter.values[-1][1]
            if (
                not isinstance(node, Scalar)
                or node.value != value
                or isinstance(node.value, bool) != isinstance(value, bool)
            ):
                message = f"the cases are written for another value of `{key.text}`: it is {_shown(value)}"
                self.report(key.span, "cases/parameter", message, "look at what the cases expect, then correct this")

    def _case(self, key: Scalar, node: Node) -> Case | None:
        before = len(self.report.found)
        if not isinstance(node, MapNode):
            self.report(key.span, "cases/form", f"the case `{cut(key.text)}` says nothing",
                        "it needs `given` and `expect`")  # fmt: skip
            return None
        entries = entries_of(node, CASE_KEYS, self.report, "a case")
        fact_type = self._fact_type(entries.get("facts") or self._file.get("facts"), key)
        day = self._day(entries.get("as_of"), key)
        expected = self._expected(entries.get("expect"), key, fact_type) if fact_type is not None else None
        given = self._given(entries, fact_type) if fact_type is not None else None
        if fact_type is None or day is None or expected is None or given is None or len(self.report.found) > before:
            return None
        fact = self._fact(key, fact_type, given)
        why = entries["why"][1] if "why" in entries else None
        said = text_of(why) if why is not None else None
        return None if fact is None else Case(key.text, said or "", fact, day, expected, key.span)

    def _fact_type(self, entry: Entry | None, key: Scalar) -> FactType | None:
        types = {each.name: each for each in self.rulebook.fact_types}
        if entry is None:
            if len(types) == 1:
                return next(iter(types.values()))
            self.report(key.span, "cases/facts", "the case does not say what its facts are of",
                        "add `facts: Card` at the top of the file, or to the case")  # fmt: skip
            return None
        name = text_of(entry[1]) or ""
        if name not in types:
            help_text = did_you_mean(name, types) or "name its class with `--facts MODULE:CLASS`"
            self.report(entry[1].span, "cases/facts", f"`{cut(name)}` is not a known fact type", help_text)
        return types.get(name)

    def _day(self, entry: Entry | None, key: Scalar, *, quiet: bool = False) -> dt.date | None:
        entry = entry or self._file.get("as_of")
        if entry is not None:
            return date_in(entry[1], "as_of", self.report)
        if not quiet:
            self.report(key.span, "cases/day", "the case does not say for which day it is",
                        "add `as_of: 2026-01-31` at the top of the file, or to the case")  # fmt: skip
        return None

    def _given(self, entries: Mapping[str, Entry], fact_type: FactType) -> dict[str, Plain] | None:
        own = self._facts(entries.get("given"), fact_type)
        if "defaults" in entries:
            value = entries["defaults"][1]
            if not isinstance(value, Scalar) or value.value is not False:
                self.report(entries["defaults"][0].span, "cases/form", "in a case `defaults` takes `false` only",
                            "leave it out to have the defaults of the file")  # fmt: skip
            return own
        main = text_of(self._file["facts"][1]) if "facts" in self._file else None
        if main is not None and main != fact_type.name:
            return own  # the defaults of the file are facts of another class
        defaults = self._facts(self._file.get("defaults"), fact_type)
        if own is None or defaults is None:
            return None
        absent = tuple(f"{name}." for name, value in own.items() if value is None)
        return {name: value for name, value in defaults.items() if not name.startswith(absent)} | own

    def _facts(self, entry: Entry | None, fact_type: FactType) -> dict[str, Plain] | None:
        written = {key.text: (key, value) for key, value in self._mapping(entry)}
        return read_given(written, fact_type, self.report)

    def _fact(self, key: Scalar, fact_type: FactType, given: Mapping[str, Plain]) -> Any:
        try:
            return structure(_nested(fact_type, given), fact_type.cls)
        except FactError as error:
            for problem in error.problems:
                message = f"`{problem.path or fact_type.name}`: found {problem.found}, allowed is {problem.allowed}"
                self.report(key.span, "cases/fact", message, problem.help)
            return None

    def _expected(self, entry: Entry | None, key: Scalar, fact_type: FactType) -> Expected | None:
        if entry is None or not isinstance(entry[1], MapNode) or not entry[1].entries:
            self.report(key.span if entry is None else entry[0].span, "cases/expect",
                        f"the case `{cut(key.text)}` expects nothing", "add `expect: {codes: [...]}`")  # fmt: skip
            return None
        entries = entries_of(entry[1], EXPECT_KEYS, self.report, "`expect`")
        rules = [rule.name for rule in self.rulebook.rules if rule.fact_type is fact_type]
        lists = {each: self._names(entries.get(each), each, rules, "rule") for each in EXPECT_KEYS[:4]}
        blocked = self._names(entries.get("blocked"), "blocked", self.rulebook.operations, "operation")
        verdicts = self._answers(entries.get("verdicts"), dict(zip(VERDICTS, VERDICTS, strict=True)))
        ready = self._answers(entries.get("ready"), READY)
        return Expected(
            codes=lists["codes"] if "codes" in entries else None,
            fires=lists["fires"],
            silent=lists["silent"],
            undetermined=lists["undetermined"],
            blocked=blocked if "blocked" in entries else None,
            verdicts=cast("dict[str, str]", verdicts),
            ready=cast("dict[str, bool | None]", ready),
        )

    def _names(self, entry: Entry | None, key: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        names = list(names_in(entry, key, self.report))
        for name in names:
            self._known(name, known, what)
        return tuple(name.text for name in names)

    def _known(self, name: Name, known: Iterable[str], what: str) -> None:
        if name.text not in known:
            code = "cases/rule" if what == "rule" else "cases/operation"
            message = f"there is no rule `{cut(name.text)}`" if what == "rule" else f"no rule blocks `{cut(name.text)}`"
            self.report(name.span, code, message, did_you_mean(name.text, known))

    def _answers(self, entry: Entry | None, allowed: Mapping[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, node in self._mapping(entry):
            self._known(Name(key.text, key.span), self.rulebook.operations, "operation")
            text = node.text if isinstance(node, Scalar) else ""
            if text in allowed:
                found[key.text] = allowed[text]
            else:
                self.report(
                    node.span if text else key.span,
                    "cases/answer",
                    f"`{cut(text)}` is not an answer here",
                    did_you_mean(text, allowed),
                )
        return found

    def _mapping(self, entry: Entry | None) -> tuple[tuple[Scalar, Node], ...]:
        if entry is None or is_empty(entry[1]):
            return ()
        if isinstance(entry[1], MapNode):
            return entry[1].entries
        self.report(entry[0].span, "key/not-a-mapping", f"`{entry[0].text}` takes names with something beside each",
                    f"write `{entry[0].text}: {{a_name: ...}}`")  # fmt: skip
        return ()


def _nested(fact_type: FactType, given: Mapping[str, Plain]) -> dict[str, Any]:
    """Facts by dotted name as a mapping with one inside for each group."""
    found: dict[str, Any] = {}
    for name in sorted(given, key=lambda each: each.count(".")):
        value: Any = given[name]
        *groups, last = fact_type.facts[name].path
        holder = found
        for group in groups:
            holder = holder[group]
        holder[last] = {} if value is not None and fact_type.facts[name].type.kind == "group" else value
    return found


def _shown(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "unknown" if value is None else str(value)
