"""Writing Python source: names for facts and constants, tests and computed terms as expressions.

No text of a rule file becomes source: facts are read by the names of their class's fields, and every literal other
than a number is bound to a name in the namespace in which the source runs.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dxrules import expression as ex
from dxrules.engines.compiled.normal import AllOf, Formula, Known, Same, Term, Test, Whole
from dxrules.engines.compiled.sets import Steps, Values
from dxrules.schema import MAX_INT, Fact

_CHECKS = {
    "bool": "({0} is True or {0} is False)",
    "int": "type({0}) is int",
    "float": "type({0}) is float and {0} - {0} == 0.0",  # infinities and NaN fail
    "text": "type({0}) is str",
    "date": "type({0}) is date",
    "datetime": "(type({0}) is datetime and {0}.tzinfo is None)",
}


class Writer:
    """Collects lines of source and the namespace that they run in."""

    def __init__(self, day: str = "at.day") -> None:
        self.day = day  # how the source names the day of the decision
        self.lines: list[str] = []
        self.space: dict[str, Any] = {"bisect": bisect_right, "date": dt.date, "datetime": dt.datetime}
        self._depth = 0
        self._names: dict[str, str] = {}
        self._constants: dict[tuple[type, Any], str] = {}

    def line(self, text: str) -> None:
        """Add a line."""
        self.lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines below a head such as `if x:`."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    @property
    def source(self) -> str:
        """All lines."""
        return "\n".join(self.lines) + "\n"

    # Names

    def name(self, fact: Fact) -> str:
        """The variable of a fact or group."""
        found = self._names.get(fact.name)
        if found is None:
            found = "f_" + "_".join(fact.path)
            while found in self._names.values():
                found += "_"
            self._names[fact.name] = found
        return found

    def temporary(self) -> str:
        """A new variable."""
        name = f"t{len(self._names)}"
        self._names[name] = name
        return name

    def constant(self, value: Any) -> str:
        """How source says a constant: numbers as they are, others by a name."""
        if type(value) is int or (type(value) is float and value - value == 0.0):
            return repr(value) if value >= 0 else f"({value!r})"
        if value is True or value is False or value is None:
            return repr(value)
        key = (type(value), value)
        found = self._constants.get(key)
        if found is None:
            found = self._constants[key] = self.bind("k", value)
        return found

    def bind(self, prefix: str, value: Any) -> str:
        """A new name for a value in the namespace."""
        name = f"{prefix}{len(self.space)}"
        self.space[name] = value
        return name

    # Facts

    def check(self, fact: Fact) -> str:
        """A condition that a fact's variable holds a known value that its type takes, in its usual form.

        Other forms that a type takes (text for an enum member, say) fail it, and are left to the interpreter.
        """
        name = self.name(fact)
        type_ = fact.type
        if type_.kind == "enum":
            if type_.python is not None:
                return f"type({name}) is {self.constant(type_.python)}"
            return f"{name} in {self.constant(frozenset(type_.members))}"
        if type_.kind == "set":
            return f"(type({name}) is frozenset and {name} <= {self.constant(frozenset(type_.members))})"
        if type_.kind == "group":
            return f"type({name}) is {self.constant(type_.python)}"
        return _CHECKS[type_.kind].format(name)

    def whole_to_float(self, name: str) -> None:
        """Make a float of an integer in a variable that is to hold a float."""
        with self.block(f"if type({name}) is int and {-MAX_INT} <= {name} <= {MAX_INT}:"):
            self.line(f"{name} = float({name})")

    # Terms, for facts that are known

    def term(self, term: Term) -> str:
        """The value of a term whose facts are known; NaN for a number that is none."""
        return self.value(term.expr)

    def unknown(self, term: Term) -> str:
        """A condition that a term is unknown: that a fact of it is None, or a number in it is none."""
        facts = [f"{self.name(ref.fact)} is None" for ref in term.refs]
        return " or ".join([*facts, *(f"(n := {self.value(each)}) != n" for each in term.floats)])

    def value(self, expr: ex.Expr) -> str:
        """The value of an expression whose facts are known."""
        match expr:
            case ex.FactRef(fact=fact):
                return self.name(fact)
            case ex.Const(value=literal):
                return self.constant(literal)
            case Whole(formula=formula):
                return f"({self.crisp(formula)})"
            case ex.Contains(member=member, item=item):
                return f"{self.constant(member.value)} in {self.value(ex.peel(item))}"
            case ex.StartsWith(item=item, prefix=prefix):
                return f"{self.value(ex.peel(item))}.startswith({self.constant(prefix)})"
            case ex.Len(item=item):
                return f"len({self.value(ex.peel(item))})"
            case ex.DaysSince(item=item):
                return f"({self.day} - {self.value(ex.peel(item))}).days"
            case ex.Neg(item=item):
                return f"(-{self.value(item)})"
            case ex.Arith(op=op, left=left, right=right) | ex.Compare(op=op, left=left, right=right):
                return f"({self.value(ex.peel(left))} {op} {self.value(ex.peel(right))})"
            case _:
                raise AssertionError(expr)

    def holds(self, test: Test, value: str | None = None) -> str:
        """A condition that a test with a known value is true. `value` is the source of the value."""
        source = value if value is not None else self.term(test.term)
        allowed = test.allowed
        if allowed.full or allowed.empty:
            return repr(allowed.full)
        if isinstance(allowed, Steps):
            return self._in_steps(allowed, source)
        return self._in_values(allowed, source, test.term)

    def _in_steps(self, allowed: Steps, source: str) -> str:
        cuts = [self.constant(cut) for cut in allowed.cuts]
        if len(cuts) == 1:
            return f"{source} {'<' if allowed.initial else '>='} {cuts[0]}"
        if len(cuts) == 2 and _next(allowed.cuts[0]) == allowed.cuts[1]:
            return f"{source} {'!=' if allowed.initial else '=='} {cuts[0]}"
        if len(cuts) == 2:
            return f"{'not ' if allowed.initial else ''}{cuts[0]} <= {source} < {cuts[1]}"
        odd = "==" if allowed.initial else "!="
        return f"bisect({self.constant(allowed.cuts)}, {source}) % 2 {odd} 0"

    def _in_values(self, allowed: Values, source: str, term: Term) -> str:
        if term.kind == "bool":
            wanted = True in allowed.listed
            return source if wanted else f"not {source}" if source.isidentifier() else f"not ({source})"
        listed, inside = allowed.listed, allowed.inside
        if allowed.universe is not None and 2 * len(listed) > len(allowed.universe):
            listed, inside = allowed.universe - listed, False
        members = sorted(listed)
        if term.kind == "enum" and isinstance(term.expr, ex.FactRef) and term.expr.type.python is not None:
            python = term.expr.type.python
            members = [python(member) for member in members]
            if len(members) == 1:
                return f"{source} {'is' if inside else 'is not'} {self.constant(members[0])}"
        elif len(members) == 1:
            return f"{source} {'==' if inside else '!='} {self.constant(members[0])}"
        return f"{source} {'in' if inside else 'not in'} {self.constant(frozenset(members))}"

    # Formulas

    def crisp(self, formula: Formula) -> str:
        """A formula all of whose facts are known, as a condition."""
        if isinstance(formula, Known):
            return repr(formula.truth)
        if isinstance(formula, Test):
            return self.holds(formula)
        if isinstance(formula, Same):
            return f"({self.crisp(formula.left)}) == ({self.crisp(formula.right)})"
        word = " and " if isinstance(formula, AllOf) else " or "
        return word.join(
            self.crisp(item) if isinstance(item, (Test, Known)) else f"({self.crisp(item)})" for item in formula.items
        )

    def kleene(self, formula: Formula) -> str:
        """Write lines that compute a formula some of whose facts may be unknown; gives the variable of its truth."""
        if isinstance(formula, Known):
            return repr(formula.truth)
        result = self.temporary()
        if isinstance(formula, Test):
            self._kleene_test(formula, result)
            return result
        if isinstance(formula, Same):
            left, right = self.kleene(formula.left), self.kleene(formula.right)
            self.line(f"{result} = None if {left} is None or {right} is None else {left} == {right}")
            return result
        weak, strong = ("True", "False") if isinstance(formula, AllOf) else ("False", "True")
        self.line(f"{result} = {weak}")
        for item in formula.items:
            part = self.kleene(item)
            with self.block(f"if {part} is {strong}:"):
                self.line(f"{result} = {strong}")
            with self.block(f"elif {part} is None and {result} is not {strong}:"):
                self.line(f"{result} = None")
        return result

    def _kleene_test(self, test: Test, result: str) -> None:
        term = test.term
        if isinstance(term.expr, Whole):
            part = self.kleene(term.expr.formula)
            self.line(f"{result} = {test.unknown!r} if {part} is None else {self.holds(test, part)}")
            return
        with self.block(f"if {self.unknown(term)}:"):
            self.line(f"{result} = {test.unknown!r}")
        with self.block("else:"):
            self.line(f"{result} = {self.holds(test)}")


def _next(cut: Any) -> Any:
    """The value of an ordered type that follows another; a lone value lies between it and that."""
    if type(cut) is float:
        return math.nextafter(cut, math.inf)
    if type(cut) is int:
        return cut + 1
    return cut + (dt.timedelta(days=1) if type(cut) is dt.date else dt.timedelta(microseconds=1))
