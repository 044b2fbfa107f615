"""The program of an epoch: one generated Python function that decides a fact.

It reads the facts in place, once each. Where straight code is worth while and every fact is known, that decides; else
the index does. A fact that holds anything unusual is left to the interpreter, which finds out whether that is an
error; so the generated code need not know every form that a type takes.
"""

from __future__ import annotations

import datetime as dt
import linecache
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any, Protocol

import attrs

from dxrules import expression as ex
from dxrules.decision import At, Decision, Plan, UndeterminedRules
from dxrules.engines.compiled.conjunctions import Conjunction, Whole, alternatives
from dxrules.engines.compiled.index import TermIndex, index_term
from dxrules.engines.compiled.normal import AllOf, Formula, Term, Test, normal
from dxrules.engines.compiled.straight import StraightCode, straight_items
from dxrules.engines.compiled.tables import Fold, SetTable, Verifier, Verify, dense, product, settler, verifier
from dxrules.engines.compiled.writer import Writer
from dxrules.engines.interpret import interpret
from dxrules.schema import Fact

class Decide(Protocol):
    """A generated function. With `at` it decides; without, it is the engine's `evaluate` for today's facts."""

    def __call__(self, fact: Any, as_of: dt.date | None = None, at: At | None = None) -> Decision:
        """The decision on a fact."""


_INLINE_BITS = 64  # masks up to this width stand in the source as numbers
_CLUSTERED_BITS = 256  # beyond this width a look whether a block of facts matters costs as much as the block
_IDENTITIES = 3  # tests for identity that cost no more than a look-up
_DENSE = 65_536  # integers between the first cut and the last that a table may list one by one
_PRODUCT = 1_024  # combinations of values that one table may have
_PRODUCT_BITS = 32_000_000  # and the bits of all its masks
_RARE = 64  # a joint term that fewer than one conjunction in so many tests is verified, not indexed


@attrs.define(eq=False)
class Program:
    """A compiled epoch.

    Attributes:
        plan: the plan of its decisions.
        decide: the generated function.
        space: the namespace that it runs in. Between the times `begin` and `end` it decides for `today`; else, and for
            any other call than on a plain fact of its type, it asks `other`.
        source: its source.
    """

    plan: Plan
    decide: Decide
    space: dict[str, Any]
    source: str
    _last: At

    def at(self, day: dt.date) -> At:
        """The plan on a day; that of the last day asked for is kept."""
        found = self._last
        if found.day != day:
            found = self._last = At(self.plan, day)
        return found

    def set_today(self, today: At | None, begin: float, end: float) -> None:
        """Say which day it is between two times, in seconds since 1970."""
        self.space["end"] = 0.0  # until all is set, another thread asks `other`
        self.space["today"] = today
        self.space["begin"] = begin
        self.space["end"] = end


def compile_epoch(plan: Plan, label: str, other: Callable[[Any, dt.date | None], Decision]) -> Program:
    """Generate, compile and register the function that decides a fact in an epoch. `label` names it in tracebacks."""
    source, space = write_epoch(plan)
    space.update(other=other, now=time.time, begin=0.0, end=0.0, today=None)
    filename = f"<dxrules {label}>"
    exec(compile(source, filename, "exec"), space)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return Program(plan, space["decide"], space, source, At(plan, dt.date.min))


def write_epoch(plan: Plan) -> tuple[str, dict[str, Any]]:
    """The source of the function `decide`, and the namespace that it runs in."""
    epoch = plan.epoch
    formulas = [normal(rule.when, epoch.parameters) for rule in epoch.rules]
    reads: dict[str, ex.FactRef] = {}
    for rule in epoch.rules:
        reads.update(ex.facts_of(rule.when))
    program = _Writing(plan, formulas, reads)
    program.write()
    return program.writer.source, program.writer.space


@attrs.define
class _Place:
    """A fact or group to be read: how, and what hangs on it."""

    fact: Fact
    inside: dict[str, _Place] = attrs.field(factory=dict)
    terms: list[TermIndex] = attrs.field(factory=list)


