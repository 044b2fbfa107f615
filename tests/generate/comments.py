"""Comments, blank lines and line breaks scattered over a YAML text without a change to what it holds."""

from random import Random

from dxrules.authoring.comments import end_of, scalars
from dxrules.language.reader import read
from dxrules.source import Source

_WORDS = ("why", "  wide  apart", "a: b", "- x", "欠费", "# twice", "'quoted", '"', "{", "]", "")


def scattered(text: str, rng: Random) -> str:
    """The text with comments in it, each with a number of its own."""
    root, mistakes = read(Source("a.yaml", text))
    assert root is not None, mistakes
    pieces: list[str] = []
    at = count = 0
    in_block = False
    within = sorted(scalars(root), key=lambda each: each.start)
    for start, end in [*((each.start, end_of(each)) for each in within), (len(text), len(text))]:
        gap = text[at:start]
        if start == end == at:
            continue
        for char in gap:
            if char == ",":
                pieces.append(_after_comma(rng, count))
                count += 1
            elif char == "\n" and not in_block:
                pieces.append(_line_end(rng, count))
                count += 1
            else:
                pieces.append(char)
            in_block = False
        pieces.append(text[start:end])
        at = end
        in_block = text[start : start + 1] in ("|", ">")  # what stands behind it on its last line is text
    return "".join(pieces)


def _after_comma(rng: Random, count: int) -> str:
    """A comma within brackets, with or without a break and a comment behind it."""
    choice = rng.random()
    if choice < 0.8:
        return ","
    comment = f" # {count} {rng.choice(_WORDS)}" if choice < 0.95 else ""
    return f",{comment}\n{' ' * rng.randint(14, 18)}"


def _line_end(rng: Random, count: int) -> str:
    """The end of a line, with or without a comment behind it, and with lines of their own below it."""
    found = f"  # {count} {rng.choice(_WORDS)}\n" if rng.random() < 0.1 else "\n"
    while rng.random() < 0.15:
        found += rng.choice(("\n", f"{' ' * rng.choice((0, 0, 2, 4, 6, 8))}#{rng.choice(_WORDS)} {count}\n"))
    return found
