"""Facts that a person can change: which they are, what they can be set to, and a fact with some of them changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.errors import DxRulesError, FactError, shown
from dxrules.meaning import Facts
from dxrules.schema import Fact, FactType, Settable, Type
from dxrules.values import BadValueError, Plain, groups_of, plain


@attrs.frozen(eq=False)
class Variable:
    """A fact that can be changed.

    `current` is its value; None for a fact of a group that can be started, and for that group itself. `within` is the
    innermost such group around it, by name. `required` says that it has to be set when
    that group is started.
    """

    ref: ex.FactRef
    current: Plain
    settable: Settable
    within: str | None = None
    required: bool = False

    @property
    def fact(self) -> Fact:
        """Its description."""
        return self.ref.fact

    @property
    def name(self) -> str:
        """Its name."""
        return self.ref.fact.name

    @property
    def listed(self) -> tuple[Plain, ...] | None:
        """The values that it can be set to, in the order of its type; None where there is no list of them."""
        how = self.settable
        if how.steps is not None:
            steps = {self._plain(start): ends for start, ends in how.steps}
            given: Iterable[object] = steps.get(self.current, ())
        elif how.values is not None:
            given = how.values
        else:
            return None
        found: set[Any] = {self._plain(each) for each in given} - {None, self.current}
        members = self.fact.type.members
        return tuple(sorted(found, key=members.index)) if members else tuple(sorted(found))

    def _plain(self, value: object) -> Plain:
        try:
            return plain(self.fact.type, value)
        except BadValueError as bad:
            text = f"`settable` of the fact `{self.name}` names {shown(value)}; it takes {bad.allowed}"
            raise DxRulesError(text) from None


@attrs.frozen(eq=False)
class Changed:
    """Facts of which some are changed: what expressions are evaluated over while changes are tried.

    `changes` has the new values by name, True for a group that is started; `defaults` what is in such a group when
    nothing else is said.
    """

    base: Facts
    changes: Mapping[str, Plain]
    defaults: Mapping[str, Plain]

    @property
    def parameters(self) -> Mapping[str, Plain]:
        """The parameters' values on the day."""
        return self.base.parameters

    @property
    def as_of(self) -> dt.date:
        """The day."""
        return self.base.as_of

    def read(self, ref: ex.FactRef) -> Plain:
        """The plain value of a fact."""
        name = ref.fact.name
        if name in self.changes:
            return self.changes[name]
        if any(group.name in self.changes for group in ref.groups):
            return self.defaults.get(name)
        return self.base.read(ref)

    def unknown_name(self, ref: ex.FactRef) -> str:
        """The fact's name."""
        return ref.fact.name


def variables_of(fact_type: FactType, fact: object, facts: Facts, read: Iterable[str]) -> tuple[Variable, ...]:
    """The facts that can be changed and that matter, in the order of the class.

    Args:
        fact_type: the description of the fact.
        fact: the fact.
        facts: the same, as conditions read it.
        read: the names of the facts that matter. Of a group that can be started, what it requires is there too.
    """
    wanted = set(read)
    for name in tuple(wanted):
        wanted.update(group.name for group in groups_of(fact_type, fact_type.facts[name]))
    return _Finder(fact_type, facts, frozenset(wanted)).found("", fact, None) or ()


