"""Random conditions: text of the rule language, of the right types by construction."""

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random

import attrs

from dxrules.schema import MAX_INT, FactType, Type
from dxrules.values import Plain

BREAK = "\x01"  # a space at which a condition may go on in the next line

_MAX_RESULT = 2**63 - 1
_MAX_DAYS = (dt.date.max - dt.date.min).days
_INTS = (0, 1, -1, 2, 3, 7, 10, 90, 100, 365, 1_000, 86_400, MAX_INT, -MAX_INT, MAX_INT + 1, 2**62)
_FLOATS = (0.0, 0.5, -0.5, 0.1, 1.0, 1.5, 2.5, 99.5, 1e-300, 1e300, -1e300, 1e16, 2.0**53, 3.0)
_DATES = ("2023-12-31", "2024-01-01", "2024-02-29", "2025-06-30", "2026-01-01", "0001-01-01", "9999-12-31")
_TIMES = ("00:00", "09:30:00", "12:00:00.000001", "23:59:59")
_TEXTS = (
    "",
    "a",
    "ab",
    "abc",
    "A",
    "1",
    "two words",
    'quo"te',
    "it's",
    "back\\slash",
    "未知",
    "é",
    "😀",
    "None",
    "x\ny",
)

# How tightly an operator binds: a term stands in brackets where a tighter one is needed.
OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, ATOM = range(8)


@attrs.frozen
class Term:
    """A piece of a condition: its text, how tightly it binds, and, of a number, what it may come to."""

    text: str
    binds: int = ATOM
    kind: str = "bool"
    low: int = 0
    high: int = 0
    literal: bool = False

    def within(self, binds: int) -> str:
        """The text, in brackets where it binds less than that."""
        return self.text if self.binds >= binds else f"({self.text})"


@attrs.frozen
class Name:
    """A name that conditions can use: `kind` as the type of a fact has it.

    `fact` tells a fact, or a definition that stands for one, from what is calculated; `literal` tells a definition
    that stands for a literal. `values` are those of a parameter. `own` marks what is a fact's own name.
    """

    text: str
    type: Type
    low: int = 0
    high: int = 0
    fact: bool = False
    literal: bool = False
    values: tuple[Plain, ...] = ()
    own: bool = False

    @property
    def kind(self) -> str:
        return self.type.kind


@attrs.define
class Constants:
    """The literals and parameter values of a rulebook, by kind: facts are drawn from near them."""

    ints: list[int] = attrs.field(factory=list)
    floats: list[float] = attrs.field(factory=list)
    texts: list[str] = attrs.field(factory=list)
    days: list[dt.date] = attrs.field(factory=list)
    times: list[dt.datetime] = attrs.field(factory=list)


@attrs.frozen
class Theme:
    """The few literals that the rules of a book share, so that conditions meet and facts hit boundaries."""

    ints: tuple[int, ...]
    floats: tuple[float, ...]
    dates: tuple[str, ...]
    times: tuple[str, ...]
    texts: tuple[str, ...]


def theme(rng: Random) -> Theme:
    """The literals of one book."""
    dates = (
        *rng.sample(_DATES[:5], 2),
        rng.choice(_DATES),
        f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    )
    return Theme(
        (*rng.sample(_INTS[:8], 3), rng.choice(_INTS), rng.randint(-10_000, 10_000)),
        (*rng.sample(_FLOATS, 2), round(rng.uniform(-100, 100), 2)),
        dates,
        tuple(f"{day}{rng.choice('T ')}{rng.choice(_TIMES)}" for day in dates[:3]),
        tuple(rng.sample(_TEXTS, 4)),
    )


def fact_names(fact_type: FactType) -> list[Name]:
    """The facts of a type as names, those that rules cannot read left out."""
    return [
        Name(name, fact.type, -MAX_INT, MAX_INT, fact=True, own=True)
        for name, fact in fact_type.facts.items()
        if fact.type.kind != "unreadable"
    ]


def quoted(rng: Random, text: str) -> str:
    """A text literal of the rule language."""
    quote = rng.choice("\"'")
    body = text.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n").replace("\t", "\\t")
    if body and body[0].isalpha() and rng.random() < 0.1:
        number = ord(text[0])
        body = (f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else body[0]) + body[1:]
    return f"{quote}{body}{quote}"


