"""Whether a condition has the same truth whatever its facts are.

The facts that it reads are tried with a value from each of the regions that its comparisons cut them into, and with
none. That is a proof where every comparison reads one fact; where one reads several, nothing is claimed.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Mapping
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules.explain.changing import Variable
from dxrules.explain.regions import choices_of
from dxrules.meaning import value
from dxrules.schema import Settable
from dxrules.values import Plain

_MOST = 2_000  # combinations of values that are tried


@attrs.frozen(eq=False)
class _Given:
    """Facts of which some have values, by name; the others are unknown."""

    values: Mapping[str, Plain]
    parameters: Mapping[str, Plain] = attrs.field(factory=dict)
    as_of: dt.date = dt.date(2000, 1, 1)

    def read(self, ref: ex.FactRef) -> Plain:
        """The value of a fact."""
        return self.values.get(ref.fact.name)

    def unknown_name(self, ref: ex.FactRef) -> str:
        """The name of an unknown fact."""
        return ref.fact.name


def constant_truth(expr: ex.Expr) -> bool | None:
    """The truth that a condition has whenever it is known, on any facts; None when it has both, or it is not sure.

    >>> from dxrules.expression import BOOL, Const
    >>> constant_truth(Const(True, BOOL))
    True
    """
    atoms = list(_atoms(expr))
    if not all(map(_simple, atoms)):
        return None
    variables = ex.facts_of(expr)
    tries: dict[str, list[Plain]] = {}
    for name, ref in variables.items():
        if ref.type.kind in ("group", "unreadable"):
            return None  # what is in a group hangs on whether it is given
        found = _values(ref, [atom for atom in atoms if name in ex.facts_of(atom)])
        if found is None:
            return None
        known = not ref.fact.optional and not ref.groups and ref.type.kind != "float"  # NaN is unknown
        tries[name] = [each for each in found if each is not None] if known else found
    if math.prod(map(len, tries.values())) > _MOST:
        return None
    truths = set()
    for values in itertools.product(*tries.values()):
        truths.add(value(expr, _Given(dict(zip(tries, values, strict=True)))))
    truths.discard(None)
    return cast("bool", truths.pop()) if len(truths) == 1 else None


def _values(ref: ex.FactRef, atoms: list[ex.Expr]) -> list[Plain] | None:
    """A value from each region, and unknown; None where the regions are not sure."""
    variable = Variable(ref, None, Settable())
    found = choices_of(variable, atoms, lambda changed, to, _: _Given({changed.name: to}), joined=False)
    return [*(each.value for each in found.items), None] if found.exact else None


def _atoms(expr: ex.Expr) -> list[ex.Expr]:
    """The comparisons and tests that a condition is put together from."""
    match expr:
        case ex.And() | ex.Or() | ex.Not() | ex.Clause() | ex.DefRef():
            return [atom for child in ex.children(expr) for atom in _atoms(child)]
        case ex.IsNone(item=item) | ex.IsBool(item=item) if not isinstance(ex.peel(item), ex.FactRef):
            return _atoms(item)
        case _:
            return [expr]


def _simple(atom: ex.Expr) -> bool:
    """Whether an atom reads one fact and no parameter."""
    nodes = list(ex.walk(atom))
    return len(ex.facts_of(atom)) <= 1 and not any(isinstance(node, (ex.ParamRef, ex.DaysSince)) for node in nodes)
