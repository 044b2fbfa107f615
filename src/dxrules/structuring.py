"""Outside data to facts: mappings as JSON or YAML give them, and rows of text as CSV gives them.

cattrs drives: a generated function for each class puts its fields together and gathers what goes wrong. What
a field takes is settled by the checks that the constructors use too, and nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from dxrules.errors import FactError, Problem, shown
from dxrules.facts.reading import MOST, Read, is_empty, read_cell, read_data
from dxrules.schema import Fact, describe, read_type
from dxrules.suggest import nearest

if TYPE_CHECKING:
    from cattrs import Converter
    from cattrs.errors import ClassValidationError

T = TypeVar("T")

_PLAIN_KEY = re.compile(r"[\w.]{1,60}")
_READ_AS_ONE = (bool, int, float, str, dt.date, dt.datetime)


def structure(mapping: Mapping[str, Any], cls: type[T]) -> T:
    """Make a fact of an attrs class from outside data.

    A group is a mapping or None, or its facts have dotted keys (`request.stage`); a set is a list; a date is
    a `date` or ISO text; a member of an enum is its text. A key that is left out takes the default of its
    field. Nothing is converted by guess: "yes" and 1 are not true, 12.0 and "12" are not whole numbers.

    Raises:
        FactError: it lists everything that is wrong.
        DxRulesError: `cls` is not an attrs class.

    >>> from dxrules.facts import Card
    >>> structure({"card_id": "c-1", "lost": True, "request.stage": "draft"}, Card)
    Card(card_id='c-1', lost=True, request=CancellationRequest(stage='draft'))
    """
    return _structured(mapping, cls, text=False)


def structure_text(row: Mapping[str, str | None], cls: type[T]) -> T:
    """Make a fact of an attrs class from a row of texts, as `csv.DictReader` gives it.

    The columns are the names of facts, dotted for those of a group; `dxrules.facts.reading` says how each
    type is written. An empty cell (None too, as of a short row) is unknown. Where the type of the field
    excludes None, an empty cell takes the default of the field if its enum has a member `unknown`, and is a
    mistake if not. A group all of whose cells are empty is None. A column that is left out takes the default
    of its field.

    Raises:
        FactError: it lists everything that is wrong.
        DxRulesError: `cls` is not an attrs class.

    >>> from dxrules.facts import Card
    >>> structure_text({"card_id": "c-1", "lost": "TRUE", "status": "", "arrears_fen": "3520"}, Card)
    Card(card_id='c-1', lost=True, arrears_fen=3520)
    """
    return _structured(row, cls, text=True)


def _structured(given: object, cls: type[T], *, text: bool) -> T:
    describe(cls)  # says so when it is not an attrs class
    reader = _reader(typing.cast(type, cls), text, ())
    try:
        return typing.cast(T, reader(given, cls))
    except FactError as error:
        raise FactError(cls.__name__, error.problems) from None
    except RecursionError:
        problem = Problem("", "data nested too deeply", "groups of facts as the class has them")
        raise FactError(cls.__name__, [problem]) from None


@cache
def _reader(cls: type, text: bool, within: tuple[type, ...]) -> _Reader:
    return _Reader(cls, (*within, cls), text=text)


@cache
def _converter(text: bool) -> Converter:
    """The cattrs converter. Its own hooks are for what rules cannot read, such as lists of whole numbers."""
    from cattrs import Converter

    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    for simple in _READ_AS_ONE:
        item = Fact((), read_type(simple)[0], optional=False, required=True)
        converter.register_structure_hook(simple, read_cell(item) if text else read_data(item))
    converter.register_structure_hook_factory(attrs.has, lambda cls: _reader(cls, text, ()))
    return converter


class _Reader:
    """How one attrs class is read from a mapping; the structure hook of cattrs for that class.

    Every `FactError` from here has paths that start at this class.
    """

    def __init__(self, cls: type, within: tuple[type, ...], *, text: bool) -> None:
        from cattrs.gen import make_dict_structure_fn_from_attrs, override

        described = describe(cls).facts
        fields = [field for field in attrs.fields(cls) if field.init]
        self.cls = cls
        self.text = text
        self.fields = {field.name: field for field in fields}
        self.items = {name: described[name] for name in self.fields}
        self.groups: dict[str, _Reader] = {
            name: _reader(item.type.python, text, within)
            for name, item in self.items.items()
            if item.type.kind == "group" and item.type.python is not None and item.type.python not in within
        }
        inner = [f"{name}.{each}" for name, group in self.groups.items() for each in group.known]
        self.known: frozenset[str] = frozenset([*self.fields, *inner])
        self.hooks = {name: self._hook(name) for name in self.fields}
        overrides: dict[str, Any] = {name: override(struct_hook=hook) for name, hook in self.hooks.items()}
        self.make: Read = make_dict_structure_fn_from_attrs(
            fields,
            cls,
            _converter(text),
            _cattrs_forbid_extra_keys=True,
            _cattrs_detailed_validation=True,
            _cattrs_use_alias=False,
            **overrides,
        )

    def __call__(self, given: Any, _: Any) -> Any:
        from cattrs.errors import ClassValidationError

        problems: list[Problem] = []
        tree = self._tree(given, problems)
        try:
            fact = self.make(tree, self.cls)
        except ClassValidationError as error:
            problems += self._problems(error, tree)
        if problems:
            raise FactError(self.cls.__name__, problems)
        return fact

    # Keys: one value for each field.

    def _tree(self, given: object, problems: list[Problem]) -> dict[str, Any]:
        """The values by field, the dotted keys gathered into their groups."""
        tree: dict[str, Any] = {}
        dotted: dict[str, dict[str, Any]] = {}
        unknown: list[str] = []
        for key, value in _as_dict(given).items():
            if not isinstance(key, str):
                problems.append(self._not_text(key))
            elif key in self.items:
                tree[key] = value
            elif key in self.known:
                head, _, rest = key.partition(".")
                dotted.setdefault(head, {})[rest] = value
            else:
                unknown.append(key)
        problems += [self._unknown(key, look=number < MOST) for number, key in enumerate(unknown)]
        for head, facts in dotted.items():
            self._gather(tree, head, facts, problems)
        return self._without_empty(tree) if self.text else tree

    def _gather(self, tree: dict[str, Any], head: str, facts: dict[str, Any], problems: list[Problem]) -> None:
        """Put the facts with dotted keys into their group."""
        if head not in tree or (self.text and is_empty(tree[head])):
            tree[head] = facts
            return
        try:
            whole = _as_dict(tree[head])
        except FactError:
            found = f"{shown(tree[head])} beside `{head}.{next(iter(facts))}`"
            problems.append(Problem(head, found, "the group as a whole or facts of it, not both"))
            tree[head] = facts
            return
        twice = [f"{head}.{rest}" for rest in facts if rest in whole]
        problems += [Problem(path, "a value twice", "one value") for path in twice]
        tree[head] = {**facts, **whole}

    def _without_empty(self, tree: dict[str, Any]) -> dict[str, Any]:
        """Settle the empty cells; those that are mistakes stay."""
        kept: dict[str, Any] = {}
        for name, value in tree.items():
            item = self.items[name]
            cells = value.values() if name in self.groups and type(value) is dict else [value]
            if not all(map(is_empty, cells)):
                kept[name] = value
            elif item.optional:
                kept[name] = None
            elif item.required or "unknown" not in item.type.members or item.type.kind != "enum":
                kept[name] = value
        return kept

    def _not_text(self, key: object) -> Problem:
        hint = "the row has more cells than there are columns" if self.text and key is None else None
        return Problem("", f"the key {shown(key)}", "a text as key", hint)

    def _unknown(self, key: str, *, look: bool) -> Problem:
        ends = [name for name in self.known if look and name.endswith(f".{key}")]
        meant = ends[0] if len(ends) == 1 else nearest(key, self.known) if look else None
        hint = f"did you mean `{meant}`?" if meant is not None else None
        if key.startswith("\ufeff"):
            hint = "the file starts with a byte order mark: open it with `encoding='utf-8-sig'`"
        path = key if _PLAIN_KEY.fullmatch(key) else shown(key)
        found = "an unknown column" if self.text else "an unknown key"
        return Problem(path, found, f"a fact of `{self.cls.__name__}`", hint)

    # Values: how each field is read.

    def _hook(self, name: str) -> Read:
        item = self.items[name]
        if name in self.groups:
            return self._group_hook(item, self.groups[name])
        if item.type.kind in ("group", "unreadable"):
            return self._other_hook(item)
        return read_cell(item) if self.text else read_data(item)

    def _group_hook(self, item: Fact, reader: _Reader) -> Read:
        def read(value: Any, _: Any) -> Any:
            if (value is None and item.optional) or isinstance(value, reader.cls):
                return value
            if not isinstance(value, Mapping):
                allowed = "a mapping of its facts or None" if item.optional else "a mapping of its facts"
                if self.text:
                    allowed = f"a column for each of its facts, such as `{item.name}.{min(reader.known)}`"
                raise FactError("", [Problem(item.name, shown(value), allowed)])
            try:
                return reader(value, reader.cls)
            except FactError as error:
                raise FactError("", _below(item.name, error.problems)) from None

        return read

    def _other_hook(self, item: Fact) -> Read:
        """A field that rules cannot read: cattrs makes of it what it can."""
        try:
            hint = typing.get_type_hints(self.cls, include_extras=True)[item.name]
        except Exception:  # noqa: BLE001 - an annotation that does not resolve, or is no type
            hint = Any

        def read(value: Any, _: Any) -> Any:
            if value is None and item.optional:
                return None
            if _is_collection(hint) and (self.text or isinstance(value, str)):
                raise FactError("", [Problem(item.name, shown(value), "a list or the like, not text")])
            try:
                return _structure_other(_converter(self.text), value, hint)
            except FactError as error:
                raise FactError("", _below(item.name, error.problems)) from None

        return read

    # Errors: from what cattrs gathered to problems.

    def _problems(self, error: ClassValidationError, tree: dict[str, Any]) -> list[Problem]:
        problems: list[Problem] = []
        fields, whole = error.group_exceptions()
        for each, at in fields:
            item = self.items[at.name]
            if at.name not in tree:
                problems.append(Problem(at.name, "nothing", item.type.words(), "it is required"))
            elif isinstance(each, FactError):
                problems += each.problems
            else:
                problems += _below(at.name, _flat(each, tree[at.name]))
        for each in whole:
            problems += _flat(each, tree)
        return problems + self._of_the_whole(tree, {at.name for _, at in fields})

    def _of_the_whole(self, tree: dict[str, Any], bad: set[str]) -> list[Problem]:
        """What the class itself has to say of the fields that are right, when others are not."""
        if not bad:
            return []
        values = {
            field.alias: tree.get(name) if name in bad else self.hooks[name](tree[name], None)
            for name, field in self.fields.items()
            if name in tree or name in bad
        }
        try:
            self.cls(**values)
        except FactError as error:
            return [each for each in error.problems if re.split(r"[.\[]", each.path)[0] not in {"", *bad}]
        except Exception:  # noqa: BLE001 - the class was given what it cannot take; that is reported already
            return []
        return []


def _as_dict(given: object) -> dict[Any, Any]:
    if type(given) is dict:
        return given
    try:
        if isinstance(given, Mapping):
            return dict(given.items())
    except Exception as error:
        problem = Problem("", f"a mapping that fails with {type(error).__name__}", "a mapping that can be read")
        raise FactError("", [problem]) from error
    raise FactError("", [Problem("", shown(given), "a mapping from the names of facts to their values")])


def _is_collection(hint: Any) -> bool:
    """Whether cattrs would take a text for a collection of its characters."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return any(map(_is_collection, typing.get_args(hint)))
    return isinstance(origin, type) and issubclass(origin, Collection)


