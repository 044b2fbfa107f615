"""Writing a handbook, and the picture alone."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from dxrules.errors import DxRulesError
from dxrules.handbook.context import Context
from dxrules.handbook.drawing import mermaid, svg
from dxrules.handbook.kinds import AnyRule
from dxrules.handbook.labels import say
from dxrules.handbook.nodes import graph_of
from dxrules.handbook.page import page_text
from dxrules.handbook.sources import catalogue_of
from dxrules.rulebook import LANGS, Lang, Rulebook
from dxrules.suggest import did_you_mean, listed


def write_handbook(
    rulebook: Rulebook,
    folder: str | os.PathLike[str],
    *,
    langs: Collection[Lang] = LANGS,
    sources: str | os.PathLike[str] | None = None,
) -> Path:
    """Write the handbook of a rulebook: HTML that needs no network, one file for each language.

    Args:
        rulebook: what `load` gave.
        folder: where to write; it is made if need be, and files of the same names are replaced.
        langs: the languages, `en` and `zh`; the first one's file is `index.html`.
        sources: a CSV file that says what the sources are; by default `sources.csv` beside each rule file.

    Returns:
        The path of `index.html`.

    Raises:
        DxRulesError: another language, or a table of sources that cannot be read.
        OSError: the files cannot be written.

    >>> import tempfile
    >>> from dxrules.api import default_rulebook
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     index = write_handbook(default_rulebook(), folder)
    ...     sorted(each.name for each in index.parent.iterdir())
    ['index.html', 'index.zh.html']
    """
    chosen = tuple(dict.fromkeys(map(_known, langs)))
    if not chosen:
        raise DxRulesError(f"no language for the handbook; it can be {listed(LANGS)}")
    catalogue = catalogue_of(rulebook, None if sources is None else Path(sources))
    names = {lang: "index.html" if place == 0 else f"index.{lang}.html" for place, lang in enumerate(chosen)}
    texts: dict[str, str] = {}
    for lang, name in names.items():
        others = {other: file for other, file in names.items() if other != lang}
        texts[name] = page_text(Context(rulebook, lang, catalogue), others)
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    return out / names[chosen[0]]


def graph(
    rulebook: Rulebook,
    form: Literal["svg", "mermaid"] = "svg",
    *,
    lang: str = "en",
    pack: str | None = None,
    rules: bool = True,
) -> str:
    r"""Draw which facts feed which rules, and what these conclude.

    Args:
        rulebook: what `load` gave.
        form: `svg`, a picture, or `mermaid`, a text that pages such as GitHub's draw.
        lang: `en` or `zh`.
        pack: the rules of one pack alone.
        rules: False leaves the rules out, so that facts lead to outcomes.

    Raises:
        DxRulesError: another form or language, or a pack that the rulebook does not have.

    >>> from dxrules.api import default_rulebook
    >>> print(*graph(default_rulebook(), "mermaid", pack="batch").splitlines()[:3], sep="\n")
    flowchart LR
      n0(["kind of holder"])
      n1(["why the holder asks"])
    """
    known = _known(lang)
    if form not in ("svg", "mermaid"):
        raise DxRulesError(f"there is no picture as `{form}`; it can be `svg` or `mermaid`")
    every: tuple[AnyRule, ...] = (*rulebook.rules, *rulebook.patterns)
    packs = dict.fromkeys(rule.pack for rule in every)
    if pack is not None and pack not in packs:
        raise DxRulesError(f"the rulebook has no pack `{pack}`; {did_you_mean(pack, packs)}")
    chosen = [rule for rule in every if pack in (None, rule.pack)]
    drawn = graph_of(rulebook, chosen, known, with_rules=rules)
    if form == "mermaid":
        return mermaid(drawn)
    title = say("picture", known) if pack is None else say("picture of", known, pack)
    return f"{svg(drawn, title)}\n"


def _known(lang: str) -> Lang:
    for each in LANGS:
        if lang == each:
            return each
    raise DxRulesError(f"there is no handbook in `{lang}`; it can be {listed(LANGS)}")
