"""The checked rulebook: what reading produces and what every engine takes."""

from __future__ import annotations

import datetime as dt
import functools
from bisect import bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs

from dxrules.errors import EngineError
from dxrules.expression import Expr, facts_of
from dxrules.rollup import Rollup
from dxrules.schema import FactType
from dxrules.source import Span
from dxrules.suggest import did_you_mean
from dxrules.values import Plain

if TYPE_CHECKING:
    from dxrules.pattern import PatternRule

Kind = Literal["block", "require", "suggest", "warn", "inform"]
Severity = Literal["low", "medium", "high", "critical"]
Deadline = Literal[
    "none", "immediately", "within_24h", "promptly", "before_submit", "before_cancellation", "before_recycle"
]
Lang = Literal["en", "zh"]

KINDS: tuple[Kind, ...] = ("block", "require", "suggest", "warn", "inform")
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")
DEADLINES: tuple[Deadline, ...] = (
    "none", "immediately", "within_24h", "promptly", "before_submit", "before_cancellation", "before_recycle",
)  # fmt: skip
LANGS: tuple[Lang, ...] = ("en", "zh")


@attrs.frozen
class Hole:
    """A place in a message that a value fills: a fact, parameter or definition, and `yuan` or an empty format."""

    name: str
    expr: Expr
    format: str = ""


@attrs.frozen
class Template:
    """A message in one language: texts and holes in turn."""

    parts: tuple[str | Hole, ...]

    @property
    def fixed(self) -> bool:
        """Whether the message says the same of every fact."""
        return not any(isinstance(part, Hole) for part in self.parts)


@attrs.frozen
class Parameter:
    """A named number, text or truth value that rules read.

    `values` are in the order of their dates; a value holds from its date until the next one's. A parameter without
    dates has the one date `date.min`.
    """

    name: str
    values: tuple[tuple[dt.date, Plain], ...]
    pack: str = attrs.field(default="", eq=False)

    def at(self, as_of: dt.date) -> Plain:
        """Its value on a day; None, unknown, before its first date.

        >>> Parameter("days", ((dt.date(2026, 1, 1), 60),)).at(dt.date(2025, 12, 31)) is None
        True
        """
        found = None
        for start, value in self.values:
            if start <= as_of:
                found = value
        return found


@attrs.frozen(eq=False)
class Example:
    """What a rule must do with some facts. `fires` is True, False, or None for undetermined."""

    given: Mapping[str, Plain]
    fires: bool | None
    as_of: dt.date
    span: Span | None = attrs.field(default=None, repr=False)


