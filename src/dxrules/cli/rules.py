"""Which rules and fact classes a command was given, by the words for them."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from dxrules.cli.exits import UsageError
from dxrules.suggest import did_you_mean

if TYPE_CHECKING:
    from dxrules.authoring.cases import Case
    from dxrules.errors import Diagnostic
    from dxrules.language.sources import RuleSource
    from dxrules.rulebook import Rulebook

BUNDLED = "bundled"


def sources_of(words: Sequence[str]) -> list[RuleSource]:
    """The rule sources that some words name; the bundled packs when there is none."""
    from dxrules.language.sources import BUNDLED as PACKS

    return [PACKS if word == BUNDLED else word for word in words or [BUNDLED]]


def classes_of(words: Sequence[str], rules: Sequence[str]) -> tuple[type, ...]:
    """The fact classes: those that are named, and the two that the bundled rules are about where these are loaded."""
    from dxrules.facts import Account, Card

    found = [class_of(word) for word in words]
    if not words or not rules or BUNDLED in rules:
        names = {each.__name__ for each in found}
        found += [each for each in (Card, Account) if each.__name__ not in names]
    return tuple(dict.fromkeys(found))


def split(paths: Sequence[str]) -> tuple[list[str], list[Path]]:
    """The words for rules, and the cases files among or within them."""
    from dxrules.authoring.cases import SUFFIX
    from dxrules.language.sources import bundled_folder

    rules = [path for path in paths if not path.endswith(SUFFIX)]
    files = [Path(path) for path in paths if path.endswith(SUFFIX)]
    for word in rules or [BUNDLED]:
        folder = bundled_folder() if word == BUNDLED else Path(word)
        if folder.is_dir():
            files += sorted(folder.rglob(f"*{SUFFIX}"))
    return rules, list(dict.fromkeys(files))


def cases_in(files: list[Path], rulebook: Rulebook) -> tuple[list[Case], list[Diagnostic]]:
    """The cases of some files, and what is wrong with these."""
    from dxrules.authoring.cases import read_cases

    cases: list[Case] = []
    mistakes: list[Diagnostic] = []
    for file in files:
        found, wrong = read_cases(file, rulebook)
        cases += found
        mistakes += wrong
    return cases, mistakes


def class_of(word: str) -> type:
    """The attrs class of a word such as `loans:Loan`, or `Card`. Its module is imported, and so is run.

    Raises:
        UsageError: there is no such module or class, or it is not an attrs class.
    """
    module_name, colon, name = word.partition(":")
    if not colon:
        from dxrules import facts

        own: dict[str, type] = {"Card": facts.Card, "Account": facts.Account}
        if word in own:
            return own[word]
        raise UsageError(f"`{word}` is not a fact class: write its module too, as in `my_module:{word or 'MyClass'}`")
    module = _module(module_name)
    found: object = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if isinstance(found, type) and attrs.has(found):
        return found
    classes = [each for each, value in vars(module).items() if isinstance(value, type) and attrs.has(value)]
    if found is None:
        raise UsageError(f"`{module_name}` has no class `{name}`; {did_you_mean(name, classes) or 'see its source'}")
    raise UsageError(f"`{word}` is not an attrs class: decorate it with `@attrs.frozen`")


def _module(name: str) -> object:
    here = os.getcwd()  # noqa: PTH109  # a text, as sys.path holds them
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise UsageError(f"there is no module `{name}` here; run dxrules in the folder that it is in") from None
        raise UsageError(f"`{name}` cannot be imported: {error}") from error
    except Exception as error:
        raise UsageError(f"`{name}` cannot be imported: {type(error).__name__}: {error}") from error
