"""The end of generated code: a decision made of masks, its slots set one by one, at half the cost of a call."""

from __future__ import annotations

from dxrules.codes import Codes
from dxrules.decision import Decision, Settled, UndeterminedRules
from dxrules.engines.compiled.writer import Writer


def write_decision(writer: Writer, codes: Codes, fired: str, open_: str, remember: str | None = None) -> None:
    """A decision on the masks of the rules that fire and of those left open.

    With `remember`, a line that is run when `c` has the codes, decisions are remembered as a whole, not their codes.
    """
    writer.space.update(Decision=Decision, Settled=Settled, UndeterminedRules=UndeterminedRules)
    if remember is None:
        _write_codes(writer, codes, fired)
    else:
        writer.space["named"] = codes.named
        writer.line(f"c = named({fired})")
        writer.line(remember)
    with writer.block(f"if {open_}:"):
        writer.line("d = Decision()")
        writer.line("d._undetermined = r = UndeterminedRules()")
        for slot, value in {"at": "at", "fact": "fact", "mask": open_}.items():
            writer.line(f"r._{slot} = {value}")
    with writer.block("else:"):
        writer.line("d = Settled()")
    _write_slots(writer, fired)


def write_settled(writer: Writer, fired: str) -> None:
    """A decision that leaves nothing open, on the mask of the rules that fire; `c` has their codes."""
    writer.line("d = Settled()")
    _write_slots(writer, fired)


def _write_slots(writer: Writer, fired: str) -> None:
    for slot, value in {"at": "at", "fact": "fact", "fired": fired, "codes": "c"}.items():
        writer.line(f"d._{slot} = {value}")
    writer.line("return d")


def _write_codes(writer: Writer, codes: Codes, fired: str) -> None:
    """The codes of the rules that fired, as `Codes` has them."""
    writer.space["decode"] = codes.decode
    if codes.listed is not None:
        writer.space["listed"] = codes.listed
        writer.line(f"c = listed[{fired}]")
    else:
        writer.space["seen"] = codes.seen
        with writer.block("try:"):
            writer.line(f"c = seen[{fired}]")
        with writer.block("except KeyError:"):
            writer.line(f"c = decode({fired})")