@attrs.frozen(eq=False)
class Rule:
    """A checked rule: when its condition is true, its one outcome is part of the decision."""

    name: str
    pack: str
    fact_type: FactType
    when: Expr
    kind: Kind
    target: str | None
    severity: Severity
    deadline: Deadline
    priority: int
    message: Mapping[Lang, Template]
    source: tuple[str, ...] = ()
    valid_from: dt.date = dt.date.min
    valid_until: dt.date | None = None
    overrides: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    place: int = 0
    span: Span | None = attrs.field(default=None, repr=False)

    def valid(self, as_of: dt.date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= as_of and (self.valid_until is None or as_of < self.valid_until)


@attrs.frozen(eq=False)
class Epoch:
    """A rulebook for one fact type between two dates on which something changes: everything in it is fixed.

    `rules` are those in force, in the order of decisions. `overriders` lists, for each rule that others override, its
    place and theirs, in an order in which overriders are settled first. `rulebook` is the one that it is an epoch of,
    where there is a whole one.
    """

    fact_type: FactType
    rules: tuple[Rule, ...]
    parameters: Mapping[str, Plain]
    overriders: tuple[tuple[int, tuple[int, ...]], ...]
    digest: str
    gates: Mapping[str, frozenset[str]]
    operations: frozenset[str]
    rulebook: Rulebook | None = attrs.field(default=None, repr=False)

    @functools.cached_property
    def above(self) -> Mapping[int, tuple[int, ...]]:
        """`overriders` by place."""
        return dict(self.overriders)


@attrs.frozen(eq=False, repr=False)
class Rulebook:
    """Checked rules and all that they name. Made by `dxrules.load`.

    Attributes:
        fact_types: the attrs classes that rules may read, described.
        rules: every rule, in the order of decisions.
        parameters: by name, after overriding.
        definitions: by fact type name and name.
        gates: by fact type name: for each operation the deadlines of required actions that stand in its way.
        disabled: by fact type name: the rules that are switched off, each with the pack that does it.
        rollups: what the facts of one type add up to in another.
        digest: SHA-256 of the meaning, as 64 hexadecimal digits.
        patterns: every pattern rule, in the order of decisions; only a session decides by them.
        targets: what people call what rules are about, by language; a target that no pack names bears its bare name.
        sessions: whether a session can be made; False where the pattern rules were left behind (`dxrules.storage`).
    """

    fact_types: tuple[FactType, ...]
    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter]
    definitions: Mapping[str, Mapping[str, Expr]]
    gates: Mapping[str, Mapping[str, frozenset[str]]]
    digest: str
    operations: frozenset[str]
    disabled: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    patterns: tuple[PatternRule, ...] = ()
    rollups: tuple[Rollup, ...] = ()
    sessions: bool = True
    targets: Mapping[str, Mapping[Lang, str]] = attrs.field(factory=dict)
    # What others keep beside a rulebook, such as its compiled engine; no part of its meaning.
    cache: dict[str, Any] = attrs.field(factory=dict, init=False)

    def __repr__(self) -> str:
        packs = len({rule.pack for rule in self.rules} | {rule.pack for rule in self.patterns})
        patterns = f" and {len(self.patterns)} pattern rules" if self.patterns else ""
        return f"<Rulebook: {len(self.rules)} rules{patterns} in {packs} packs, digest {self.digest[:12]}>"

    def __reduce__(self) -> tuple[Any, ...]:
        message = "a Rulebook is not pickled: load it again, or pickle its decisions"
        raise EngineError(message)

    @property
    def facts(self) -> Mapping[str, tuple[str, ...]]:
        """By fact type name: the names of the facts that its rules read, sorted."""
        found: dict[str, set[str]] = {each.name: set() for each in self.fact_types}
        for rule in self.rules:
            found[rule.fact_type.name].update(facts_of(rule.when))
        return {name: tuple(sorted(names)) for name, names in found.items()}

    def called(self, target: str, lang: Lang) -> str:
        """What people call the target of a rule, such as an operation: its name in a pack, else as it is."""
        names = self.targets.get(target)
        return target if names is None else names[lang]

    def rule(self, name: str, fact_type: str | None = None) -> Rule:
        """The rule of a name; `fact_type` tells apart two that bear the same name.

        Raises:
            KeyError: there is none; the text says what was probably meant.
        """
        named = [each for each in self.rules if each.name == name]
        found = [each for each in named if fact_type in (None, each.fact_type.name)]
        if not found:
            help_text = did_you_mean(name, (each.name for each in self.rules)) or "see `rulebook.rules`"
            message = f"no rule is called `{name}`; {help_text}"
            raise KeyError(message)
        return found[0]

    def cuts(self) -> tuple[dt.date, ...]:
        """The days, sorted, on which something changes: from each until the next everything is fixed."""
        found = self.cache.get("cuts")
        if found is None:
            dates = {start for each in self.parameters.values() for start, _ in each.values}
            for rule in self.rules:
                dates.add(rule.valid_from)
                if rule.valid_until is not None:
                    dates.add(rule.valid_until)
            found = self.cache["cuts"] = tuple(sorted(dates - {dt.date.min}))
        return tuple(found)

    def fact_type_of(self, cls: type) -> FactType:
        """The fact type that a class, or a class above it, is.

        Raises:
            EngineError: the rulebook knows no such facts.
        """
        for base in cls.__mro__:
            for fact_type in self.fact_types:
                if fact_type.cls is base:
                    return fact_type
        names = ", ".join(each.name for each in self.fact_types)
        advice = f"load it with `facts=({cls.__name__},)`"
        if not attrs.has(cls):  # nothing that could be loaded
            advice = "build one first, from a mapping with `dxrules.structure`"
        message = f"this rulebook decides {names}, not {cls.__name__}: {advice}"
        raise EngineError(message)

    def epoch(self, fact_type: FactType, as_of: dt.date) -> Epoch:
        """The rules on a fact type as they stand on a day; the same object for every day of the same epoch."""
        key = f"epoch {fact_type.name} {bisect_right(self.cuts(), as_of)}"
        found = self.cache.get(key)
        if found is None:
            found = self.cache[key] = self._epoch(fact_type, as_of)
        assert isinstance(found, Epoch)
        return found

    def _epoch(self, fact_type: FactType, as_of: dt.date) -> Epoch:
        rules = tuple(rule for rule in self.rules if rule.fact_type is fact_type and rule.valid(as_of))
        return Epoch(
            fact_type,
            rules,
            {name: each.at(as_of) for name, each in self.parameters.items()},
            override_order(rules),
            self.digest,
            self.gates.get(fact_type.name, {}),
            self.operations,
            self,
        )


def override_order(rules: tuple[Rule, ...]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """For each rule that others override: its place and theirs, overriders first. The relation must be acyclic."""
    place = {rule.name: index for index, rule in enumerate(rules)}
    over: dict[int, list[int]] = {}
    for index, rule in enumerate(rules):
        for name in rule.overrides:
            if name in place:
                over.setdefault(place[name], []).append(index)
    ordered: list[tuple[int, tuple[int, ...]]] = []
    done: set[int] = set()
    stack = list(reversed(over))
    while stack:  # depth first without recursion: a chain of overrides may be long
        index = stack[-1]
        waiting = [each for each in over.get(index, ()) if each in over and each not in done]
        if index in done or not waiting:
            stack.pop()
            if index not in done:
                done.add(index)
                ordered.append((index, tuple(over[index])))
        else:
            stack.extend(waiting)
    return tuple(ordered)
