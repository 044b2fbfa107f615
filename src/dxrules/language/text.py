r"""Rule texts before YAML looks at them: bytes to characters, and the characters that may not be there.

To YAML 1.1, and so to the parser, U+0085, U+2028 and U+2029 end a line; to YAML 1.2, to editors and to
`Source` they are ordinary characters. The parser is shown private-use characters in their stead, which are
put back in the nodes (`stand_ins`).
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

import attrs

from dxrules.errors import Diagnostic
from dxrules.source import Source, Span

MAX_SIZE = 32 * 1024 * 1024  # of a file in bytes, of a text in characters
MOST_DIAGNOSTICS = 100  # of one text: more than anybody reads, few enough for a hostile one

# What YAML does not allow in a text at all, and a byte order mark in the middle, where it is only
# invisible.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FOREIGN_BREAKS = "\x85\u2028\u2029"


@attrs.define(eq=False)
class Report:
    """The diagnostics of one text, up to `MOST_DIAGNOSTICS`."""

    source: Source
    diagnostics: list[Diagnostic] = attrs.field(factory=list)

    @property
    def full(self) -> bool:
        """Whether further diagnostics are dropped."""
        return len(self.diagnostics) >= MOST_DIAGNOSTICS

    def add(self, start: int, end: int, code: str, message: str, advice: str | None = None) -> None:
        """Report a stretch of the source; quietly drop it when there are too many."""
        if not self.full:
            self.diagnostics.append(Span(self.source, start, end).diagnostic(code, message, advice))


def decode(path: str, data: bytes) -> tuple[Source | None, list[Diagnostic]]:
    r"""The text of a rule file, which is UTF-8; a byte order mark before it is dropped.

    >>> source, mistakes = decode("a.yaml", b"a: \xb2")
    >>> mistakes[0].column, mistakes[0].message
    (4, 'the byte `0xb2` is not UTF-8')
    """
    if len(data) > MAX_SIZE:
        return None, [too_large(path)]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, [Diagnostic(path, 1, 1, "yaml/encoding", "the file is UTF-16", "save it as UTF-8")]
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Source(path, data.decode()), []
    except UnicodeDecodeError as error:
        source = without_forbidden(Source(path, data.decode(errors="replace")))[0]
        start = len(data[: error.start].decode())
        message = f"the byte `0x{data[error.start]:02x}` is not UTF-8"
        advice = "save the file as UTF-8"
        if _decodes(data, "gb18030"):
            advice += "; it may be in GBK"
        return None, [Span(source, start, start + 1).diagnostic("yaml/encoding", message, advice)]


def without_forbidden(source: Source) -> tuple[Source, list[Diagnostic]]:
    r"""A text without the characters that may not be there, and a diagnostic for each.

    They are replaced one by one, which keeps all places; so none of them reaches a terminal or another
    parser.

    >>> source, mistakes = without_forbidden(Source("a.yaml", "a: \0"))
    >>> source.text, mistakes[0].message
    ('a: \ufffd', 'the character U+0000 is not allowed in a rule file')
    """
    found = list(islice(_FORBIDDEN.finditer(source.text), MOST_DIAGNOSTICS))
    if not found:
        return source, []
    report = Report(Source(source.path, _FORBIDDEN.sub("\ufffd", source.text)))
    for each in found:
        report.add(*each.span(), "yaml/character", not_allowed(each[0]), "delete it")
    return report.source, report.diagnostics


def not_allowed(character: str) -> str:
    """The message for a character that may not be in a rule file."""
    return f"the character U+{ord(character):04X} is not allowed in a rule file"


def stand_ins(text: str) -> dict[int, str]:
    """For each character that only YAML 1.1 takes for a line break, a private-use one not in `text`."""
    unused = (chr(code) for code in range(0xF0000, 0xFFFFE) if chr(code) not in text)
    return {ord(character): next(unused) for character in _FOREIGN_BREAKS if character in text}


def too_large(path: str) -> Diagnostic:
    """The diagnostic of a file that is refused for its size."""
    message = f"the file is larger than {MAX_SIZE // 1024 // 1024} MB"
    return Diagnostic(path, 1, 1, "yaml/too-large", message, "split it into several packs")


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
