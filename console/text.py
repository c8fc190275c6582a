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
    *range(0x80, 0xA0),  # C1 controls: some terminals take them for ESC sequences
    0xAD,  # soft hyphen
    0x34F,  # zero width: combining grapheme joiner
    *range(0x600, 0x606),  # format characters of Arabic and Syriac; 6DD to 8E2 as well
    0x61C,  # bidirectional: Arabic letter mark
    0x6DD,
    0x70F,
    *range(0x890, 0x892),
    0x8E2,
    *range(0x115F, 0x1161),  # fillers of Hangul: blank; 3164 and FFA0 as well
    *range(0x17B4, 0x17B6),  # inherent vowels of Khmer: invisible
    0x180E,  # zero width: Mongolian vowel separator
    *range(0x200B, 0x200D),  # zero width space and non-joiner; the joiner 200D stays, emoji need it
    *range(0x200E, 0x2010),  # bidirectional marks
    *range(0x202A, 0x202F),  # bidirectional embeddings and overrides
    *range(0x2060, 0x2070),  # word joiner, invisible operators, bidirectional isolates, deprecated controls
    0x3164,
    0xFEFF,  # byte order mark
    0xFFA0,
    *range(0xFFF9, 0xFFFC),  # interlinear annotations
    *range(0xD800, 0xE000),  # lone surrogates: not encodable
    0x110BD,  # format characters of Kaithi, hieroglyphs, shorthand and musical notation
    0x110CD,
    *range(0x13430, 0x13440),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE0080),  # tags
]

_TABLE: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},  # ␀ ␁ … ␛
    0x7F: "␡",
    **dict.fromkeys(_UNSEEN, _REPLACEMENT),
    ord("\t"): " ",
    ord("\n"): _VISIBLE_NEWLINE,
    0x85: _VISIBLE_NEWLINE,  # NEL
    0x2028: _VISIBLE_NEWLINE,  # line separator
    0x2029: _VISIBLE_NEWLINE,  # paragraph separator
}

_HARMFUL = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_TABLE)) + "]")


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


def clean_path(path: object) -> str:
    """The name of a file or a folder as it can be shown: whoever made it chose what is in it."""
    return clean(str(path), PATH_LIMIT)
