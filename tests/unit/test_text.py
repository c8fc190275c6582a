"""Text from outside: harmless, on one line, and nothing of it hidden."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.text import NAME_LIMIT, clean, clean_path, legible

REPLACED = "\N{REPLACEMENT CHARACTER}"
JOINER = "\N{ZERO WIDTH JOINER}"
VARIATION_16 = "\N{VARIATION SELECTOR-16}"

# st.text() leaves surrogates out
anything = st.text(st.characters() | st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp"]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Grand Theft Auto V Rockstar Key GLOBAL",
        "Pokémon: Let's Go™ Édition ® …",
        "東京喰種 [CALL to EXIST] ファンタジー",
        "الألعاب",
        "[bold red]not markup[/] &amp; {0} %s \\n",
        "a  b ",
        "\N{NO-BREAK SPACE}",
    ],
)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 family",
        "❤\ufe0f heart",
        "🏳\ufe0f\u200d🌈 flag",
        "👍🏽 thumb",
        "e\u0301 combined",
    ],
)
def test_emoji_sequences_and_combined_letters_stay_whole(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("\x1b]52;c;cm0gLXJm\x1b\\", "␛]52;c;cm0gLXJm␛\\"),
        ("\x1b[2J\x1b[31mred", "␛[2J␛[31mred"),
        ("\x1bP1$r0m\x1b\\", "␛P1$r0m␛\\"),
        ("\x1b^private\x1b\\\x1b_program\x1b\\", "␛^private␛\\␛_program␛\\"),
        ("a\x00b", "a␀b"),
        ("a\x7fb\x08", "a␡b␈"),
        ("\r50 EUR", "␍50 EUR"),
        ("\x0b\x0c\x1c\x1d\x1e", "␋␌␜␝␞"),
    ],
)
def test_control_characters_become_their_pictures(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_every_c0_control_has_its_own_picture() -> None:
    pictures = {chr(code): clean(chr(code)) for code in range(0x20) if chr(code) not in "\t\n"}
    assert {picture: ord(picture) - 0x2400 for picture in pictures.values()} == {
        picture: ord(control) for control, picture in pictures.items()
    }


@pytest.mark.parametrize("code", [code for code in range(0x80, 0xA0) if code != 0x85])
def test_c1_controls_which_some_terminals_obey_are_replaced(code: int) -> None:
    assert clean(f"a{chr(code)}31mb") == f"a{REPLACED}31mb"


@pytest.mark.parametrize("newline", ["\n", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_newline_is_shown_and_breaks_no_line(newline: str) -> None:
    assert clean(f"one{newline}two") == "one⏎two"


def test_a_tab_becomes_a_space() -> None:
    assert clean("a\tb") == "a b"


@pytest.mark.parametrize(
    "name",
    [
        "LEFT-TO-RIGHT MARK",
        "RIGHT-TO-LEFT MARK",
        "ARABIC LETTER MARK",
        "LEFT-TO-RIGHT EMBEDDING",
        "RIGHT-TO-LEFT EMBEDDING",
        "POP DIRECTIONAL FORMATTING",
        "LEFT-TO-RIGHT OVERRIDE",
        "RIGHT-TO-LEFT OVERRIDE",
        "LEFT-TO-RIGHT ISOLATE",
        "RIGHT-TO-LEFT ISOLATE",
        "FIRST STRONG ISOLATE",
        "POP DIRECTIONAL ISOLATE",
    ],
)
def test_bidirectional_controls_are_made_visible(name: str) -> None:
    assert clean(f"{unicodedata.lookup(name)}gpj.exe") == f"{REPLACED}gpj.exe"


@pytest.mark.parametrize(
    "character",
    [
        "\u200b",  # zero width space
        "\u200c",  # zero width non-joiner
        "\u2060",  # word joiner
        "\ufeff",  # byte order mark
        "\xad",  # soft hyphen
        "\u034f",  # combining grapheme joiner
        "\u180e",  # Mongolian vowel separator
        "\u2063",  # invisible separator
        "\u115f",  # Hangul fillers
        "\u3164",
        "\uffa0",
        "\U000e0041",  # a tag letter
        "\U0001d173",  # begin beam, of musical notation
    ],
)
def test_invisible_characters_are_made_visible(character: str) -> None:
    assert clean(f"Ste{character}am") == f"Ste{REPLACED}am"


@pytest.mark.parametrize("surrogate", [0xD800, 0xDBFF, 0xDC80, 0xDFFF])
def test_lone_surrogates_are_replaced_so_that_the_text_can_be_written(surrogate: int) -> None:
    shown = clean(f"a{chr(surrogate)}b")
    assert shown == f"a{REPLACED}b"
    assert shown.encode() == b"a\xef\xbf\xbdb"


def test_a_text_of_the_limit_is_kept_and_a_longer_one_ends_in_an_ellipsis() -> None:
    assert clean("x" * NAME_LIMIT) == "x" * NAME_LIMIT
    assert clean("x" * (NAME_LIMIT + 1)) == "x" * (NAME_LIMIT - 1) + "…"
    assert clean("abcdef", 4) == "abc…"
    assert clean("ab", 1) == "…"


def test_a_name_of_a_megabyte_is_cut_before_it_is_looked_at() -> None:
    assert clean("\x1b" * 1_000_000, 5) == "␛␛␛␛…"


@given(anything)
def test_no_control_format_or_surrogate_character_is_left(text: str) -> None:
    left = {each for each in clean(text) if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert left <= {JOINER}


def test_no_character_of_unicode_gets_through_that_a_terminal_could_obey() -> None:
    dangerous = [
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and chr(code) != JOINER
    ]
    assert [hex(ord(each)) for each in dangerous if clean(each) == each] == []


@given(anything)
def test_the_result_is_one_line(text: str) -> None:
    assert len(clean(text).splitlines()) <= 1


@given(anything, st.integers(1, 50))
def test_cleaning_twice_changes_nothing_more(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert clean(once, limit) == once


@given(anything, st.integers(1, 50))
def test_the_result_is_never_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(clean(text, limit)) <= limit


@given(anything)
def test_every_character_is_still_there_as_one_character(text: str) -> None:
    shown = clean(text)
    assert len(shown) == len(text)
    assert all(now == before or now in {REPLACED, "⏎", " "} or 0x2400 <= ord(now) <= 0x2421
               for before, now in zip(text, shown, strict=True))  # fmt: skip


@given(anything)
def test_the_result_can_be_encoded(text: str) -> None:
    assert clean(text).encode().decode() == clean(text)


def test_variation_selectors_stay_because_emoji_need_them() -> None:
    assert clean(f"☠{VARIATION_16}") == f"☠{VARIATION_16}"


@pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\u0e47", "\ufe0f", "\U000e0100"])
def test_no_more_marks_are_piled_on_a_letter_than_a_language_needs(mark: str) -> None:
    assert clean(f"e{mark * 8}x") == f"e{mark * 8}x"
    assert clean(f"e{mark * 200}x") == f"e{mark * 8}{REPLACED * 192}x"
    assert clean(clean(f"e{mark * 200}x")) == clean(f"e{mark * 200}x")


def test_the_name_of_a_folder_is_shown_as_what_it_is() -> None:
    assert clean_path(Path("/srv/shop\x1b]0;x\x07\u202e/\udcff")) == f"/srv/shop␛]0;x␇{REPLACED}/{REPLACED}"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Tom &amp; Ada&#039;s Adventure", "Tom & Ada's Adventure"),
        ("&lt;b&gt; &quot;GOTY&quot; &#x27;1&#x27;", "<b> \"GOTY\" '1'"),
        ("Caf&eacute; &euro;5", "Café €5"),
        ("R&D; A&B &nothing; &", "R&D; A&B &nothing; &"),
        ("&amp;amp;", "&amp;"),
    ],
)
def test_what_html_writes_otherwise_is_read_as_it_is_meant(stored: str, shown: str) -> None:
    assert legible(stored) == shown


@given(anything, st.integers(0, 0x10FFFF))
def test_an_entity_lets_nothing_harmful_in(text: str, code: int) -> None:
    shown = legible(f"{text}&#{code};&#x{code:x};&Tab;&NewLine;&shy;&zwnj;&lrm;")
    assert shown == clean(shown)
