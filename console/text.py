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
    0x61C,  # bidirectional: Arabic letter mark
    0x180E,  # zero width: Mongolian vowel separator
    *range(0x200B, 0x200D),  # zero width space and non-joiner; the joiner 200D stays, emoji need it
    *range(0x200E, 0x2010),  # bidirectional marks
    *range(0x202A, 0x202F),  # bidirectional embeddings and overrides
    *range(0x2060, 0x2070),  # word joiner, invisible operators, bidirectional isolates, deprecated controls
    0xFEFF,  # byte order mark
    *range(0xFFF9, 0xFFFC),  # interlinear annotations
    *range(0xD800, 0xE000),  # lone surrogates: not encodable
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


def clean(value: str, limit: int = NAME_LIMIT) -> str:
    """One harmless line of at most `limit` characters that shows what `value` holds.

    Control characters become their pictures (ESC → ␛), a newline ⏎, a tab a space; C1, bidirectional, zero-width and
    tag characters and lone surrogates become U+FFFD. A text that is too long ends in `…`. About 1 µs for a title.
    """
    if len(value) > limit:
        value = value[: max(limit - 1, 0)] + "…"
    if value.isascii() and value.isprintable():
        return value
    return value.translate(_TABLE) if _HARMFUL.search(value) else value
