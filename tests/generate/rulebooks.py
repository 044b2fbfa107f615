"""Random rulebooks: packs as they could be written, and their YAML text."""

import datetime as dt
import functools
import json
import re
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import attrs
from hypothesis import strategies as st

import dxrules
from dxrules import expression as ex
from dxrules.rulebook import DEADLINES, KINDS, SEVERITIES, Rulebook
from dxrules.schema import FactType, Type
from generate import facts as random_facts
from generate.conditions import BREAK, Constants, Name, Theme, Writer, fact_names, quoted, theme
from generate.worlds import WORLDS, world

_OPERATIONS = ("cancel", "port", "注销")
_CUTS = (dt.date(2024, 1, 1), dt.date(2024, 2, 29), dt.date(2025, 6, 30), dt.date(2026, 1, 1))
_LARGEST = 500  # words of a definition that others may name: a whole condition must stay below 20,000 parts
_WORD = re.compile(r"[\w.]+")
_SEEDS = st.integers(0, 2**32 - 1)
_DEPTHS = st.sampled_from((0, 1, 2, 2, 3))

Condition = str | list["Condition"] | dict[str, list["Condition"]]


@attrs.frozen
class Recipe:
    """All that a case is made from: sizes, and seeds for what has them."""

    world: int
    seed: int
    with_is: bool
    parameters: tuple[int, ...]
    definitions: tuple[tuple[int, int], ...]
    rules: tuple[tuple[int, int], ...]
    facts: tuple[int, ...]


@st.composite
def recipes(draw: st.DrawFn, *, with_is: bool | None = None, most_facts: int = 8, most_rules: int = 12) -> Recipe:
    """Recipes; of two, the simpler has fewer and shallower parts."""
    part = st.tuples(_DEPTHS, _SEEDS)
    return Recipe(
        draw(st.integers(0, WORLDS - 1)),
        draw(_SEEDS),
        draw(st.booleans()) if with_is is None else with_is,
        tuple(draw(st.lists(_SEEDS, max_size=5))),
        tuple(draw(st.lists(part, max_size=5))),
        (*draw(st.lists(part, min_size=1, max_size=12)), *_more(draw, most_rules - 12)),
        tuple(draw(st.lists(_SEEDS, min_size=min(5, most_facts), max_size=most_facts))),
    )


def _more(draw: st.DrawFn, most: int) -> Iterable[tuple[int, int]]:
    """Many small rules from one seed."""
    if most <= 0:
        return ()
    rng = Random(draw(_SEEDS))
    return [(rng.choice((0, 0, 1, 1, 2)), rng.randrange(2**32)) for _ in range(draw(st.integers(0, most)))]


@attrs.define
class Pack:
    """A pack as written; values are what stands in the file."""

    name: str
    facts: str
    parameters: dict[str, Any] = attrs.field(factory=dict)
    define: dict[str, Condition] = attrs.field(factory=dict)
    gates: dict[str, list[str]] = attrs.field(factory=dict)
    disable: list[str] = attrs.field(factory=list)
    rules: dict[str, dict[str, Any]] = attrs.field(factory=dict)


@attrs.frozen
class Case:
    """A rulebook as written, with the literals in it."""

    fact_types: tuple[FactType, ...]
    packs: tuple[Pack, ...]
    constants: Constants
    seed: int

    @functools.cached_property
    def texts(self) -> tuple[str, ...]:
        return tuple(text_of(pack, Random(f"{self.seed} {pack.name}")) for pack in self.packs)

    def load(self) -> Rulebook:
        return load(self.texts, self.fact_types)


def load(texts: Iterable[str], fact_types: Iterable[FactType]) -> Rulebook:
    """The rulebook of some texts."""
    sources = [dxrules.Text(text, f"pack{place}.yaml") for place, text in enumerate(texts)]
    return dxrules.load(*sources, facts=[each.cls for each in fact_types])


def case_of(recipe: Recipe) -> Case:
    """What a recipe makes."""
    return _Maker(recipe).case()


def facts_of(recipe: Recipe, case: Case, *, broken: bool = False) -> list[Any]:
    """Facts for a case: valid ones, or such as went past the validators."""
    found = []
    for seed in recipe.facts:
        rng = Random(seed)
        fact_type = rng.choice(case.fact_types)
        fact = random_facts.fact(rng, fact_type, case.constants)
        found.append(random_facts.broken(rng, fact_type, fact) if broken else fact)
    return found