def _structure_other(converter: Converter, value: Any, hint: Any) -> Any:
    from cattrs.errors import StructureHandlerNotFoundError

    try:
        return converter.structure(value, hint)
    except StructureHandlerNotFoundError:
        try:
            fits = isinstance(value, hint)
        except TypeError:
            fits = True  # nothing here can tell
        if fits:
            return value
        name = hint.__name__ if isinstance(hint, type) else str(hint)
        raise FactError("", [Problem("", shown(value), f"a value of the type `{name}`")]) from None


def _flat(error: Exception, value: object) -> list[Problem]:
    """Any exception of a field or of a class, as problems with paths from there."""
    from cattrs.errors import IterableValidationError

    if isinstance(error, FactError):
        return list(error.problems)
    if isinstance(error, IterableValidationError):
        elements, whole = error.group_exceptions()
        problems = [p for each, at in elements for p in _below(f"[{at.index}]", _flat(each, "an element"))]
        return problems + [problem for each in whole for problem in _flat(each, value)]
    said = str(error.args[0]) if error.args else ""
    return [Problem("", shown(value), "what its class accepts", " ".join(said.split())[:200] or None)]


def _below(name: str, problems: Iterable[Problem]) -> list[Problem]:
    def path(rest: str) -> str:
        return f"{name}.{rest}" if rest and not rest.startswith("[") else f"{name}{rest}"

    return [attrs.evolve(each, path=path(each.path)) for each in problems]
