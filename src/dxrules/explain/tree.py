"""Explanations as data: rules, their clauses with their truth, and the values that these read.

Text is made of them when it is asked for, by `dxrules.explain.text`. Values that are personal data are in the trees,
as they are in the decision's fact; `repr`, `text` and `to_dict` mask them unless they are asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Protocol

import attrs

from dxrules.outcome import known_lang
from dxrules.plaindata import as_data
from dxrules.render import MASK
from dxrules.rulebook import LANGS, Deadline, Kind, Lang, Severity
from dxrules.schema import Fact
from dxrules.values import Plain

Form = Literal[
    "test", "all", "any", "none", "not",
    "is None", "is not None", "is True", "is not True", "is False", "is not False",
]  # fmt: skip
State = Literal["fires", "undetermined", "silenced", "false", "not_in_force", "switched_off"]


@attrs.frozen(repr=False)
class Reading:
    """A fact or parameter that a clause reads, and its value.

    Attributes:
        name: the name of the fact, with dots, or of the parameter.
        value: None is unknown; a group of facts that is known is True.
        fact: the description of the fact; None for a parameter.
        personal: whether it is personal data.
        problem: what was found instead, where that is no value of its type.
    """

    name: str
    value: Plain
    fact: Fact | None = None
    personal: bool = False
    problem: str | None = None

    def text(self, lang: str = "en", *, personal: bool = False) -> str:
        """What it is called and its value, in a language; personal data only when asked for."""
        from dxrules.explain.text import reading_text

        return reading_text(self, lang, personal=personal)

    def to_dict(self, *, personal: bool = False) -> dict[str, Any]:
        """Plain data; the value of personal data only when asked for."""
        return {
            "name": self.name,
            "value": as_data(self.value) if personal or not self.personal else MASK,
            "unknown": self.value is None and self.problem is None,
            "personal": self.personal,
        }

    def __repr__(self) -> str:
        return f"Reading({self.name}={MASK if self.personal else self.problem or repr(self.value)})"


@attrs.frozen
class Clause:
    """A condition or a part of one, with its truth.

    Attributes:
        form: `test`, a single comparison and the like, which has no parts; `all`, `any` or `none` of the parts; `not`
            the one part; or an `is` test of the one part, which is a condition.
        text: as written, on one line; empty for a list under `all`, `any` or `none`.
        truth: None is unknown.
        reads: of a test: the facts and parameters in it, in written order.
        parts: the parts, in written order.
        definition: where the text is a defined name alone: that name.
        stands_for: what the name is defined as, as written.
        line: whether it is a whole line of the rule, as written in its file.
        needs: where `why_not` marks it: the truth that it would have to have.
    """

    form: Form
    text: str
    truth: bool | None
    reads: tuple[Reading, ...] = ()
    parts: tuple[Clause, ...] = ()
    definition: str | None = None
    stands_for: str = ""
    line: bool = False
    needs: bool | None = None

    @property
    def facts(self) -> tuple[Reading, ...]:
        """Everything that it and its parts read, in written order, each once."""
        found = {each.name: each for clause in self.walk() for each in clause.reads}
        return tuple(found.values())

    @property
    def marked(self) -> tuple[Clause, ...]:
        """The clauses in it that `why_not` marks."""
        return tuple(each for each in self.walk() if each.needs is not None)

    def walk(self) -> Iterator[Clause]:
        """The clause and everything below it, in written order."""
        stack = [self]
        while stack:
            clause = stack.pop()
            yield clause
            stack.extend(reversed(clause.parts))

    def to_dict(self, *, personal: bool = False) -> dict[str, Any]:
        """Plain data; what does not apply is left out."""
        data: dict[str, Any] = {"form": self.form, "text": self.text, "truth": self.truth}
        if self.needs is not None:
            data["needs"] = self.needs
        if self.definition is not None:
            data |= {"definition": self.definition, "stands_for": self.stands_for}
        if self.form == "test":
            data["reads"] = [each.to_dict(personal=personal) for each in self.reads]
        else:
            data["parts"] = [each.to_dict(personal=personal) for each in self.parts]
        return data


@attrs.frozen
class MatchedFact:
    """A fact or event by which a pattern rule fires.

    Attributes:
        match: the name that the rule gives it.
        fact_type: the name of its class.
        reads: of an event when it happened; and what the rule reads of it.
    """

    match: str
    fact_type: str
    reads: tuple[Reading, ...]

    def to_dict(self, *, personal: bool = False) -> dict[str, Any]:
        """Plain data; the values of personal data only when asked for."""
        reads = [each.to_dict(personal=personal) for each in self.reads]
        return {"match": self.match, "fact_type": self.fact_type, "reads": reads}


class Message(Protocol):
    """Something that can say itself in a language, with or without personal data."""

    def text(self, lang: Lang, *, personal: bool = True) -> str:
        """The message in that language."""


@attrs.frozen
class RuleExplanation:
    """What one rule makes of a fact, and why.

    Attributes:
        code: the rule's name.
        kind, target, severity, deadline, source: as an `Outcome` has them.
        state: `fires`; `undetermined`; `silenced`, by a rule that overrides it; `false`, as its condition is;
            `not_in_force`, on the day of the decision; or `switched_off`, by a pack.
        truth: that of its condition; None is unknown.
        when: its condition; None where the rule is switched off, and of a pattern rule.
        matched: of a pattern rule, in a decision of a session: the facts and events by which it fires.
        waits_for: the unknown facts that it waits for, where it is undetermined.
        silenced_by: the rules that fire and override it.
        held_by: the undetermined rules that override it.
        valid_from, valid_until: the first day on which it is in force, and the first on which it no longer is.
        switched_off_by: the pack that switches it off.
        as_of: the day of the decision.
        asked: whether it answers `why_not`.
    """

    code: str
    state: State
    kind: Kind | None = None
    target: str | None = None
    severity: Severity | None = None
    deadline: Deadline | None = None
    source: tuple[str, ...] = ()
    truth: bool | None = None
    when: Clause | None = None
    matched: tuple[MatchedFact, ...] = ()
    waits_for: tuple[Reading, ...] = ()
    silenced_by: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    switched_off_by: str | None = None
    as_of: dt.date = dt.date.min
    asked: bool = False
    _message: Message | None = attrs.field(default=None, repr=False, eq=False)
    _names: Mapping[Lang, str] = attrs.field(factory=dict, repr=False, eq=False)

    def called(self, lang: Lang) -> str | None:
        """What people call the target."""
        return self._names.get(lang, self.target)

    def message(self, lang: str = "en", *, personal: bool = False) -> str:
        """What the rule says of this fact, or would say if it fired; empty where it is switched off."""
        return "" if self._message is None else self._message.text(known_lang(lang), personal=personal)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the unknown facts that it waits for."""
        return tuple(each.name for each in self.waits_for)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The lines of the rule, as written, those in its definitions left out."""
        return tuple(each for each in self.when.walk() if each.line) if self.when is not None else ()

    @property
    def marked(self) -> tuple[Clause, ...]:
        """The clauses that `why_not` marks: as soon as each is what it `needs` to be, the condition is true."""
        return self.when.marked if self.when is not None else ()

    def text(self, lang: str = "en", *, personal: bool = False, full: bool = False) -> str:
        """For people.

        Args:
            lang: `en` or `zh`.
            personal: show personal data.
            full: show the parts of every line, and what definitions stand for.

        Raises:
            DxRulesError: another language.
        """
        from dxrules.explain.text import rule_text

        return rule_text(self, lang, personal=personal, full=full)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self, *, personal: bool = False) -> dict[str, Any]:
        """Plain data, with the message in every language."""
        matched = {"matched": [each.to_dict(personal=personal) for each in self.matched]} if self.matched else {}
        return {
            "code": self.code,
            "state": self.state,
            "kind": self.kind,
            "target": self.target,
            "severity": self.severity,
            "deadline": self.deadline,
            "source": list(self.source),
            "message": {lang: self.message(lang, personal=personal) for lang in LANGS},
            "truth": self.truth,
            "when": self.when.to_dict(personal=personal) if self.when is not None else None,
            **matched,
            "missing": list(self.missing),
            "silenced_by": list(self.silenced_by),
            "held_by": list(self.held_by),
            "valid": {"from": as_data(self.valid_from), "until": as_data(self.valid_until)},
            "switched_off_by": self.switched_off_by,
        }


@attrs.frozen
class Explanation:
    """Why a decision is what it is: every rule that fires, is undetermined or is silenced, in the order of decisions.

    `str(explanation)` is text in English, without personal data.
    """

    fact_type: str
    as_of: dt.date
    digest: str
    rules: tuple[RuleExplanation, ...]

    @property
    def fired(self) -> tuple[RuleExplanation, ...]:
        """The rules that fire."""
        return self._in_state("fires")

    @property
    def undetermined(self) -> tuple[RuleExplanation, ...]:
        """The rules that hang on unknown facts."""
        return self._in_state("undetermined")

    @property
    def silenced(self) -> tuple[RuleExplanation, ...]:
        """The rules that would fire, or might, did another not override them."""
        return self._in_state("silenced")

    def _in_state(self, state: State) -> tuple[RuleExplanation, ...]:
        return tuple(each for each in self.rules if each.state == state)

    def text(self, lang: str = "en", *, personal: bool = False, full: bool = False) -> str:
        """For people: the rules that fire with their clauses, then the others, a line each.

        Args:
            lang: `en` or `zh`.
            personal: show personal data.
            full: show the clauses of all rules, the parts of every line, and what definitions stand for.

        Raises:
            DxRulesError: another language.
        """
        from dxrules.explain.text import explanation_text

        return explanation_text(self, lang, personal=personal, full=full)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self, *, personal: bool = False) -> dict[str, Any]:
        """Plain data that `json.dumps` takes; the values of personal data only when asked for."""
        return {
            "fact_type": self.fact_type,
            "as_of": self.as_of.isoformat(),
            "digest": self.digest,
            "rules": [each.to_dict(personal=personal) for each in self.rules],
        }
