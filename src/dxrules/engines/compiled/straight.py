"""Straight code for few rules and facts that are known: `if` statements that share their guards.

Where nothing is unknown, Kleene's logic is Python's own. Rules that share a test are put under one `if` (a trie of
guards), those with its opposite under the `else`. A fact is read where its first test stands, so that most are not
read at all; one that turns out to be unknown, or unusual, ends the attempt: `rest` then decides by the index.
"""

from __future__ import annotations

from collections import Counter

import attrs

from dxrules import expression as ex
from dxrules.engines.compiled.normal import AllOf, AnyOf, Formula, Known, Same, Test, Whole, tests_of
from dxrules.engines.compiled.sets import Values
from dxrules.engines.compiled.writer import Writer

MAX_RULES = 64  # beyond, an index is faster: see docs/explanation/compiled-engine.md
_MAX_SHARED = 8  # guards inside one another
_MAX_FACTORS = 24  # tests of one rule: each may open a block inside the last
_MAX_DEPTH = 12  # connectives inside one another in one `if`
_IDENTITIES = 3  # tests for identity that cost no more than a look-up
_GIVE_UP = "return rest(fact, at)"

Item = tuple[int, tuple[Formula, ...]]  # the bit of a rule, and what must hold for it


def straight_items(formulas: list[Formula]) -> list[Item] | None:
    """What straight code would test for each rule, or None where it would not do."""
    if len(formulas) > MAX_RULES:
        return None
    items: list[Item] = []
    for place, formula in enumerate(formulas):
        if not _suits(formula):
            return None
        if formula != Known(False):
            factors = formula.items if isinstance(formula, AllOf) else () if formula == Known(True) else (formula,)
            if len(factors) > _MAX_FACTORS:
                return None
            items.append((1 << place, factors))
    return items


def _suits(formula: Formula, depth: int = 0) -> bool:
    """Whether two-valued code can decide a formula once its facts are known."""
    if isinstance(formula, Known):
        return formula.truth is not None
    if isinstance(formula, Test):
        if isinstance(formula.term.expr, Whole):
            return _suits(formula.term.expr.formula, depth + 1)
        # a sum of floats may be NaN though every fact is known
        return formula.term.kind != "float" or formula.term.is_fact
    if isinstance(formula, Same):
        return depth < _MAX_DEPTH and _suits(formula.left, depth + 1) and _suits(formula.right, depth + 1)
    return depth < _MAX_DEPTH and all(_suits(item, depth + 1) for item in formula.items)


@attrs.frozen
class _Direct:
    """A condition on unread facts: what shows it true, what shows it false, and what neither."""

    refs: tuple[ex.FactRef, ...]
    yes: str
    no: str
    neither: str
    known: bool = True  # whether the facts are known where it is true or false