def days_of(rulebook: Rulebook, rng: Random, count: int) -> list[dt.date]:
    """Days on which to decide: the cuts of a rulebook, their neighbours, and others."""
    cuts = [random_facts.shifted(cut, step) for cut in rulebook.cuts() for step in (-1, 0, 0, 1)]
    usual = [dt.date(2025, 3, 1), dt.date(2026, 7, 1), dt.date(2024, 2, 29)]
    rare = [dt.date.min, dt.date.max]
    return [rng.choice(rng.choice((cuts or usual, cuts or usual, usual, rare))) for _ in range(count)]


@attrs.define
class _Maker:
    recipe: Recipe
    constants: Constants = attrs.field(factory=Constants)
    sizes: dict[tuple[str, str], int] = attrs.field(factory=dict)

    def case(self) -> Case:
        recipe, rng = self.recipe, Random(self.recipe.seed)
        shared = theme(rng)
        fact_types = world(recipe.world).fact_types
        names = rng.sample(("alpha", "beta two", "zeta", "middle-of-it", "B", "包"), 6)
        packs = [Pack(names.pop(), fact_type.name) for fact_type in fact_types for _ in range(rng.choice((1, 1, 2, 3)))]
        parameters: list[Name] = []
        for place, seed in enumerate(recipe.parameters):
            parameters.append(self._parameter(Random(seed), f"p{place}", fact_types, shared, packs))
        known = {each.name: [*fact_names(each), *parameters] for each in fact_types}
        for place, (depth, seed) in enumerate(recipe.definitions):
            self._define(Random(seed), place, depth, fact_types, known, shared, packs)
        written: dict[str, list[str]] = {each.name: [] for each in fact_types}
        for place, (depth, seed) in enumerate(recipe.rules):
            self._rule(Random(seed), place, depth, fact_types, known, shared, packs, written)
        self._gates_and_switches(rng, packs, written)
        rng.shuffle(packs)
        return Case(fact_types, tuple(packs), self.constants, recipe.seed)

    def _writer(self, rng: Random, names: Sequence[Name], shared: Theme) -> Writer:
        return Writer(rng, names, shared, self.constants, self.recipe.with_is)

    def _parameter(
        self, rng: Random, name: str, fact_types: tuple[FactType, ...], shared: Theme, packs: list[Pack]
    ) -> Name:
        enums = [fact.type for each in fact_types for fact in each.facts.values() if fact.type.kind == "enum"]
        kind = rng.choice(("int", "int", "float", "mixed", "bool", "text", "date", "datetime", "enum", "enum"))
        floats = tuple(each for each in shared.floats if abs(each) < 2**63)
        pools: dict[str, Sequence[Any]] = {
            "int": shared.ints,
            "float": floats,
            "mixed": (*shared.ints, *floats),
            "bool": (True, False),
            "text": shared.texts,
            "date": shared.dates,
            "datetime": shared.times,
            "enum": rng.choice(enums).members if enums else shared.texts,
        }
        dates = rng.sample(_CUTS, rng.choice((0, 0, 1, 2, 3)))
        values = [rng.choice(pools[kind]) for _ in range(max(1, len(dates)))]
        rng.choice(packs).parameters[name] = dict(zip(dates, values, strict=True)) if dates else values[0]
        return Name(name, *self._named_type(values), values=tuple(values))

    def _named_type(self, values: list[Any]) -> tuple[Type, int, int]:
        if isinstance(values[0], bool):
            return ex.BOOL, 0, 0
        if isinstance(values[0], str):
            self.constants.texts += values
            return ex.TEXT, 0, 0
        self.constants.floats += [float(each) for each in values]
        if all(type(each) is int for each in values):
            self.constants.ints += values
            return ex.INT, min(values), max(values)
        return ex.FLOAT, 0, 0

    def _define(
        self,
        rng: Random,
        place: int,
        depth: int,
        fact_types: tuple[FactType, ...],
        known: dict[str, list[Name]],
        shared: Theme,
        packs: list[Pack],
    ) -> None:
        fact_type = rng.choice(fact_types)
        names = known[fact_type.name]
        writer = self._writer(rng, names, shared)
        text = f"d{place}" if rng.random() < 0.8 else f"定义{place}"
        body: Condition
        choice = rng.random()
        if choice < 0.55:
            body = self._condition(writer, rng, depth)
            found = Name(text, ex.BOOL)
        elif choice < 0.75:
            number = writer.number(depth)
            body = number.text
            type_ = ex.INT if number.kind == "int" else ex.FLOAT
            # The number of a signed literal counts as a literal only when the sign stands before the digits.
            found = Name(text, type_, number.low, number.high, literal=number.literal)
            if re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*", number.text):  # it is a name alone: as that name is
                same = next(each for each in names if each.text == number.text)
                found = attrs.evolve(same, text=text, own=False)
        else:
            usable = [name for name in names if name.kind != "group"]
            if not usable:
                usable = names
            kind = rng.choice(sorted({name.kind for name in usable}))
            other = rng.choice([name for name in usable if name.kind == kind])
            if other.kind == "group":
                return
            body = other.text
            found = attrs.evolve(other, text=text, own=False)
        self.sizes[fact_type.name, text] = size = self._size(fact_type.name, body)
        if size < _LARGEST:
            known[fact_type.name] = [*names, found]
        rng.choice([pack for pack in packs if pack.facts == fact_type.name]).define[text] = body

    def _size(self, fact_type: str, body: Condition) -> int:
        """How many words a condition has with its definitions written out."""
        if isinstance(body, str):
            return sum(self.sizes.get((fact_type, word), 1) for word in _WORD.findall(body))
        items = body if isinstance(body, list) else [each for items in body.values() for each in items]
        return sum(self._size(fact_type, each) for each in items)

    def _condition(self, writer: Writer, rng: Random, depth: int, nested: int = 0) -> Condition:
        """A condition as text, list or mapping."""
        choice = rng.random()
        if nested > 2 or choice < (0.55 if nested == 0 else 0.7):
            return writer.condition(depth).text
        if choice < 0.78:
            count = rng.choice((1, 2, 2, 3))
            return [self._condition(writer, rng, depth - 1, nested + 1) for _ in range(count)]
        keys = rng.sample(("all", "any", "none"), rng.choice((1, 1, 2, 3)))
        return {
            key: [self._condition(writer, rng, depth - 1, nested + 1) for _ in range(rng.choice((1, 2, 3)))]
            for key in keys
        }

    def _rule(
        self,
        rng: Random,
        place: int,
        depth: int,
        fact_types: tuple[FactType, ...],
        known: dict[str, list[Name]],
        shared: Theme,
        packs: list[Pack],
        written: dict[str, list[str]],
    ) -> None:
        fact_type = rng.choice(fact_types)
        names = known[fact_type.name]
        writer = self._writer(rng, names, shared)
        rule: dict[str, Any] = {"when": self._condition(writer, rng, depth)}
        kind = rng.choice(KINDS)
        operation = rng.choice(_OPERATIONS)
        rule[kind] = operation if kind == "block" else rng.choice((operation, "something else", None))
        rule["message"] = {"en": self._message(rng, names, "en"), "zh": self._message(rng, names, "zh")}
        if rng.random() < 0.5:
            rule["severity"] = rng.choice(SEVERITIES)
        if rng.random() < 0.5:
            rule["deadline"] = rng.choice(DEADLINES)
        if rng.random() < 0.6:
            rule["priority"] = rng.choice((0, 5, 5, 10, -5, 1_000_000_000))
        if rng.random() < 0.3:
            rule["source"] = rng.sample(("S01", "S02", "a source: with a colon", "来源"), rng.choice((0, 1, 2)))
        if rng.random() < 0.3:
            first, last = sorted(rng.sample(_CUTS, 2))
            rule["valid"] = rng.choice(({"from": first}, {"until": last}, {"from": first, "until": last}))
        above = written[fact_type.name]
        if above and rng.random() < 0.35:
            rule["overrides"] = rng.sample(above, min(len(above), rng.choice((1, 1, 2, 3))))
        name = f"R{place}"
        above.append(name)
        rng.choice([pack for pack in packs if pack.facts == fact_type.name]).rules[name] = rule

    def _message(self, rng: Random, names: Sequence[Name], lang: str) -> str:
        usable = [name for name in names if name.kind != "group"]
        parts = [
            rng.choice(("It is so", "{{really}}", "100 %: ", "# 1", "'quoted' ") if lang == "en" else ("确实", "是："))
        ]
        for name in rng.sample(usable, min(len(usable), rng.choice((0, 0, 1, 2)))):
            yuan = ":yuan" if name.kind == "int" and rng.random() < 0.5 else ""
            parts += [rng.choice((" ", ", ", "，")), f"{{{name.text}{yuan}}}"]
        return "".join(parts)

    def _gates_and_switches(self, rng: Random, packs: list[Pack], written: dict[str, list[str]]) -> None:
        blocked = sorted({rule["block"] for pack in packs for rule in pack.rules.values() if "block" in rule})
        for pack in packs:
            if blocked and rng.random() < 0.5:
                pack.gates = {
                    operation: rng.sample(DEADLINES, rng.choice((1, 2, 4)))
                    for operation in rng.sample(blocked, rng.randint(1, len(blocked)))
                }
            if len(written[pack.facts]) > 2 and rng.random() < 0.2:
                pack.disable = rng.sample(written[pack.facts], 1)


