"""Writing the index as code: the masks `p` and `u` go from fact to fact, and what is left of them is the decision."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext

from dxrules.engines.compiled.assembly import Assembly, Place
from dxrules.engines.compiled.coarse import Coarse
from dxrules.engines.compiled.decided import write_settled
from dxrules.engines.compiled.index import TermIndex
from dxrules.engines.compiled.normal import AllOf, Formula, Whole
from dxrules.engines.compiled.tables import Fold, SetTable, Verifier, Verify, dense, product, settler, verifier
from dxrules.engines.compiled.writer import Writer
from dxrules.rulebook import Epoch

_INLINE_BITS = 64  # masks up to this width stand in the source as numbers
_CLUSTERED_BITS = 256  # beyond this width a look whether a block of facts matters costs as much as the block
_IDENTITIES = 3  # tests for identity that cost no more than a look-up
_DENSE = 65_536  # integers between the first cut and the last that a table may list one by one
_PRODUCT = 1_024  # combinations of values that one table may have
_PRODUCT_BITS = 1_000_000  # and the bits of all its masks: a larger table falls out of the processor's cache
_GIVE_UP = "return slow(fact, at)"


class IndexCode:
    """Writes lines after which `s` is the mask of the rules that fire, and `o` of those left open."""

    def __init__(self, writer: Writer, assembly: Assembly, epoch: Epoch) -> None:
        self.writer = writer
        self.assembly = assembly
        self.overriders = epoch.overriders
        self.everything = assembly.everything
        self.late = assembly.late
        self.remembers = bool(assembly.coarse) and not assembly.verified

    def write(self) -> None:
        """Write all of them."""
        writer, assembly = self.writer, self.assembly
        with writer.block("try:"):
            writer.line(f"u = {self._mask(assembly.opened)}")
            if self.remembers:
                writer.line("known = True")
            joined = self._products()
            if not joined:
                writer.line(f"p = {self._mask(self.everything)}")
            for relevant, block in self._clusters():
                places = [place for place in block if place not in joined]
                with writer.block(f"if p & {self._mask(relevant)}:") if relevant and places else nullcontext():
                    for place in places:
                        writer.line(f"{writer.name(place.fact)} = fact.{place.fact.path[-1]}")
                        self._place(place)
            for index in assembly.joint:
                self._joint(index)
            self._settle()
            self._verify()
        with writer.block("except (TypeError, KeyError, OverflowError):"):
            writer.line(_GIVE_UP)
        self._finish()

    def _mask(self, mask: int) -> str:
        if self.everything.bit_length() <= _INLINE_BITS:
            return f"{mask:#x}"
        return self.writer.bind("m", mask) if mask else "0"

    def _products(self) -> list[Place]:
        """Write one look-up each for several facts with few values, where masks are so long that ANDs cost most."""
        if self.everything.bit_length() <= _INLINE_BITS:
            return []
        room = min(_PRODUCT, _PRODUCT_BITS // self.everything.bit_length())
        done: list[Place] = []
        group: list[Place] = []
        size = 1
        small = [place for place in self.assembly.top.inside.values() if self._small(place)]
        for place in sorted(small, key=lambda place: len(place.values)):
            width = len(place.values) + 1
            if size * width > room:
                done += self._product(group, first=not done)
                group, size = [], 1
            group.append(place)
            size *= width
        return done + self._product(group, first=not done)

    def _small(self, place: Place) -> bool:
        """Whether a fact can be looked up together with others. Late code needs enum members checked to be members."""
        return place.few and (place.fact.type.kind == "bool" or place.fact.name not in self.late)

    def _product(self, group: list[Place], *, first: bool) -> list[Place]:
        if len(group) < 2:
            return []
        writer = self.writer
        stride, parts = 1, []
        writer.line("k = 0")
        for place in group:
            index, name = place.terms[0], writer.name(place.fact)
            assert isinstance(index.known, dict)
            values = place.values
            parts.append([*(index.known[value] for value in values), index.unknown])
            writer.line(f"{name} = fact.{place.fact.path[-1]}")
            if place.fact.type.kind == "bool":
                with writer.block(f"if {name} is {values[1]}:"):
                    writer.line(f"k += {stride}")
                with writer.block(f"elif {name} is None:"):
                    writer.line(f"k += {2 * stride}")
                with writer.block(f"elif {name} is not {values[0]}:"):
                    writer.line(_GIVE_UP)
            else:  # the table itself refuses what is no member
                steps = {value: number * stride for number, value in enumerate([*values, None])}
                writer.line(f"k += {writer.bind('steps', steps)}[{name}]")
            stride *= len(values) + 1
        masks, waiting = product(parts, self.everything, [place.terms[0].waiting for place in group])
        writer.line(f"p {'=' if first else '&='} {writer.bind('table', masks)}[k]")
        writer.line(f"w = {writer.bind('waiting', waiting)}[k]")
        with writer.block("if w:"):
            writer.line("u |= w")
        return group

    def _clusters(self) -> list[tuple[int, list[Place]]]:
        """The facts in the order in which they are looked at.

        One guard often decides many conjunctions at once (is this a cancellation at all?). It comes first, and the
        facts that matter only where it holds, or only where it does not, come in blocks that are passed over when
        nothing of theirs is possible any more.
        """
        tops = list(self.assembly.top.inside.values())
        touched = {id(place): place.touched(self.everything) for place in tops}
        guards = [place for place in tops if len(place.terms) == 1 and isinstance(place.terms[0].known, dict)]
        if not guards or self.everything.bit_length() > _CLUSTERED_BITS or self.remembers:
            return [(0, tops)]
        guard = max(guards, key=lambda place: touched[id(place)].bit_count())
        known = guard.terms[0].known
        assert isinstance(known, dict)
        first: list[Place] = [guard]
        blocks: dict[int, list[Place]] = {}
        for place in tops:
            mine = touched[id(place)]
            killer = next((mask for mask in known.values() if not mine & mask), None)
            if place is guard or not mine or killer is None or place.holds(self.late | self.assembly.pinned):
                first += [place] if place is not guard else []
            else:
                blocks.setdefault(killer, []).append(place)
        found: list[tuple[int, list[Place]]] = [(0, first)]
        for block in blocks.values():
            relevant = 0
            for place in block:
                relevant |= touched[id(place)]
            found.append((relevant, block))
        return found

    def _place(self, place: Place) -> None:
        """What a fact or group contributes to the masks."""
        writer = self.writer
        name, kind = writer.name(place.fact), place.fact.type.kind
        if kind == "bool":
            self._truth(name, place.terms, place)
            return
        if kind == "set" and place.terms:
            self._set(name, place)
            return
        own = place.own and place.fact.name not in self.late
        if kind == "enum" and own and self._members(name, place):
            return
        if kind == "enum" and own:  # the table itself refuses what is no member
            with writer.block(f"if {name} is None:"):
                self._unknown(place)
            with writer.block("else:"):
                for index in place.terms:
                    writer.line(f"p &= {writer.bind('table', index.known)}[{name}]")
            return
        if kind == "float":
            writer.whole_to_float(name)
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
            writer.line(_GIVE_UP)

    def _set(self, name: str, place: Place) -> None:
        """A set takes one look-up for all that is asked of it."""
        writer = self.writer
        tabled = [index for index in place.terms if isinstance(index.term.expr, SetTable.HANDLED)]
        table = writer.bind("table", SetTable(place.fact, tabled, self.everything))
        with writer.block(f"if {name} is None:"):
            self._unknown(place)
        with writer.block("else:"):
            writer.line(f"p &= {table}[{name}]")  # it refuses what is no set of members
            for index in place.terms:
                if index not in tabled:
                    self._known(index, writer.term(index.term))

    def _members(self, name: str, place: Place) -> bool:
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
            writer.line(_GIVE_UP)
        return True

    def _unknown(self, place: Place) -> None:
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
        if self.remembers and place.holds({each.fact.name for each in self.assembly.coarse}):
            writer.line("known = False")
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
            # One comparison an `if`: two in a chain take twice the time.
            with writer.block(f"if {value} >= {writer.constant(high)}:"):
                self._and_or_pass(index.known[-1])
            with writer.block(f"elif {value} >= {writer.constant(low)}:"):
                table = writer.bind("table", dense(index.cuts, index.known))
                writer.line(f"p &= {table}[{value} - {writer.constant(low)}]")
            with writer.block("else:"):
                self._and_or_pass(index.known[0])
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

    def _truth(self, name: str, terms: list[TermIndex], place: Place | None) -> None:
        """What a variable that is True, False or None contributes; `place` is that of a fact."""
        writer, every = self.writer, self.everything
        masks = dict.fromkeys((True, False), every)
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
                writer.line(_GIVE_UP)

    def _joint(self, index: TermIndex) -> None:
        """What a term of several facts contributes."""
        writer, term = self.writer, index.term
        if isinstance(term.expr, Whole):
            self._truth(writer.kleene(term.expr.formula), [index], None)
            return
        unknown = writer.unknown(term)
        with writer.block(f"if {unknown}:"):
            self._and(index.unknown)
            writer.line(f"u |= {self._mask(index.waiting)}" if index.waiting else "pass")
        with writer.block("else:"):
            writer.line(f"t = {writer.term(term)}")
            self._known(index, "t")

    def _settle(self) -> None:
        """Make exact what coarse tables let through, unless the outcome is remembered."""
        writer, facts = self.writer, self.assembly.coarse
        if not facts:
            return
        coarse = Coarse(facts, self.everything)
        if self.remembers:
            writer.space.update(near=coarse.seen.get, remember=coarse.remember)
            with writer.block("if known and not u:"):
                writer.line("e = near(p)")
                with writer.block("if e is not None:"):
                    writer.line(f"c, s, {', '.join(f'l{n}, h{n}' for n in range(len(facts)))} = e")
                    names = [writer.name(each.fact) for each in facts]
                    tests = (f"l{n} <= {name} and {name} < h{n}" for n, name in enumerate(names))
                    with writer.block(f"if {' and '.join(tests)}:"):
                        write_settled(writer, "s")
            writer.line("q = p")
        writer.line(f"p, found = {writer.bind('settle', coarse.settle)}(p, fact)")

    @property
    def remember(self) -> str | None:
        """What is to be done when the codes `c` of a mask are known, if anything."""
        return "if known and not u: remember(q, c, s, found)" if self.remembers else None

    def _verify(self) -> None:
        """Try, for the conjunctions still possible, what the tables do not decide."""
        writer = self.writer
        if self.assembly.verified:
            verify = verifier(self._verifiers())
            name = writer.bind("verify", verify)
            with writer.block(f"if p & {self._mask(sum(self.assembly.verified))}:"):
                writer.line(f"p, u = {name}(p, u, fact, at.day)")

    def _finish(self) -> None:
        writer = self.writer
        writer.line("s = p")
        writer.line("o = 0")
        with writer.block("if u:"):
            writer.line("o = p & u")
            writer.line("s = p ^ o")
        if self.assembly.owner:
            fold = writer.bind("fold", Fold(self.assembly.owner))
            own = self._mask((1 << self.assembly.count) - 1)
            with writer.block(f"if p >> {self.assembly.count}:"):
                writer.line(f"s = s & {own} | {fold}[s >> {self.assembly.count}]")
                writer.line(f"o = (o & {own} | {fold}[o >> {self.assembly.count}]) & ~s")
        overriders = self.overriders
        if overriders:
            overridden = sum(1 << place for place, _ in overriders)
            settle = writer.bind("settle", settler(overriders))
            with writer.block(f"if (s | o) & {self.writer.bind('m', overridden)}:"):
                writer.line(f"s, o = {settle}(s, o)")

    def _verifiers(self) -> dict[int, Verify]:
        """For the bit of each conjunction that the index does not wholly decide: a function for what it leaves."""
        found: dict[int, Verify] = {}
        for bit, tests in self.assembly.verified.items():
            formula: Formula = tests[0] if len(tests) == 1 else AllOf(tuple(tests))
            found[bit] = Verifier(formula)
        return found