class _Writing:
    def __init__(self, plan: Plan, formulas: list[Formula], reads: dict[str, ex.FactRef]) -> None:
        self.plan = plan
        self.formulas = formulas
        self.writer = Writer()
        self.top = _tree(reads.values())
        self.count = len(formulas)
        self.everything = self.opened = 0
        self.owner: list[int] = []  # of each extra conjunction: the place of its rule
        self.joint: list[TermIndex] = []
        self.verified: dict[int, list[Test]] = {}
        self._index()
        space = self.writer.space
        space.update(Decision=Decision, UndeterminedRules=UndeterminedRules, codes_of=plan.codes_of, decode=plan.decode, slow=interpret)
        # Facts whose variables late terms read must be None where they, or a group around them, are unknown.
        late = [index.term for index in self.joint]
        self.late = {ref.fact.name for term in late for ref in term.refs}

    # What there is to index

    def _index(self) -> None:
        by_term: dict[Term, list[tuple[int, Test]]] = {}
        found = list(self._conjunctions())
        uses: dict[Term, int] = {}
        for _, conjunction in found:
            for test in conjunction.tests:
                uses[test.term] = uses.get(test.term, 0) + 1
        for bit, conjunction in found:
            self.everything |= bit
            if conjunction.open:
                self.opened |= bit
            indexed = [test for test in conjunction.tests if not self._rare(test.term, uses, len(found))]
            if not indexed:
                indexed = list(conjunction.tests)
            for test in conjunction.tests:
                if test in indexed:
                    by_term.setdefault(test.term, []).append((bit, test))
                else:
                    self.verified.setdefault(bit, []).append(test)
        for term, tests in by_term.items():
            index = index_term(term, tests, self.everything)
            for bit, test in tests if index.coarse else ():
                if index.coarse & bit:
                    self.verified.setdefault(bit, []).append(test)
            if len(term.refs) == 1 and not isinstance(term.expr, Whole):
                self._place_of(term.refs[0]).terms.append(index)
            else:
                self.joint.append(index)

    def _conjunctions(self) -> Iterable[tuple[int, Conjunction]]:
        """Each conjunction with its bit: a rule's first has the rule's own, the others come behind all rules."""
        for place, formula in enumerate(self.formulas):
            for number, conjunction in enumerate(alternatives(formula)):
                if number == 0:
                    yield 1 << place, conjunction
                else:
                    yield 1 << (self.count + len(self.owner)), conjunction
                    self.owner.append(place)

    def _rare(self, term: Term, uses: dict[Term, int], total: int) -> bool:
        joint = len(term.refs) > 1 or isinstance(term.expr, Whole)
        return joint and uses[term] * _RARE < total

    def _place_of(self, ref: ex.FactRef) -> _Place:
        place = self.top
        for step in (*ref.groups, ref.fact):
            place = place.inside[step.path[-1]]
        return place

    # The source

    def write(self) -> None:
        """Write the whole source."""
        writer = self.writer
        items = straight_items(self.formulas) if not self.plan.epoch.overriders else None
        with writer.block("def decide(fact, as_of=None, at=None):"):
            with writer.block("if at is None:"):
                kind = writer.constant(self.plan.epoch.fact_type.cls)
                with writer.block(f"if as_of is not None or type(fact) is not {kind} or not begin <= now() < end:"):
                    writer.line("return other(fact, as_of)")
                writer.line("at = today")
            if items is not None:
                writer.line("m = 0")
                with writer.block("try:"):
                    StraightCode(writer).write(items)
                    writer.line("pass")
                with writer.block("except TypeError:"):  # a value that cannot even be looked up or compared
                    writer.line("return rest(fact, at)")
                self._decision("m", None)
            else:
                self._by_index()
        if items is not None:
            writer.line("")
            with writer.block("def rest(fact, at):"):
                self._by_index()

    def _by_index(self) -> None:
        writer = self.writer
        with writer.block("try:"):
            writer.line(f"p = {self._mask(self.everything)}")
            writer.line(f"u = {self._mask(self.opened)}")
            joined = self._products()
            for relevant, places_ in self._clusters():
                places_ = [place for place in places_ if id(place) not in joined]
                with writer.block(f"if p & {self._mask(relevant)}:") if relevant else nullcontext():
                    for place in places_:
                        writer.line(f"{writer.name(place.fact)} = fact.{place.fact.path[-1]}")
                        self._place(place)
            for index in self.joint:
                self._joint(index)
        with writer.block("except (TypeError, KeyError):"):
            writer.line("return slow(fact, at)")
        self._finish()

    def _products(self) -> set[int]:
        """Write one look-up each for several facts with few values, where masks are so long that ANDs cost most."""
        if self.everything.bit_length() <= _INLINE_BITS:
            return set()
        room = min(_PRODUCT, _PRODUCT_BITS // self.everything.bit_length())
        done: set[int] = set()
        group: list[_Place] = []
        size = 1
        small = [place for place in self.top.inside.values() if _few(place)]
        for place in sorted(small, key=lambda place: len(_values(place))):
            width = len(_values(place)) + 1
            if size * width > room:
                done |= self._product(group)
                group, size = [], 1
            group.append(place)
            size *= width
        return done | self._product(group)

    def _product(self, group: list[_Place]) -> set[int]:
        if len(group) < 2:
            return set()
        writer = self.writer
        stride, parts = 1, []
        writer.line("k = 0")
        for place in group:
            index, name = place.terms[0], writer.name(place.fact)
            assert isinstance(index.known, dict)
            values = _values(place)
            parts.append([*(index.known[value] for value in values), index.unknown])
            writer.line(f"{name} = fact.{place.fact.path[-1]}")
            if place.fact.type.kind == "bool":
                with writer.block(f"if {name} is {values[1]}:"):
                    writer.line(f"k += {stride}")
                with writer.block(f"elif {name} is None:"):
                    writer.line(f"k += {2 * stride}")
                with writer.block(f"elif {name} is not {values[0]}:"):
                    writer.line("return slow(fact, at)")
            else:  # the table itself refuses what is no member
                steps = {value: number * stride for number, value in enumerate([*values, None])}
                writer.line(f"k += {writer.bind('steps', steps)}[{name}]")
            stride *= len(values) + 1
        masks, waiting = product(parts, self.everything, [place.terms[0].waiting for place in group])
        writer.line(f"p &= {writer.bind('table', masks)}[k]")
        writer.line(f"w = {writer.bind('waiting', waiting)}[k]")
        with writer.block("if w:"):
            writer.line("u |= w")
        return {id(place) for place in group}

    def _clusters(self) -> list[tuple[int, list[_Place]]]:
        """The facts in the order in which they are looked at.

        One guard often decides many conjunctions at once (is this a cancellation at all?). It comes first, and the
        facts that matter only where it holds, or only where it does not, come in blocks that are passed over when
        nothing of theirs is possible any more.
        """
        tops = list(self.top.inside.values())
        touched = {id(place): self._touched(place) for place in tops}
        guards = [place for place in tops if len(place.terms) == 1 and isinstance(place.terms[0].known, dict)]
        if not guards or self.everything.bit_length() > _CLUSTERED_BITS:
            return [(0, tops)]
        guard = max(guards, key=lambda place: touched[id(place)].bit_count())
        known = guard.terms[0].known
        assert isinstance(known, dict)
        first: list[_Place] = [guard]
        blocks: dict[int, list[_Place]] = {}
        for place in tops:
            mine = touched[id(place)]
            killer = next((mask for mask in known.values() if not mine & mask), None)
            if place is guard or not mine or killer is None or self._is_late(place):
                first += [place] if place is not guard else []
            else:
                blocks.setdefault(killer, []).append(place)
        found: list[tuple[int, list[_Place]]] = [(0, first)]
        for block in blocks.values():
            relevant = 0
            for place in block:
                relevant |= touched[id(place)]
            found.append((relevant, block))
        return found

    def _touched(self, place: _Place) -> int:
        """The conjunctions that a fact, or one inside a group, has a part in."""
        mine = 0
        for index in place.terms:
            masks = index.known.values() if isinstance(index.known, dict) else index.known
            for mask in (*masks, index.other, index.unknown):
                mine |= self.everything & ~mask
            mine |= index.waiting
        for inner in place.inside.values():
            mine |= self._touched(inner)
        return mine

    def _is_late(self, place: _Place) -> bool:
        return place.fact.name in self.late or any(self._is_late(inner) for inner in place.inside.values())

    def _decision(self, fired: str, open_: str | None) -> None:
        """A decision, its slots set one by one: half the cost of a call with arguments."""
        writer = self.writer
        shared = {"at": "at", "fact": "fact"}
        with writer.block("try:"):
            writer.line(f"c = codes_of[{fired}]")
        with writer.block("except KeyError:"):
            writer.line(f"c = decode({fired})")
        writer.line("d = Decision()")
        for slot, value in {**shared, "fired": fired, "codes": "c", "undetermined": "()"}.items():
            writer.line(f"d._{slot} = {value}")
        if open_ is not None:
            with writer.block(f"if {open_}:"):
                writer.line("d._undetermined = r = UndeterminedRules()")
                for slot, value in {**shared, "mask": open_}.items():
                    writer.line(f"r._{slot} = {value}")
        writer.line("return d")

    def _mask(self, mask: int) -> str:
        if self.everything.bit_length() <= _INLINE_BITS:
            return f"{mask:#x}"
        return self.writer.bind("m", mask) if mask else "0"

    def _place(self, place: _Place) -> None:
        """What a fact or group contributes to the masks."""
        writer = self.writer
        name, kind = writer.name(place.fact), place.fact.type.kind
        if kind == "bool":
            self._truth(name, place.terms, place)
            return
        if kind == "set" and place.terms:
            tabled = [index for index in place.terms if isinstance(index.term.expr, SetTable.HANDLED)]
            table = writer.bind("table", SetTable(place.fact, tabled, self.everything))
            with writer.block(f"if {name} is None:"):
                self._unknown(place)
            with writer.block("else:"):
                writer.line(f"p &= {table}[{name}]")  # it refuses what is no set of members
                for index in place.terms:
                    if index not in tabled:
                        self._known(index, writer.term(index.term))
            return
        own = bool(place.terms) and all(index.term.is_fact for index in place.terms)
        if kind == "enum" and own and self._members(name, place):
            return
        if kind == "enum" and own:  # the table itself refuses what is no member
            with writer.block(f"if {name} is None:"):
                self._unknown(place)
            with writer.block("else:"):
                for index in place.terms:
                    writer.line(f"p &= {writer.bind('table', index.known)}[{name}]")
            return
        with writer.block(f"if {writer.check(place.fact)}:"):
            before = len(writer.lines)
            for index in place.terms:
                self._known(index, writer.term(index.term))
            for attribute, inner in place.inside.items():
                writer.line(f"{writer.name(inner.fact)} = {name}.{attribute}")
            for inner in place.inside.values():
                self._place(inner)
            if len(writer.lines) == before:
                writer.line("pass")
        nan = f" or {name} != {name}" if kind == "float" else ""
        with writer.block(f"elif {name} is None{nan}:"):
            self._unknown(place)
        with writer.block("else:"):
            writer.line("return slow(fact, at)")

    def _members(self, name: str, place: _Place) -> bool:
        """An enum of which few members differ from the rest takes tests for identity, not a table."""
        python = place.fact.type.python
        if python is None or len(place.terms) != 1:
            return False
        known = place.terms[0].known
        assert isinstance(known, dict)
        usual = Counter(known.values()).most_common(1)[0][0]
        by_mask: dict[int, list[str]] = {}
        for member, mask in known.items():
            if mask != usual:
                by_mask.setdefault(mask, []).append(member)
        if sum(map(len, by_mask.values())) > _IDENTITIES or not by_mask:
            return False
        writer, word = self.writer, "if"
        for mask, members in by_mask.items():
            tests = (f"{name} is {writer.constant(python(member))}" for member in sorted(members))
            with writer.block(f"{word} {' or '.join(tests)}:"):
                writer.line("pass" if mask == self.everything else f"p &= {self._mask(mask)}")
            word = "elif"
        with writer.block(f"elif type({name}) is {writer.constant(python)}:"):
            writer.line("pass" if usual == self.everything else f"p &= {self._mask(usual)}")
        with writer.block(f"elif {name} is None:"):
            self._unknown(place)
        with writer.block("else:"):
            writer.line("return slow(fact, at)")
        return True

    def _unknown(self, place: _Place) -> None:
        """What a fact or group that is None contributes, all facts within it included."""
        writer = self.writer
        mask, waiting = self.everything, 0
        unset: list[str] = []
        stack = [place]
        while stack:
            each = stack.pop()
            for index in each.terms:
                mask &= index.unknown
                waiting |= index.waiting
            stack.extend(each.inside.values())
            if each.fact.name in self.late and (each is not place or each.fact.type.kind == "float"):
                unset.append(writer.name(each.fact))
        before = len(writer.lines)
        self._and(mask)
        if waiting:
            writer.line(f"u |= {self._mask(waiting)}")
        for name in sorted(unset):
            writer.line(f"{name} = None")
        if len(writer.lines) == before:
            writer.line("pass")

    def _and(self, mask: int) -> None:
        if mask != self.everything:
            self.writer.line(f"p &= {self._mask(mask)}")

    def _and_or_pass(self, mask: int) -> None:
        self.writer.line(f"p &= {self._mask(mask)}" if mask != self.everything else "pass")

    def _known(self, index: TermIndex, value: str) -> None:
        """What a term with a known value contributes."""
        writer = self.writer
        if isinstance(index.known, dict):
            if index.term.kind == "bool":
                self._choose(value, index.known[True], index.known[False])
            elif index.term.kind == "group":
                self._and(index.other)
            elif any(mask != self.everything for mask in index.known.values()) or index.other != self.everything:
                table = writer.bind("table", index.known)
                if index.term.kind == "enum":
                    writer.line(f"p &= {table}[{value}]")
                else:
                    writer.line(f"p &= {table}.get({value}, {self._mask(index.other)})")
        elif len(index.cuts) == 1:
            self._choose(f"{value} >= {writer.constant(index.cuts[0])}", index.known[1], index.known[0])
        elif len(index.cuts) > 3 and index.term.kind == "int" and index.cuts[-1] - index.cuts[0] <= _DENSE:
            if not value.isidentifier():
                writer.line(f"t = {value}")
                value = "t"
            low, high = index.cuts[0], index.cuts[-1]
            with writer.block(f"if {writer.constant(low)} <= {value} < {writer.constant(high)}:"):
                table = writer.bind("table", dense(index.cuts, index.known))
                writer.line(f"p &= {table}[{value} - {writer.constant(low)}]")
            with writer.block(f"elif {value} < {writer.constant(low)}:"):
                self._and_or_pass(index.known[0])
            with writer.block("else:"):
                self._and_or_pass(index.known[-1])
        elif index.cuts:
            table, cuts = writer.bind("table", index.known), writer.bind("cuts", index.cuts)
            writer.line(f"p &= {table}[bisect({cuts}, {value})]")
        else:
            self._and(index.known[0])

    def _choose(self, condition: str, yes: int, no: int) -> None:
        """One mask when a condition holds, another when it does not."""
        writer, every = self.writer, self.everything
        if yes == no:
            self._and(yes)
        elif yes == every:
            with writer.block(f"if not ({condition}):"):
                self._and(no)
        else:
            with writer.block(f"if {condition}:"):
                self._and(yes)
            if no != every:
                with writer.block("else:"):
                    self._and(no)

    def _truth(self, name: str, terms: list[TermIndex], place: _Place | None) -> None:
        """What a variable that is True, False or None contributes; `place` is that of a fact."""
        writer, every = self.writer, self.everything
        masks = {truth: every for truth in (True, False)}
        waiting, unknown = 0, every
        for index in terms:
            assert isinstance(index.known, dict)
            for truth in masks:
                masks[truth] &= index.known[truth]
            waiting |= index.waiting
            unknown &= index.unknown
        for word, truth in (("if", True), ("elif", False)):
            with writer.block(f"{word} {name} is {truth}:"):
                self._and_or_pass(masks[truth])
        head = f"elif {name} is None:" if place is not None else "else:"
        with writer.block(head):
            self._and(unknown)
            writer.line(f"u |= {self._mask(waiting)}" if waiting else "pass")
        if place is not None:
            with writer.block("else:"):
                writer.line("return slow(fact, at)")

    def _joint(self, index: TermIndex) -> None:
        """What a term of several facts contributes."""
        writer, term = self.writer, index.term
        if isinstance(term.expr, Whole):
            self._truth(writer.kleene(term.expr.formula), [index], None)
            return
        unknown = " or ".join(f"{writer.name(ref.fact)} is None" for ref in term.refs)
        if term.kind == "float":
            unknown += f" or (t := {writer.term(term)}) != t"
        with writer.block(f"if {unknown}:"):
            self._and(index.unknown)
            writer.line(f"u |= {self._mask(index.waiting)}" if index.waiting else "pass")
        with writer.block("else:"):
            if term.kind != "float":
                writer.line(f"t = {writer.term(term)}")
            self._known(index, "t")
            writer.line("pass")

    def _finish(self) -> None:
        writer = self.writer
        if self.verified:
            verify = verifier(self._verifiers())
            name = writer.bind("verify", verify)
            with writer.block(f"if p & {self._mask(sum(self.verified))}:"):
                writer.line(f"p, u = {name}(p, u, fact, at.day)")
        writer.line("s = p")
        writer.line("o = 0")
        with writer.block("if u:"):
            writer.line("o = p & u")
            writer.line("s = p ^ o")
        if self.owner:
            fold = writer.bind("fold", Fold(self.owner))
            own = self._mask((1 << self.count) - 1)
            with writer.block(f"if p >> {self.count}:"):
                writer.line(f"s = s & {own} | {fold}[s >> {self.count}]")
                writer.line(f"o = (o & {own} | {fold}[o >> {self.count}]) & ~s")
        overriders = self.plan.epoch.overriders
        if overriders:
            overridden = sum(1 << place for place, _ in overriders)
            settle = writer.bind("settle", settler(overriders))
            with writer.block(f"if (s | o) & {self.writer.bind('m', overridden)}:"):
                writer.line(f"s, o = {settle}(s, o)")
        self._decision("s", "o")

    def _verifiers(self) -> dict[int, Verify]:
        """For the bit of each conjunction that the index does not wholly decide: a function for what it leaves."""
        found: dict[int, Verify] = {}
        for bit, tests in self.verified.items():
            formula: Formula = tests[0] if len(tests) == 1 else AllOf(tuple(tests))
            found[bit] = Verifier(formula)
        return found


def _few(place: _Place) -> bool:
    """Whether a fact has few values, and all that is asked of it is which."""
    own = len(place.terms) == 1 and place.terms[0].term.is_fact
    return own and place.fact.type.kind in ("bool", "enum")


def _values(place: _Place) -> list[Any]:
    known = place.terms[0].known
    assert isinstance(known, dict)
    return sorted(known)


def _tree(refs: Iterable[ex.FactRef]) -> _Place:
    root = _Place(Fact((), None, False, False))  # type: ignore[arg-type]
    for ref in refs:
        place = root
        for step in (*ref.groups, ref.fact):
            place = place.inside.setdefault(step.path[-1], _Place(step))
    return root


__all__ = ["Decide", "Program", "compile_epoch", "write_epoch"]
