"""The examples in docstrings are so, those of lazily imported modules included."""

import doctest
import importlib
import pkgutil

import pytest

import docs.pages
import dxrules

MODULES = ["dxrules", *(each.name for each in pkgutil.walk_packages(dxrules.__path__, "dxrules."))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    assert not doctest.testmod(importlib.import_module(name)).failed


def test_examples_in_our_own_docstrings():
    assert not doctest.testmod(docs.pages).failed


def test_lazily_imported_modules_are_among_them():
    assert {"dxrules.language.load", "dxrules.engines.compiled.program"} <= set(MODULES)
