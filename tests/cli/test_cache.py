"""Rulebooks kept between runs: used only when nothing that they hang on has changed."""

import json
import os

import pytest

from dxrules import Card, RulebookError
from dxrules.cli import cache
from dxrules.language import load as loading

PACK = 'rulebook: p\nfacts: Card\nrules:\n  A:\n    when: lost\n    warn:\n    message: {en: "x", zh: "中"}\n'


@pytest.fixture
def rules(tmp_path, monkeypatch):
    """A rule file, a cache of its own, and a list of what was read and checked."""
    read = []
    real = loading.load

    def counted(*given):
        read.append(given)
        return real(*given)

    monkeypatch.setattr(loading, "load", counted)
    monkeypatch.setenv("DXRULES_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "p.yaml"
    path.write_text(PACK, encoding="utf-8")
    return path, read


def kept(tmp_path):
    return sorted((tmp_path / "cache").glob("*"))


def test_the_second_time_nothing_is_read(rules, tmp_path):
    path, read = rules
    first, second = (cache.load([str(path)], [Card]) for _ in range(2))
    assert len(read) == 1
    assert first.digest == second.digest
    assert [each.suffix for each in kept(tmp_path)] == [".json"]
    assert os.name == "nt" or (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_a_changed_file_is_read_again(rules, tmp_path):
    path, read = rules
    before = cache.load([str(path)], [Card])
    path.write_text(PACK.replace("when: lost", "when: misused"), encoding="utf-8")
    assert cache.load([str(path)], [Card]).digest != before.digest
    path.write_text(PACK.replace("when: lost", "when: lots"), encoding="utf-8")
    with pytest.raises(RulebookError):
        cache.load([str(path)], [Card])
    assert len(read) == 3
    assert len(kept(tmp_path)) == 2


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff", b"x" * 64 + b"\n{}"])
def test_a_damaged_file_is_not_used(rules, tmp_path, damage):
    path, read = rules
    first = cache.load([str(path)], [Card])
    kept(tmp_path)[0].write_bytes(damage)
    assert cache.load([str(path)], [Card]).digest == first.digest
    assert len(read) == 2


def test_a_file_that_is_whole_and_does_not_fit_is_not_used(rules, tmp_path):
    """As one would be that another version of dxrules wrote."""
    import hashlib

    path, read = rules
    cache.load([str(path)], [Card])
    (file,) = kept(tmp_path)
    for content in ({"facts": ["Loan"]}, {"facts": [], "definitions": {}}, []):
        text = json.dumps(content).encode()
        file.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
        assert len(cache.load([str(path)], [Card]).rules) == 1
    assert len(read) == 4


def test_it_can_be_switched_off_or_have_no_place(rules, tmp_path, monkeypatch):
    path, read = rules
    for value in ("off", "", str(path / "below-a-file")):
        monkeypatch.setenv("DXRULES_CACHE", value)
        assert len(cache.load([str(path)], [Card]).rules) == 1
    assert len(read) == 3
    assert not (tmp_path / "cache").exists()


def test_only_the_newest_are_kept(rules, tmp_path):
    path, _ = rules
    for number in range(35):
        path.write_text(f"{PACK}# {number}\n", encoding="utf-8")
        cache.load([str(path)], [Card])
    assert len(kept(tmp_path)) == 32