@attrs.define
class Writer:
    """Writes conditions over the names that it is given."""

    rng: Random
    names: Sequence[Name]
    theme: Theme
    constants: Constants
    with_is: bool = True
    _by_kind: dict[str, list[Name]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for name in self.names:
            self._by_kind.setdefault(name.kind, []).append(name)

    def _pick(self, names: Sequence[Name]) -> Name:
        """One of some names; definitions and parameters more often than chance has it."""
        named = [name for name in names if not name.own] if self.rng.random() < 0.25 else ()
        return self.rng.choice(named or names)

    def _of(self, *kinds: str, fact: bool = False) -> list[Name]:
        found = [name for kind in kinds for name in self._by_kind.get(kind, ())]
        return [name for name in found if name.fact] if fact else found

    # Conditions

    def condition(self, depth: int) -> Term:
        """A condition of at most that depth of connectives."""
        rng = self.rng
        if depth <= 0:
            return self.leaf()
        choice = rng.random()
        if choice < 0.42:
            items = [self.condition(depth - 1 - rng.randrange(2)) for _ in range(rng.choice((2, 2, 2, 3, 3, 4)))]
            return self.join(rng.choice((AND, OR)), items)
        if choice < 0.58:
            return self.opposite(self.condition(depth - 1))
        if choice < 0.68:  # it contradicts itself, or goes without saying, and is unknown when its facts are
            one = self.condition(depth - 1)
            items = [one, self.opposite(one), *(self.condition(0) for _ in range(rng.randrange(2)))]
            rng.shuffle(items)
            return self.join(rng.choice((AND, OR)), items)
        if choice < 0.76:
            one, two = self.condition(depth - 1), self.condition(0)
            return Term(f"{one.within(SUM)} {rng.choice(('==', '!='))} {two.within(SUM)}", COMPARE)
        if choice < 0.88 and self.with_is:
            return self.is_test(self.condition(depth - 1))
        if choice < 0.94:
            return Term(f"({self.condition(depth - 1).text})")
        return self.leaf()

    def join(self, binds: int, items: list[Term]) -> Term:
        """Conditions joined by `and` or `or`."""
        word = "and" if binds == AND else "or"
        need = binds if self.rng.random() < 0.3 else binds + 1  # `a and b and c` is one, `a and (b and c)` is two
        return Term(f"{BREAK}{word} ".join(item.within(need) for item in items), binds)

    def opposite(self, item: Term) -> Term:
        """Not that."""
        return Term(f"not {item.within(NOT)}", NOT)

    def is_test(self, item: Term) -> Term:
        """One of the six tests that are always decided."""
        test = self.rng.choice(("is None", "is not None", "is True", "is not True", "is False", "is not False"))
        return Term(f"{item.within(SUM)} {test}", COMPARE)

    def leaf(self) -> Term:
        """A condition without connectives."""
        while True:
            found = self.rng.choice(self._leaves())()
            if found is not None:
                return found

    def _leaves(self) -> tuple[Callable[[], Term | None], ...]:
        plain = (
            *(self._truth, self._truth, self._numbers, self._numbers, self._numbers),
            *(self._ordered_dates, self._equal_texts, self._equal_enums, self._equal_enums, self._among),
            *(self._holds, self._holds, self._starts, self._chain, self._equal_truths),
        )
        return (*plain, self._is_none, self._is_none, self._is_truth) if self.with_is else plain

    def _truth(self) -> Term | None:
        if self.rng.random() < 0.03:
            return Term(self.rng.choice(("True", "False")))
        names = self._of("bool")
        return Term(self._pick(names).text) if names else None

    def _equal_truths(self) -> Term | None:
        one, two = self._truth(), self._truth()
        if one is None or two is None:
            return None
        return Term(f"{one.text} {self.rng.choice(('==', '!='))} {two.text}", COMPARE)

    def _numbers(self) -> Term | None:
        one, two = self.number(self.rng.choice((0, 0, 1, 2))), self.number(self.rng.choice((0, 0, 0, 1)))
        return Term(f"{one.within(SUM)} {self._order()} {two.within(SUM)}", COMPARE)

    def _order(self) -> str:
        return self.rng.choice(("==", "!=", "<", "<=", ">", ">="))

    def _ordered_dates(self) -> Term | None:
        kind = self.rng.choice(("date", "datetime"))
        names = self._of(kind)
        if not any(name.fact for name in names):
            return None
        pair = [self._pick(self._of(kind, fact=True)).text, self._beside(kind)]
        self.rng.shuffle(pair)
        return Term(f"{pair[0]} {self._order()} {pair[1]}", COMPARE)

    def _beside(self, kind: str) -> str:
        """What stands beside a date, a time or a text: a literal, a parameter, or another such fact."""
        names = [name for name in self._of(kind) if name.fact]
        names += [name for name in self._of("text") if name.values and _fits(name.values, kind)]
        if names and self.rng.random() < 0.5:
            return self._pick(names).text
        return quoted(self.rng, self._literal(kind))

    def _literal(self, kind: str) -> str:
        if kind == "text":
            text = self.rng.choice(self.theme.texts)
            self.constants.texts.append(text)
        elif kind == "date":
            text = self.rng.choice(self.theme.dates)
            self.constants.days.append(dt.date.fromisoformat(text))
        else:
            text = self.rng.choice(self.theme.times)
            self.constants.times.append(dt.datetime.fromisoformat(text))
        return text

    def _equal_texts(self) -> Term | None:
        names = self._of("text")
        if not names:
            return None
        pair = [self._pick(names).text, self._beside("text")]
        self.rng.shuffle(pair)
        return Term(f"{pair[0]} {self.rng.choice(('==', '!='))} {pair[1]}", COMPARE)

    def _equal_enums(self) -> Term | None:
        names = self._of("enum")
        if not names:
            return None
        name = self._pick(names)
        pair = [name.text, self._member_or_name(name)]
        self.rng.shuffle(pair)
        return Term(f"{pair[0]} {self.rng.choice(('==', '!='))} {pair[1]}", COMPARE)

    def _member_or_name(self, name: Name) -> str:
        alike = [each.text for each in self._of("enum") if each.type == name.type]
        values = [each.text for each in self._of("text") if each.values and set(each.values) <= set(name.type.members)]
        if alike + values and self.rng.random() < 0.4:
            return self.rng.choice(alike + values)
        return quoted(self.rng, self.rng.choice(name.type.members))

    def _among(self) -> Term | None:
        names = self._of("bool", "int", "float", "text", "enum", "date", "datetime", fact=True)
        if not names:
            return None
        kind = self.rng.choice(sorted({name.kind for name in names}))
        name = self._pick([name for name in names if name.kind == kind])
        values = [self._value_like(name) for _ in range(self.rng.choice((1, 2, 2, 3, 5)))]
        text = f"({', '.join(values)}{',' if len(values) == 1 or self.rng.random() < 0.1 else ''})"
        return Term(f"{name.text} {self.rng.choice(('in', 'in', 'not in'))} {text}", COMPARE)

    def _value_like(self, name: Name) -> str:
        match name.kind:
            case "bool":
                return self.rng.choice(("True", "False"))
            case "int" | "float":
                return self.literal_number().text
            case "enum":
                return quoted(self.rng, self.rng.choice(name.type.members))
            case kind:
                return quoted(self.rng, self._literal(kind))

    def _holds(self) -> Term | None:
        names = self._of("set")
        if not names:
            return None
        name = self._pick(names)
        member = quoted(self.rng, self.rng.choice(name.type.members))
        return Term(f"{member} {self.rng.choice(('in', 'in', 'not in'))} {name.text}", COMPARE)

    def _starts(self) -> Term | None:
        names = self._of("text", fact=True)
        if not names:
            return None
        text = self._literal("text")
        prefix = quoted(self.rng, text[: self.rng.choice((0, 1, 1, 2, 9))])
        return Term(f"{self._pick(names).text}.startswith({prefix})")

    def _chain(self) -> Term | None:
        rng = self.rng
        kind = rng.choice(("number", "number", "date", "datetime", "enum", "bool"))
        count = rng.choice((3, 3, 3, 4))
        if kind == "number":
            items = [self.number(rng.choice((0, 0, 1))).within(SUM) for _ in range(count)]
        else:
            facts = self._of(kind, fact=kind != "bool")
            if not facts:
                return None
            one = self._pick(facts)
            alike = [each for each in facts if each.type == one.type]
            # Every other one is a fact: two literals side by side would be two texts.
            items = [self._pick(alike).text for _ in range(count)]
            for place in range(rng.randrange(2), count, 2):
                if kind in ("date", "datetime"):
                    items[place] = self._beside(kind)
                elif kind == "enum":
                    items[place] = self._member_or_name(one)
        signs = [self._order() if kind in ("number", "date", "datetime") else rng.choice(("==", "!=")) for _ in items]
        text = items[0] + "".join(f" {sign} {item}" for sign, item in zip(signs, items[1:], strict=False))
        return Term(text, COMPARE)

    def _is_none(self) -> Term | None:
        facts = [name for name in self._by_kind if any(each.fact for each in self._by_kind[name])]
        if not facts:
            return None
        name = self._pick(self._of(self.rng.choice(facts), fact=True))
        return Term(f"{name.text} {self.rng.choice(('is None', 'is not None'))}", COMPARE)

    def _is_truth(self) -> Term | None:
        names = self._of("bool")
        return self.is_test(Term(self._pick(names).text)) if names else None

    # Numbers

    def number(self, depth: int) -> Term:
        """A number; an integer never passes ±(2^63 - 1)."""
        rng = self.rng
        choice = rng.random()
        if depth <= 0 or choice < 0.2:
            return self._small_number()
        if choice < 0.35:
            item = self.number(depth - 1)
            sign = rng.choice(("-", "-", "-", "- ", "+"))
            literal = item.literal and item.text.lstrip("(-+ ")[0].isdigit()
            if literal:
                sign = sign.strip()
            low, high = (item.low, item.high) if sign == "+" else (-item.high, -item.low)
            return Term(f"{sign}{item.within(SIGN)}", SIGN, item.kind, low, high, literal)
        if choice < 0.42 and (floats := self._of("float", fact=True)):  # large facts make it infinity less infinity
            self.constants.floats.append(1e300)
            name = self._pick(floats).text
            text, binds = rng.choice(((f"{name} * 1e300 - {name} * 1e300", SUM), (f"{name} * 1e300 * 0.0", PRODUCT)))
            return Term(text, binds, "float")
        if choice < 0.6:
            one, two = self.number(depth - 1), self._literal_or_name()
            if rng.random() < 0.5:
                one, two = two, one
            return self._combined("*", one, two) or self._small_number()
        one, two = self.number(depth - 1), self.number(rng.randrange(depth))
        return self._combined(rng.choice("+-"), one, two) or self._small_number()

    def _combined(self, sign: str, one: Term, two: Term) -> Term | None:
        binds = PRODUCT if sign == "*" else SUM
        text = f"{one.within(binds)} {sign} {two.within(binds + 1)}"
        if (one.kind, two.kind) != ("int", "int"):
            return Term(text, binds, "float")
        if sign == "+":
            low, high = one.low + two.low, one.high + two.high
        elif sign == "-":
            low, high = one.low - two.high, one.high - two.low
        else:
            products = [left * right for left in (one.low, one.high) for right in (two.low, two.high)]
            low, high = min(products), max(products)
        if low < -_MAX_RESULT or high > _MAX_RESULT:
            return None
        return Term(text, binds, "int", low, high)

    def _small_number(self) -> Term:
        rng = self.rng
        choice = rng.random()
        names = self._of("int", "float")
        if names and choice < 0.6:
            return self._named(self._pick(names))
        if choice < 0.7 and (sets := self._of("set", fact=True)):
            name = self._pick(sets)
            self.constants.ints.append(1)
            return Term(f"len({name.text})", ATOM, "int", 0, len(name.type.members))
        if choice < 0.8 and (days := self._of("date", fact=True)):
            return Term(f"days_since({self._pick(days).text})", ATOM, "int", -_MAX_DAYS, _MAX_DAYS)
        return self.literal_number()

    def _named(self, name: Name) -> Term:
        return Term(name.text, ATOM, name.kind, name.low, name.high, name.literal)

    def _literal_or_name(self) -> Term:
        names = [name for name in self._of("int", "float") if name.literal]
        return self._named(self._pick(names)) if names and self.rng.random() < 0.3 else self.literal_number()

    def literal_number(self) -> Term:
        """A literal, in one of the ways to write it."""
        rng = self.rng
        if rng.random() < 0.7:
            number = rng.choice(self.theme.ints)
            self.constants.ints.append(number)
            size = abs(number)
            text = rng.choice((str(size), str(size), f"{size:_}", hex(size)))
            binds = SIGN if number < 0 else ATOM
            return Term(f"{'-' * (number < 0)}{text}", binds, "int", number, number, literal=True)
        fraction = rng.choice(self.theme.floats)
        self.constants.floats.append(fraction)
        return Term(repr(fraction), SIGN if fraction < 0 else ATOM, "float", literal=True)


def _fits(values: Sequence[Plain], kind: str) -> bool:
    if kind == "text":
        return True
    try:
        for value in values:
            assert isinstance(value, str)
            (dt.date if kind == "date" else dt.datetime).fromisoformat(value)
            if (len(value) == 10) != (kind == "date"):
                return False
    except ValueError:
        return False
    return True
