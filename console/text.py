"""Text from outside is cleaned once, where it enters: afterwards it can be stored, logged and shown without harm.

A product name, an API message or an exception may carry escape sequences (a terminal obeys them: OSC 52 writes the
clipboard), bidirectional overrides (text that reads otherwise than it is), invisible characters, or a newline that
forges a log line. Each such character becomes one visible character: nothing is hidden, and columns stay aligned.
"""

import re

NAME_LIMIT = 1_000
"""Characters kept of a single value: far above any real name, far below what would hurt."""

_VISIBLE_NEWLINE = "⏎"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_UNSEEN = [
    range(0x80, 0xA0),  # C1 controls: some terminals take them for ESC sequences
    range(0xAD, 0xAE),  # soft hyphen
    range(0x34F, 0x350),  # zero width: combining grapheme joiner
    range(0x600, 0x606),  # format characters of Arabic and Syriac; 6DD to 8E2 as well
    range(0x61C, 0x61D),  # bidirectional: Arabic letter mark
    range(0x6DD, 0x6DE),
    range(0x70F, 0x710),
    range(0x890, 0x892),
    range(0x8E2, 0x8E3),
    range(0x115F, 0x1161),  # fillers of Hangul: blank; 3164 and FFA0 as well
    range(0x17B4, 0x17B6),  # inherent vowels of Khmer: invisible
    range(0x180E, 0x180F),  # zero width: Mongolian vowel separator
    range(0x200B, 0x200D),  # zero width space and non-joiner; the joiner 200D stays, emoji need it
    range(0x200E, 0x2010),  # bidirectional marks
    range(0x202A, 0x202F),  # bidirectional embeddings and overrides
    range(0x2060, 0x2070),  # word joiner, invisible operators, bidirectional isolates, deprecated controls
    range(0x3164, 0x3165),
    range(0xFEFF, 0xFF00),  # byte order mark
    range(0xFFA0, 0xFFA1),
    range(0xFFF9, 0xFFFC),  # interlinear annotations
    range(0xD800, 0xE000),  # lone surrogates: not encodable
    range(0x110BD, 0x110BE),  # format characters of Kaithi, hieroglyphs, shorthand and musical notation
    range(0x110CD, 0x110CE),
    range(0x13430, 0x13440),
    range(0x1BCA0, 0x1BCA4),
    range(0x1D173, 0x1D17B),
    range(0xE0000, 0xE0080),  # tags
]

_TABLE: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},  # ␀ ␁ … ␛
    0x7F: "␡",
    **{code: _REPLACEMENT for each in _UNSEEN for code in each},
    ord("\t"): " ",
    ord("\n"): _VISIBLE_NEWLINE,
    0x85: _VISIBLE_NEWLINE,  # NEL
    0x2028: _VISIBLE_NEWLINE,  # line separator
    0x2029: _VISIBLE_NEWLINE,  # paragraph separator
}

_HARMFUL = re.compile(rf"[\x00-\x1f\x7f\u2028\u2029{''.join(f'{chr(each[0])}-{chr(each[-1])}' for each in _UNSEEN)}]")
"""All that is in the table; as ranges, which are compiled in a tenth of the time."""


PATH_LIMIT = 4_096
"""Characters kept of the name of a file: longer ones Linux does not open."""

_MARKS_OF_A_LETTER = 8
"""More than any language needs; what is piled higher covers the lines above and below."""

_MARK = (
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    r"\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0f71-\u0f84\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a"
    r"\ua66f-\ua672\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_FLOOD = re.compile(rf"(?<={_MARK}{{{_MARKS_OF_A_LETTER}}}){_MARK}+")

_ENTITY = re.compile(r"&#?\w{2,8};")


def clean(value: str, limit: int = NAME_LIMIT) -> str:
    """One harmless line of at most `limit` characters that shows what `value` holds.

    Control characters become their pictures (ESC → ␛), a newline ⏎, a tab a space; C1, bidirectional, zero-width and
    other format characters and lone surrogates become U+FFFD, as do the marks that are piled too high on one letter;
    the zero-width joiner and variation selectors stay, emoji need them. A text that is too long ends in `…`. About 1 µs
    for a title.
    """
    if len(value) > limit:
        value = value[: max(limit - 1, 0)] + "…"
    if value.isascii() and value.isprintable():
        return value
    if _HARMFUL.search(value):
        value = value.translate(_TABLE)
    return _FLOOD.sub(lambda flood: _REPLACEMENT * len(flood[0]), value)


def without_entities(text: str) -> str:
    """The text with its characters as they are: G2A writes some of a name as HTML does, `Ada&#039;s`."""
    if "&" not in text:
        return text
    from html import entities, unescape  # noqa: PLC0415 - two thousand entities, which few names need

    def sign(entity: re.Match[str]) -> str:
        return unescape(entity[0]) if entity[0][1] == "#" else entities.html5.get(entity[0][1:], entity[0])

    return _ENTITY.sub(sign, text)


def legible(value: str, limit: int = NAME_LIMIT) -> str:
    """A text of G2A's as a person reads it: without entities, and clean, whatever these stood for."""
    return clean(without_entities(value), limit)


def clean_path(path: object) -> str:
    """The name of a file or a folder as it can be shown: whoever made it chose what is in it."""
    return clean(str(path), PATH_LIMIT)