# YAML

_SAFE = re.compile(r"[^\W\d_][\w.()*<>!=+ \"'-]*", re.ASCII)


def text_of(pack: Pack, rng: Random) -> str:
    """A pack as YAML, its strings and lists written in one way or another."""
    lines = [f"rulebook: {pack.name}", f"facts: {pack.facts}"]
    if pack.parameters:
        lines.append("parameters:")
        for name, value in pack.parameters.items():
            lines.append(f"  {name}: {_parameter_text(value, rng)}")
    if pack.define:
        lines.append("define:")
        lines += [f"  {name}:{_condition_text(body, 4, rng)}" for name, body in pack.define.items()]
    if pack.gates:
        lines.append("gates:")
        lines += [f"  {operation}: [{', '.join(deadlines)}]" for operation, deadlines in pack.gates.items()]
    if pack.disable:
        lines.append(f"disable: [{', '.join(pack.disable)}]")
    if pack.rules:
        lines.append("rules:")
        for name, rule in pack.rules.items():
            lines.append(f"  {name}:")
            keys = list(rule)
            rng.shuffle(keys)
            lines += [f"    {key}:{_rule_text(key, rule[key], rng)}" for key in keys]
    return "\n".join(lines) + "\n"


def _parameter_text(value: Any, rng: Random) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{day}: {_parameter_text(each, rng)}" for day, each in value.items()) + "}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _rule_text(key: str, value: Any, rng: Random) -> str:
    if key == "when":
        return _condition_text(value, 6, rng)
    if isinstance(value, dict):
        texts = (f"{name}: {each if key == 'valid' else _string(each, rng)}" for name, each in value.items())
        return " {" + ", ".join(texts) + "}"
    if isinstance(value, list):
        return " [" + ", ".join(_string(each, rng) for each in value) + "]"
    return "" if value is None else f" {value}"


