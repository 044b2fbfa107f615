"""Outcomes: what rules conclude."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

import attrs

from dxrules.errors import DxRulesError
from dxrules.meaning import InstanceFacts
from dxrules.render import render
from dxrules.rulebook import LANGS, Deadline, Kind, Lang, Rule, Severity
from dxrules.suggest import listed
from dxrules.values import Plain


class Message(Protocol):
    """Something that can say itself in a language."""

    def text(self, lang: Lang) -> str:
        """The message in that language."""


def known_lang(lang: str) -> Lang:
    """A language that there are texts in.

    Raises:
        DxRulesError: another.
    """
    if lang not in LANGS:
        text = f"there is no message in `{lang}`; it can be {listed(LANGS)}"
        raise DxRulesError(text)
    return lang


@attrs.frozen
class FixedMessage:
    """A message that is text already."""

    texts: Mapping[Lang, str]

    def text(self, lang: Lang) -> str:
        """The message in that language."""
        return self.texts[lang]


@attrs.frozen(eq=False)
class BoundMessage:
    """A message that is formatted from a fact when it is asked for."""

    rule: Rule
    fact: object
    parameters: Mapping[str, Plain]
    as_of: dt.date

    def text(self, lang: Lang, *, personal: bool = True) -> str:
        """The message in that language; personal data in it can be masked."""
        facts = InstanceFacts(self.fact, self.parameters, self.as_of)
        return render(self.rule.message[lang], lang, facts, personal=personal)


@attrs.frozen(eq=False, repr=False)
class Outcome:
    """What one rule concludes.

    Attributes:
        kind: `block`, `require`, `suggest`, `warn` or `inform`.
        code: the rule's name.
        target: the operation that is blocked, or what the rule is about, or None.
        severity: `low`, `medium`, `high` or `critical`.
        deadline: `none`, `immediately`, `within_24h`, `promptly`, `before_submit`, `before_cancellation` or
            `before_recycle`.
        source: where the rule comes from.
    """

    kind: Kind
    code: str
    target: str | None
    severity: Severity
    deadline: Deadline
    source: tuple[str, ...]
    _message: Message

    def message(self, lang: str = "en") -> str:
        """What the rule says of this fact.

        Args:
            lang: `en` or `zh`.

        Raises:
            DxRulesError: another language.
        """
        return self._message.text(known_lang(lang))

    def to_dict(self) -> dict[str, Any]:
        """The outcome as plain data, with its message in every language."""
        return {
            "kind": self.kind,
            "code": self.code,
            "target": self.target,
            "severity": self.severity,
            "deadline": self.deadline,
            "source": list(self.source),
            "message": {lang: self.message(lang) for lang in LANGS},
        }

    def __repr__(self) -> str:
        about = f" {self.target}" if self.target else ""
        return f"<{self.kind}{about}: {self.code} ({self.severity})>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Outcome):
            return NotImplemented
        return self is other or (self.code == other.code and self.to_dict() == other.to_dict())

    def __hash__(self) -> int:
        return hash((self.kind, self.code))

    def __reduce__(self) -> tuple[Any, ...]:
        message = FixedMessage({lang: self.message(lang) for lang in LANGS})
        return Outcome, (
            self.kind, self.code, self.target, self.severity, self.deadline, self.source, message,
        )  # fmt: skip


def shared_outcome(rule: Rule) -> Outcome | None:
    """The outcome of a rule whose message says the same of every fact; None for other rules."""
    if not all(template.fixed for template in rule.message.values()):
        return None
    texts = {lang: "".join(map(str, template.parts)) for lang, template in rule.message.items()}
    return _outcome(rule, FixedMessage(texts))


def bound_outcome(rule: Rule, fact: object, parameters: Mapping[str, Plain], as_of: dt.date) -> Outcome:
    """The outcome of a rule whose message has values of this fact in it."""
    return _outcome(rule, BoundMessage(rule, fact, parameters, as_of))


def _outcome(rule: Rule, message: Message) -> Outcome:
    return Outcome(rule.kind, rule.name, rule.target, rule.severity, rule.deadline, rule.source, message)
