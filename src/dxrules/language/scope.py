"""What the names in a condition can mean, and the words for a name that means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from dxrules import expression as ex
from dxrules.language.scan import cut
from dxrules.schema import FactType
from dxrules.suggest import did_you_mean, listed, nearest
from dxrules.values import Plain

CONSTANTS = {"true": "True", "yes": "True", "false": "False", "no": "False", "none": "None", "null": "None"}


class Scope(Protocol):
    """What the names of a condition can mean."""

    @property
    def fact_type(self) -> FactType:
        """The class that the condition reads."""

    @property
    def parameters(self) -> Mapping[str, Sequence[Plain]]:
        """Every value that each parameter takes in the course of time; none when they are broken."""

    @property
    def definition_names(self) -> Iterable[str]:
        """The names that are defined on the fact type."""

    def definition(self, name: str) -> ex.Expr | None:
        """What a defined name stands for; None when its own text is broken, which was reported there."""

    @property
    def hidden(self) -> Mapping[str, str]:
        """What to say of a group that is there, but whose facts cannot be read."""

    def unreadable(self, name: str) -> bool:
        """Whether an unknown name may be one that a broken file defines, which was reported there."""


def unknown_name(name: str, scope: Scope) -> tuple[str, str | None]:
    """The message for a name that means nothing, and what was probably meant."""
    facts = scope.fact_type.facts
    owner = scope.fact_type.name
    message = f"`{cut(name)}` is not a fact, parameter or definition of `{owner}`"
    first, _, rest = name.partition(".")
    last = name.rpartition(".")[2]
    if name.lower() in CONSTANTS:
        return message, f"write `{CONSTANTS[name.lower()]}`"
    if rest and first.lower() == owner.lower():
        return message, f"write `{cut(rest)}`: a fact is named without its class"
    if first in scope.hidden:
        return message, scope.hidden[first]
    if rest in facts:
        return message, f"did you mean `{cut(rest)}`?"
    if first in facts and facts[first].type.kind == "group":
        return message, did_you_mean(name, (each for each in facts if each.startswith(f"{first}.")))
    members = {text.lower(): text for each in facts.values() for text in each.type.members}
    known = [*facts, *scope.parameters, *scope.definition_names]
    near = nearest(name, known)
    if last.lower() in members and (near is None or near.lower() != name.lower()):
        return message, f'text is quoted: write `"{members[last.lower()]}"`'
    inside = [each for each in facts if each.endswith(f".{name}")]
    if inside:
        return message, f"did you mean {listed(inside[:3])}?"
    if near is not None:
        return message, f"did you mean `{near}`?"
    near = nearest(name, members)
    return message, None if near is None else f'did you mean the text `"{members[near]}"`?'