class StraightCode:
    """Writes the code that adds the bits of the rules that fire to `m`."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def write(self, items: list[Item], read: frozenset[str] = frozenset(), depth: int = 0) -> None:
        """Write the code for some rules.

        Args:
            items: the rules, and what is still to be tested of each.
            read: the facts that are read, and known, where the code stands.
            depth: how many shared guards stand around it.
        """
        always = sum(bit for bit, factors in items if not factors)
        items = [item for item in items if item[1]]
        if always:
            self.writer.line(f"m += {always:#x}")
        while items:
            guard = _guard(items) if depth < _MAX_SHARED else items[0][1][0]
            opposite = _opposite(guard)
            under = [(bit, _without(factors, guard)) for bit, factors in items if guard in factors]
            beside = [(bit, _without(factors, opposite)) for bit, factors in items if opposite in factors]
            items = [item for item in items if guard not in item[1] and opposite not in item[1]]
            read = self._branch(guard, under, beside, read, depth + 1)

    def _branch(
        self, guard: Formula, under: list[Item], beside: list[Item], read: frozenset[str], depth: int
    ) -> frozenset[str]:
        """One `if` with what stands under it and beside it; gives the facts that are read after it."""
        writer = self.writer
        merged = self._merged(guard, under, beside, read)
        if merged is not None:
            return merged
        direct = self._direct(guard, read)
        if direct is None:
            read = self._read(guard, read)
            with writer.block(f"if {writer.crisp(guard)}:"):
                self.write(under, read, depth)
            if beside:
                with writer.block("else:"):
                    self.write(beside, read, depth)
            return read
        for ref in direct.refs:
            read = self._fetch(ref, read)
        after = read | {ref.fact.name for ref in direct.refs} if direct.known else read
        with writer.block(f"if {direct.yes}:"):
            self.write(under, after, depth)
        if beside:
            with writer.block(f"elif {direct.no}:"):
                self.write(beside, after, depth)
            with writer.block("else:"):
                writer.line(_GIVE_UP)
        else:
            with writer.block(f"elif {direct.neither}:"):
                writer.line(_GIVE_UP)
        return after

    def _merged(
        self, guard: Formula, under: list[Item], beside: list[Item], read: frozenset[str]
    ) -> frozenset[str] | None:
        """A rule of which every fact is read already takes one line."""
        if beside or len(under) != 1:
            return None
        bit, factors = under[0]
        if not all(ref.fact.name in read for each in (guard, *factors) for ref in _refs(each)):
            return None
        tests = [self.writer.crisp(each) for each in (guard, *factors)]
        whole = " and ".join(test if isinstance(each, Test) else f"({test})"
                             for test, each in zip(tests, (guard, *factors), strict=True))  # fmt: skip
        with self.writer.block(f"if {whole}:"):
            self.writer.line(f"m += {bit:#x}")
        return read

    def _direct(self, guard: Formula, read: frozenset[str]) -> _Direct | None:
        """A test, or several of which one must hold, whose truth shows by itself that their facts are known."""
        tests = guard.items if isinstance(guard, AnyOf) else (guard,)
        found = [self._direct_test(test, read) for test in tests]
        if any(each is None for each in found):
            return None
        parts = [each for each in found if each is not None]
        if len({ref.fact.name for part in parts for ref in part.refs}) < len(parts):
            return None
        return _Direct(
            tuple(ref for part in parts for ref in part.refs),
            " or ".join(part.yes for part in parts),
            " and ".join(f"({part.no})" for part in parts) if len(parts) > 1 else parts[0].no,
            " or ".join(f"({part.neither})" for part in parts) if len(parts) > 1 else parts[0].neither,
            known=len(parts) == 1 and parts[0].known,
        )

    def _direct_test(self, test: Formula, read: frozenset[str]) -> _Direct | None:
        if not isinstance(test, Test) or not isinstance(test.term.expr, ex.FactRef):
            return None
        ref, allowed = test.term.expr, test.allowed
        if ref.fact.name in read:
            return None
        if test.unknown is not None:
            return self._decided(ref, test)
        if not isinstance(allowed, Values) or allowed.full or allowed.empty:
            return None
        name = self.writer.name(ref.fact)
        if test.term.kind == "bool":
            wanted = True in allowed.listed
            return _Direct((ref,), f"{name} is {wanted}", f"{name} is {not wanted}", f"{name} is not {not wanted}")
        python = ref.type.python
        if test.term.kind != "enum" or python is None or len(allowed.listed) > _IDENTITIES:
            return None
        members = [self.writer.constant(python(member)) for member in sorted(allowed.listed)]
        kind = self.writer.constant(python)
        yes = " or ".join(f"{name} is {member}" for member in members)
        return _Direct((ref,), yes, f"type({name}) is {kind}", f"type({name}) is not {kind}")

    def _decided(self, ref: ex.FactRef, test: Test) -> _Direct | None:
        """An `is` test, which is decided for an unknown fact too."""
        name = self.writer.name(ref.fact)
        if test.term.kind == "bool":
            yes = [truth for truth in (True, False) if truth in test.allowed]
            no = [truth for truth in (True, False) if truth not in test.allowed]
            (yes if test.unknown else no).append(None)  # type: ignore[arg-type]
            return _Direct(
                (ref,),
                " or ".join(f"{name} is {truth}" for truth in yes),
                " or ".join(f"{name} is {truth}" for truth in no),
                " and ".join(f"{name} is not {truth}" for truth in no),
                known=False,
            )
        if not (test.allowed.full or test.allowed.empty):
            return None
        some, none = f"({self.writer.check(ref.fact)})", f"({name} is None)"
        if test.term.kind == "float":
            none = f"({name} is None or {name} != {name})"
        yes_, no_ = (none, some) if test.unknown else (some, none)
        return _Direct((ref,), yes_, no_, f"not {no_}", known=False)

    def _read(self, formula: Formula, read: frozenset[str]) -> frozenset[str]:
        """Read the facts of a formula that are not read yet, and give up unless they are known."""
        for ref in _refs(formula):
            if ref.fact.name not in read:
                read = self._fetch(ref, read) | {ref.fact.name}
                with self.writer.block(f"if not ({self.writer.check(ref.fact)}):"):
                    self.writer.line(_GIVE_UP)
        return read

    def _fetch(self, ref: ex.FactRef, read: frozenset[str]) -> frozenset[str]:
        """Read one fact into its variable, the groups around it first."""
        holder = "fact"
        for step in (*ref.groups, ref.fact):
            name = self.writer.name(step)
            if step.name not in read:
                self.writer.line(f"{name} = {holder}.{step.path[-1]}")
                if step is not ref.fact:
                    with self.writer.block(f"if not ({self.writer.check(step)}):"):
                        self.writer.line(_GIVE_UP)
                    read |= {step.name}
            holder = name
        return read


def _refs(formula: Formula) -> list[ex.FactRef]:
    return [ref for test in tests_of(formula) for ref in test.term.refs]


def _guard(items: list[Item]) -> Formula:
    """The part that most rules share."""
    counts: Counter[Formula] = Counter()
    for _, factors in items:
        counts.update(factors)
    best, count = counts.most_common(1)[0]
    return best if count > 1 else items[0][1][0]


def _opposite(formula: Formula) -> Formula | None:
    if not isinstance(formula, Test):
        return None
    return Test(formula.term, ~formula.allowed, None if formula.unknown is None else not formula.unknown)


def _without(factors: tuple[Formula, ...], dropped: Formula | None) -> tuple[Formula, ...]:
    return tuple(each for each in factors if each != dropped)