@attrs.frozen(eq=False)
class _Finder:
    fact_type: FactType
    facts: Facts
    wanted: frozenset[str]

    def found(self, group: str, holder: Any, within: str | None) -> tuple[Variable, ...] | None:
        """Those of a group, and below; None where it cannot be started, as something that it requires cannot be set."""
        cls = self.fact_type.cls if not group else self.fact_type.facts[group].type.python
        fields = attrs.fields_dict(cls)  # type: ignore[arg-type]
        found: list[Variable] = []
        for item in self.fact_type.members_of(group):
            field = fields[item.path[-1]]
            needed = within is not None and item.required
            if not needed and item.name not in self.wanted:
                continue
            how = item.note.settable if item.note is not None and field.init else None
            ref = ex.FactRef(item, groups_of(self.fact_type, item))
            variable = None if how is None else Variable(ref, None, how, within, needed)
            if item.type.kind == "group":
                # In a group that is started, one that is there by default stays as it is.
                there = within is not None and not needed and field.default is not None
                inner = () if there else self._group(item, holder, variable, within)
            elif variable is None:
                inner = ()
            else:
                inner = (variable,) if within is not None else self._known(variable)
            if needed and not inner:
                return None
            found += inner
        return tuple(found)

    def _group(self, item: Fact, holder: Any, variable: Variable | None, within: str | None) -> tuple[Variable, ...]:
        held = None if holder is None else getattr(holder, item.path[-1])
        if item.type.python is not None and isinstance(held, item.type.python):
            return self.found(item.name, held, None) or ()
        if variable is None or held is not None or (holder is None and within is None):
            return ()
        inner = self.found(item.name, None, item.name)
        return () if inner is None else (variable, *inner)

    def _known(self, variable: Variable) -> tuple[Variable, ...]:
        """The variable with its value; nothing when that is unknown, which is for asking, or no value of its type."""
        try:
            current = self.facts.read(variable.ref)
        except FactError:
            return ()
        return () if current is None else (attrs.evolve(variable, current=current),)


def defaults_of(variables: Iterable[Variable], fact_type: FactType) -> dict[str, Plain]:
    """What is in the groups that can be started when nothing else is said: the defaults of their classes."""
    found: dict[str, Plain] = {}
    for variable in variables:
        if variable.fact.type.kind == "group" and variable.fact.type.python is not None:
            for item in fact_type.members_of(variable.name):
                field = attrs.fields_dict(variable.fact.type.python)[item.path[-1]]
                _default(item, field.default, fact_type, found)
    return found


def _default(item: Fact, default: Any, fact_type: FactType, found: dict[str, Plain]) -> None:
    if isinstance(default, attrs.Factory) and not default.takes_self:  # type: ignore[arg-type]
        default = default.factory()
    if default is attrs.NOTHING or isinstance(default, attrs.Factory) or item.type.kind == "unreadable":  # type: ignore[arg-type]
        return
    try:
        found[item.name] = plain(item.type, default)
    except BadValueError:
        return
    if found[item.name] is True and item.type.kind == "group":
        for inner in fact_type.members_of(item.name):
            _default(inner, getattr(default, inner.path[-1]), fact_type, found)


def changed_fact(fact: Any, changes: Mapping[str, Plain], fact_type: FactType) -> Any:
    """A copy of a fact with changes made; a group that is started is made of what is in it.

    Raises:
        Exception: whatever the class raises that does not take them.
    """
    return _remade(fact, type(fact), "", changes, fact_type)


def _remade(holder: Any, cls: type, group: str, changes: Mapping[str, Plain], fact_type: FactType) -> Any:
    given: dict[str, Any] = {}
    fields = attrs.fields_dict(cls)
    for item in fact_type.members_of(group):
        name = item.path[-1]
        below = any(each.startswith(f"{item.name}.") for each in changes)
        if item.type.kind == "group" and (below or item.name in changes):
            held = None if holder is None else getattr(holder, name)
            inner = item.type.python if held is None else type(held)
            assert inner is not None
            given[str(fields[name].alias)] = _remade(held, inner, item.name, changes, fact_type)
        elif item.name in changes:
            given[str(fields[name].alias)] = _as_held(item.type, changes[item.name])
    return cls(**given) if holder is None else attrs.evolve(holder, **given)


def _as_held(type_: Type, value: Any) -> Any:
    """A plain value as fields hold it: with the members of its enum."""
    if type_.python is None:
        return value
    if type_.kind == "set":
        return frozenset(type_.python(each) for each in value)
    return type_.python(value)
