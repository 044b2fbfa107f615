"""Straight code for few rules: `if` statements that share their guards.

Rules that share a test are put under one `if` (a trie of guards), those with its opposite beside it. A fact is read
where its test stands, so that most are not read at all. Where one is unknown, the rules under its test cannot fire any
more: what is left of their tests tells whether they are false or open. A fact that is unusual, or unknown in a part
that is more than one test, ends the attempt: `rest` then decides by the index.
"""

from __future__ import annotations

from collections import Counter

import attrs

from dxrules import expression as ex
from dxrules.engines.compiled.normal import AllOf, AnyOf, Formula, Known, Same, Test, Whole, tests_of
from dxrules.engines.compiled.sets import Values
from dxrules.engines.compiled.writer import Writer

MAX_RULES = 64  # beyond, an index is faster even where guards are shared: see docs/explanation/compiled-engine.md
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
    facts = {ref.fact.name for _, factors in items for each in factors for ref in _refs(each)}
    return items if _branches(items) <= len(facts) else None


def _branches(items: list[Item]) -> int:
    """How many guards stand side by side: what straight code looks at, at least, for every fact.

    The index looks at each fact once; so straight code pays while it has no more guards than there are facts.
    """
    count = 0
    items = [item for item in items if item[1]]
    while items:
        guard = _guard(items)
        opposite = _opposite(guard)
        items = [item for item in items if guard not in item[1] and opposite not in item[1]]
        count += 1
    return count


def _suits(formula: Formula, depth: int = 0) -> bool:
    """Whether two-valued code can decide a formula once its facts are known."""
    if isinstance(formula, Known):
        return formula.truth is not None
    if isinstance(formula, Test):
        if isinstance(formula.term.expr, Whole):
            return _suits(formula.term.expr.formula, depth + 1)
        return not formula.term.floats
    if isinstance(formula, Same):
        return depth < _MAX_DEPTH and _suits(formula.left, depth + 1) and _suits(formula.right, depth + 1)
    return depth < _MAX_DEPTH and all(_suits(item, depth + 1) for item in formula.items)


@attrs.frozen
class _Split:
    """What facts show a part to be true, false or unknown, as conditions; a fact of which none holds is unusual."""

    refs: tuple[ex.FactRef, ...]
    yes: str
    no: str
    unknown: str = ""  # never, if empty
    known: bool = True  # whether the facts are known where it is true or false


