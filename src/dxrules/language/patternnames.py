"""What names mean in the conditions of pattern rules: the facts of several matches, each behind the match's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from dxrules.expression import FactRef
from dxrules.language.checker import FactScope
from dxrules.language.written import Report
from dxrules.pattern import Match
from dxrules.schema import Fact, FactType, Type
from dxrules.values import Plain


@attrs.frozen(eq=False)
class Names:
    """What all pattern rules of a load share: the values of parameters, the report, and names of broken files."""

    parameters: Mapping[str, tuple[Plain, ...]]
    report: Report
    elsewhere: frozenset[str]

    def scope(self, owner: str, *parts: Mapping[str, Fact], hidden: Mapping[str, str] | None = None) -> FactScope:
        """The names of a rule: `owner` stands for the fact type in messages, `hidden` for what cannot be read."""
        facts = {name: fact for part in parts for name, fact in part.items()}
        fact_type = FactType(type(owner, (), {}), facts)
        return FactScope(fact_type, self.parameters, self.report, elsewhere=self.elsewhere, hidden=hidden or {})


def facts_under(match: Match) -> dict[str, Fact]:
    """The facts of a match, behind its name: of a counted one those that its facts share."""
    names: Iterable[str] = match.fact_type.facts
    if match.counted:
        names = [ref.fact.name for ref in match.shared]
    return under(match.name, match.fact_type, names) if not match.counted or match.shared else {}


def under(name: str, fact_type: FactType, names: Iterable[str]) -> dict[str, Fact]:
    """Facts of a type behind a name, with the groups around them."""
    found = {name: Fact((name,), Type("group", python=fact_type.cls), optional=False, required=True)}
    for each in names:
        path = fact_type.facts[each].path
        for end in range(1, len(path) + 1):
            fact = fact_type.facts[".".join(path[:end])]
            found[f"{name}.{fact.name}"] = attrs.evolve(fact, path=(name, *fact.path))
    return found


def first_part(ref: FactRef) -> str:
    """The name before the first dot."""
    return ref.fact.path[0]