def _string(text: str, rng: Random) -> str:
    if rng.random() < 0.5 and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def _condition_text(body: Condition, indent: int, rng: Random) -> str:
    """What follows the colon or the dash."""
    pad = "\n" + " " * indent
    if isinstance(body, str):
        return " " + _scalar(body, pad, rng)
    if rng.random() < 0.2:
        return " " + _flow(body, rng)
    if isinstance(body, list):
        return "".join(f"{pad}-{_condition_text(each, indent + 2, rng)}" for each in body)
    return "".join(f"{pad}{key}:{_condition_text(each, indent + 2, rng)}" for key, each in body.items())


def _flow(body: Condition, rng: Random) -> str:
    if isinstance(body, str):
        return _string(body.replace(BREAK, " "), rng)
    if isinstance(body, list):
        return "[" + ", ".join(_flow(each, rng) for each in body) + "]"
    return "{" + ", ".join(f"{key}: {_flow(each, rng)}" for key, each in body.items()) + "}"


def _scalar(text: str, pad: str, rng: Random) -> str:
    style = rng.choice(("plain", "plain", "plain", "'", '"', ">", "|"))
    one_line = text.replace(BREAK, " ")
    if style in (">", "|"):
        return f"{style}{rng.choice(('', '-'))}{pad}" + text.replace(BREAK, pad)
    if style == "plain" and _SAFE.fullmatch(one_line):
        return one_line if rng.random() < 0.7 else text.replace(BREAK, pad)
    if style == "'":
        return "'" + text.replace("'", "''").replace(BREAK, pad) + "'"
    return json.dumps(one_line, ensure_ascii=False)


__all__ = ["Case", "Pack", "Recipe", "case_of", "days_of", "facts_of", "load", "quoted", "recipes", "text_of"]
