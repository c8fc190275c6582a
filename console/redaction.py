"""Taking secrets out of text, in every form in which a server, a proxy or a library may repeat them."""

import base64
import re
from collections.abc import Iterable
from functools import cached_property

BLACKED_OUT = "***"

_SHORTEST_IN_BODY = 8
"""A shorter one may be part of any word or number: a body would come to harm."""
_SHORTEST_BASE64 = 8
_SAFE = re.compile(r"[0-9A-Za-z_]+")
"""What nobody writes in another way."""
_IN_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}
"""As `html.escape` writes them, which comes with the names of all other characters: 1 ms of every start."""


class Redactor:
    """Blacks out what it was told to."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = [_Secret(each) for each in sorted(set(secrets), key=len, reverse=True) if each]

    def add(self, secret: str) -> None:
        """One more; an empty one is none. From any thread: another one may be at the list just now."""
        if secret and all(each.plain != secret for each in self._secrets):
            self._secrets = sorted((*self._secrets, _Secret(secret)), key=lambda each: len(each.plain), reverse=True)

    def text(self, value: str) -> str:
        """The text without them."""
        for secret in self._secrets:
            value = secret.out_of_text(value)
        return value

    def body(self, value: bytes) -> bytes:
        """The body of a reply without them: it may be megabytes, and most hold none."""
        for secret in self._secrets:
            if len(secret.plain) >= _SHORTEST_IN_BODY:
                value = secret.out_of_body(value)
        return value


class _Secret:
    """One secret, and how it is found: quickly by a part of it first, as most texts do not hold it.

    The pattern for the rest is made when it is needed: that takes milliseconds, which the first picture waits for.
    """

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self._sign = max(_SAFE.findall(plain), key=len, default="")
        self._base64 = _in_base64(plain)

    @cached_property
    def _in_text(self) -> re.Pattern[str]:
        return re.compile("".join(map(_either, self.plain)))

    @cached_property
    def _in_body(self) -> re.Pattern[bytes]:
        return re.compile(self._in_text.pattern.encode("utf-8", "surrogateescape"))

    def out_of_text(self, value: str) -> str:
        if self._sign in value:
            value = self._in_text.sub(BLACKED_OUT, value)
        for form in self._base64:
            if form in value:
                value = value.replace(form, BLACKED_OUT)
        return value

    def out_of_body(self, value: bytes) -> bytes:
        blacked_out = BLACKED_OUT.encode()
        if self._sign.encode() in value:
            value = self._in_body.sub(blacked_out, value)
        for form in self._base64:
            if form.encode() in value:
                value = value.replace(form.encode(), blacked_out)
        return value


def _either(character: str) -> str:
    """A pattern for the character as it is, in a URL, in JSON, in JSON within JSON, and in HTML."""
    if _SAFE.fullmatch(character):
        return character
    code = ord(character)
    in_url = "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
    in_json = "".join(f"\\\\+u{pair.hex()}" for pair in _utf_16(character))
    numbers = f"&#0*{code};|&#x0*{code:x};"
    in_html = re.escape(_IN_HTML.get(character, character))
    ways = [rf"\\*{re.escape(character)}", f"(?i:{in_url}|{in_json}|{numbers})", in_html]
    if character == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"


def _utf_16(character: str) -> list[bytes]:
    data = character.encode("utf-16-be", "surrogatepass")
    return [data[at : at + 2] for at in range(0, len(data), 2)]


def _in_base64(secret: str) -> list[str]:
    """What of it is the same in base64 whatever stands around it: three ways, as three bytes make four letters."""
    data = secret.encode("utf-8", "surrogateescape")
    found: set[str] = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        first, end = -(-before * 8 // 6), (before + len(data)) * 8 // 6  # letters that are made of these bytes alone
        found.add(encoded[first:end])
    found |= {form.translate(str.maketrans("+/", "-_")) for form in found}
    return sorted((form for form in found if len(form) >= _SHORTEST_BASE64), key=len, reverse=True)
