"""What the documentation shows is so. See `docs/__init__.py` beside this for what is done with a page."""

import pytest

from docs.pages import ROOT, Block, pages, parts
from docs.running import Run

SKIPPED_AT_MOST = 0.1  # of all blocks of Python


def names(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", pages(), ids=names)
def test_what_a_page_shows_is_so(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DXRULES_CACHE", "off")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    run = Run(page, tmp_path)
    run.run()
    for line, reason in run.skipped:
        print(f"{names(page)}:{line}: skipped: {reason}")
    if run.failures:
        pytest.fail("\n\n".join(run.failures), pytrace=False)


def test_few_blocks_are_left_out():
    python = [part for page in pages() for part in parts(page.read_text(encoding="utf-8"))
              if isinstance(part, Block) and part.language == "python"]  # fmt: skip
    skipped = [part for part in python if "skip" in part.marks]
    print(f"{len(skipped)} of {len(python)} blocks of Python are skipped")
    assert len(skipped) <= SKIPPED_AT_MOST * len(python)