class StraightCode:
    """Writes code that adds the bits of the rules that fire to `m`, and of those left open to `o`."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def check(self, refs: list[ex.FactRef]) -> None:
        """Give up unless facts that no test reads are what they should be: unknown, or what their types take."""
        for ref in refs:
            self._fetch(ref, frozenset())
            name = self.writer.name(ref.fact)
            with self.writer.block(f"if {name} is not None and not ({self.writer.check(ref.fact)}):"):
                self.writer.line(_GIVE_UP)

    def write(
        self, items: list[Item], known: frozenset[str] = frozenset(), depth: int = 0, *, sure: bool = True
    ) -> None:
        """Write the code for some rules.

        Args:
            items: the rules, and what is still to be tested of each.
            known: the facts that are read, and known, where the code stands.
            depth: how many shared guards stand around it.
            sure: whether all that was tested is true; else part of it is unknown, and the rules cannot fire any more.
        """
        always = sum(bit for bit, factors in items if not factors)
        items = [item for item in items if item[1]]
        if always:
            self.writer.line(f"{'m' if sure else 'o'} += {always:#x}")
        while items:
            guard = _guard(items) if depth < _MAX_SHARED else items[0][1][0]
            opposite = _opposite(guard) if sure else None
            under = [(bit, _without(factors, guard)) for bit, factors in items if guard in factors]
            beside = [
                (bit, _without(factors, opposite))
                for bit, factors in items
                if opposite in factors and guard not in factors  # a contradiction stands under its guard alone
            ]
            items = [item for item in items if guard not in item[1] and opposite not in item[1]]
            known = self._branch(guard, under, beside, known, depth + 1, sure)

    def _branch(
        self, guard: Formula, under: list[Item], beside: list[Item], known: frozenset[str], depth: int, sure: bool
    ) -> frozenset[str]:
        """One `if` with what stands under it and beside it; gives the facts that are known after it."""
        if self._merged(guard, under, beside, known, sure):
            return known
        split = self._split(guard, known)
        if split is not None:
            self._split_branch(split, under, beside, known, depth, sure)
            return known
        refs = _refs(guard)
        if _is_plain(guard) and len(refs) == 1 and refs[0].fact.name not in known:
            assert isinstance(guard, Test)
            self._checked_branch(guard, refs[0], under, beside, known, depth, sure)
            return known
        known = self._read(guard, known)
        with self.writer.block(f"if {self.writer.crisp(guard)}:"):
            self.write(under, known, depth, sure=sure)
        if beside:
            with self.writer.block("else:"):
                self.write(beside, known, depth, sure=sure)
        return known

    def _split_branch(
        self, split: _Split, under: list[Item], beside: list[Item], known: frozenset[str], depth: int, sure: bool
    ) -> None:
        writer = self.writer
        for ref in split.refs:
            self._fetch(ref, known)
        inner = known | {ref.fact.name for ref in split.refs} if split.known else known
        if not sure:
            # `unknown` may hold where `no` does, which is asked before it wherever both are
            either = f"{split.yes} or {split.unknown} and not ({split.no})" if split.unknown else split.yes
            with writer.block(f"if {either}:"):
                self.write(under, known, depth, sure=False)
            with writer.block(f"elif not ({split.no}):"):
                writer.line(_GIVE_UP)
            return
        with writer.block(f"if {split.yes}:"):
            self.write(under, inner, depth)
        with writer.block(f"elif {split.no}:"):
            self.write(beside, inner, depth)
            if not beside:
                writer.line("pass")
        if split.unknown:
            with writer.block(f"elif {split.unknown}:"):
                self.write(under + beside, known, depth, sure=False)
        with writer.block("else:"):
            writer.line(_GIVE_UP)

    def _checked_branch(
        self, guard: Test, ref: ex.FactRef, under: list[Item], beside: list[Item], known: frozenset[str], depth: int,
        sure: bool,
    ) -> None:  # fmt: skip
        """A test on one fact that must be checked first."""
        writer = self.writer
        self._fetch(ref, known)
        inner = known | {ref.fact.name}
        name, check, test = writer.name(ref.fact), writer.check(ref.fact), writer.crisp(guard)
        none = f"{name} is None or {name} != {name}" if ref.type.kind == "float" else f"{name} is None"
        if not sure:
            with writer.block(f"if {none} or {check} and {test}:"):
                self.write(under, known, depth, sure=False)
            with writer.block(f"elif not ({check}):"):
                writer.line(_GIVE_UP)
            return
        with writer.block(f"if {check}:"):
            with writer.block(f"if {test}:"):
                self.write(under, inner, depth)
            if beside:
                with writer.block("else:"):
                    self.write(beside, inner, depth)
        with writer.block(f"elif {none}:"):
            self.write(under + beside, known, depth, sure=False)
        with writer.block("else:"):
            writer.line(_GIVE_UP)

    def _merged(self, guard: Formula, under: list[Item], beside: list[Item], known: frozenset[str], sure: bool) -> bool:
        """A rule of which every fact is known already takes one line."""
        if beside or len(under) != 1:
            return False
        bit, factors = under[0]
        if not all(ref.fact.name in known for each in (guard, *factors) for ref in _refs(each)):
            return False
        tests = (self.writer.crisp(each) for each in (guard, *factors))
        whole = " and ".join(
            test if isinstance(each, Test) else f"({test})" for test, each in zip(tests, (guard, *factors), strict=True)
        )
        with self.writer.block(f"if {whole}:"):
            self.writer.line(f"{'m' if sure else 'o'} += {bit:#x}")
        return True

    def _split(self, guard: Formula, known: frozenset[str]) -> _Split | None:
        """How to tell the truth of a test, or of several of which one must hold, from looks at unread facts."""
        tests = guard.items if isinstance(guard, AnyOf) else (guard,)
        found = [self._split_test(test, known) for test in tests]
        parts = [each for each in found if each is not None]
        refs = tuple(ref for part in parts for ref in part.refs)
        if len(parts) < len(found) or len({ref.fact.name for ref in refs}) < len(refs):
            return None
        if len(parts) == 1:
            return parts[0]
        no_more = (f"({part.no} or {part.unknown})" if part.unknown else f"({part.no})" for part in parts)
        return _Split(
            refs,
            " or ".join(part.yes for part in parts),
            " and ".join(f"({part.no})" for part in parts),
            " and ".join(no_more) if any(part.unknown for part in parts) else "",
            known=False,
        )

    def _split_test(self, test: Formula, known: frozenset[str]) -> _Split | None:
        if not isinstance(test, Test) or not isinstance(test.term.expr, ex.FactRef):
            return None
        ref, allowed = test.term.expr, test.allowed
        if ref.fact.name in known:
            return None
        if test.unknown is not None:
            return self._decided(ref, test)
        if not isinstance(allowed, Values) or allowed.full or allowed.empty:
            return None
        name = self.writer.name(ref.fact)
        unknown = f"{name} is None"
        if test.term.kind == "bool":
            wanted = True in allowed.listed
            return _Split((ref,), f"{name} is {wanted}", f"{name} is {not wanted}", unknown)
        python = ref.type.python
        if test.term.kind != "enum" or python is None or len(allowed.listed) > _IDENTITIES:
            return None
        members = [self.writer.constant(python(member)) for member in sorted(allowed.listed)]
        yes = " or ".join(f"{name} is {member}" for member in members)
        return _Split((ref,), yes, f"type({name}) is {self.writer.constant(python)}", unknown)

    def _decided(self, ref: ex.FactRef, test: Test) -> _Split | None:
        """An `is` test, which is decided for an unknown fact too."""
        name = self.writer.name(ref.fact)
        if test.term.kind == "bool":
            yes = [str(truth) for truth in (True, False) if truth in test.allowed]
            no = [str(truth) for truth in (True, False) if truth not in test.allowed]
            (yes if test.unknown else no).append("None")
            words = [" or ".join(f"{name} is {truth}" for truth in truths) for truths in (yes, no)]
            return _Split((ref,), words[0], words[1], known=False)
        if not (test.allowed.full or test.allowed.empty):
            return None
        some, none = f"({self.writer.check(ref.fact)})", f"({name} is None)"
        if test.term.kind == "float":
            none = f"({name} is None or {name} != {name})"
        return _Split((ref,), *((none, some) if test.unknown else (some, none)), known=False)

    def _read(self, formula: Formula, known: frozenset[str]) -> frozenset[str]:
        """Read the facts of a formula that are not known yet, and give up unless they are."""
        for ref in _refs(formula):
            if ref.fact.name not in known:
                self._fetch(ref, known)
                known |= {ref.fact.name}
                with self.writer.block(f"if not ({self.writer.check(ref.fact)}):"):
                    self.writer.line(_GIVE_UP)
        return known

    def _fetch(self, ref: ex.FactRef, known: frozenset[str]) -> None:
        """Read one fact into its variable: None where a group around it is."""
        writer = self.writer
        holder = "fact"
        for step in (*ref.groups, ref.fact):
            name = writer.name(step)
            if holder == "fact":
                writer.line(f"{name} = fact.{step.path[-1]}")
            else:
                writer.line(f"{name} = None if {holder} is None else {holder}.{step.path[-1]}")
            if step is not ref.fact and step.name not in known:
                with writer.block(f"if {name} is not None and not ({writer.check(step)}):"):
                    writer.line(_GIVE_UP)
            holder = name


def _is_plain(formula: Formula) -> bool:
    """Whether a formula is a test that is unknown where its facts are, and only there."""
    return isinstance(formula, Test) and formula.unknown is None and not isinstance(formula.term.expr, Whole)


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
