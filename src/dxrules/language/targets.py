"""What people call the targets of rules: `targets` in packs, read and checked against the rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from dxrules.language.entries import Entry, keys_of, named
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.scan import cut
from dxrules.language.written import Name, Report, WrittenPack, WrittenTarget
from dxrules.rulebook import LANGS, Lang
from dxrules.suggest import did_you_mean

_TARGET = re.compile(r".+", re.DOTALL)  # a rule may be about any text
_LANGUAGES: Mapping[Lang, str] = {"en": "English", "zh": "Chinese"}


def read_targets(entry: Entry | None, report: Report) -> Iterator[WrittenTarget]:
    """The names of targets in a pack; those that are not whole are reported."""
    for target, node in named(entry, "targets", _TARGET, report):
        texts = _texts(target, node, report)
        if len(texts) == len(LANGS):
            yield WrittenTarget(target, texts)


def _texts(target: Name, node: Node, report: Report) -> dict[Lang, str]:
    keys = keys_of(node, LANGS, report, "the name of a target") if isinstance(node, MapNode) else {}
    found: dict[Lang, str] = {}
    for lang in LANGS:
        value = keys[lang][1] if lang in keys else None
        if isinstance(value, Scalar) and isinstance(value.value, str) and value.text.strip():
            found[lang] = " ".join(value.text.split())
    absent = [_LANGUAGES[lang] for lang in LANGS if lang not in found]
    if absent:
        message = f"`{cut(target.text)}` has no name in {' and '.join(absent)}"
        report(target.span, "target/name", message, 'write it as in `cancel: {en: "cancel", zh: "注销"}`')
    return found


def check_targets(packs: Iterable[WrittenPack], report: Report, *, whole: bool) -> dict[str, Mapping[Lang, str]]:
    """The names of targets by target.

    Args:
        packs: as written.
        report: takes every mistake.
        whole: whether all files could be read, so that it is known what rules are about.
    """
    packs = tuple(packs)
    outcomes = [rule.outcome for pack in packs for rule in pack.rules]
    outcomes += [rule.outcome for pack in packs if pack.patterns is not None for rule in pack.patterns.rules]
    used = {each.target for each in outcomes if each.target}
    found: dict[str, WrittenTarget] = {}
    for written in (each for pack in packs for each in pack.targets):
        name, text = written.name, cut(written.name.text)
        first = found.setdefault(name.text, written)
        if name.text not in used and whole and not report.full:
            report(name.span, "target/unknown", f"no rule is about `{text}`", did_you_mean(name.text, used))
        if first.texts != written.texts:
            line, _ = first.name.span.source.position(first.name.span.start)
            message = f"`{text}` is called otherwise in {first.name.span.source.path}:{line}"
            report(name.span, "target/different", message, "give it one name, and give it once")
    return {name: each.texts for name, each in found.items()}
