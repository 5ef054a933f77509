"""Makes text from outside fit for a message: one line, nothing hidden, limited in length."""

import re
import unicodedata
from urllib.parse import quote

#: Control characters, lone surrogates, private use, and marks that turn the writing direction. Joiners stay: emoji,
#: Persian and Indic words need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
#: Text that chat services would turn into a mention of everybody, a person or a channel. Some services also look within
#: words: mentions of everybody, and user ids of 15 or more digits, which occur in no mail address.
_MENTION = re.compile(
    r"(?<!\w)@(?=[\w&!])|@(?=(?:everyone|here|channel|all)(?![a-z0-9])|[0-9]{15})|<(?=[!@#])", re.IGNORECASE
)
#: Breaks such a word invisibly (WORD JOINER).
_BREAK = "\u2060"
_ADDRESS = re.compile(r"https?://[^\s<>\"\x00-\x20\x7f]+", re.IGNORECASE)
#: Text that mail readers and chat services would turn into a link: a scheme, and the dot before the last part of a
#: name.
_LIVE = re.compile(r"(?<=:)(?=//)|(?<=\w)(?=\.[A-Za-z]{2,})")
_BLANK_LINES = re.compile(r"\n{3,}")
_SENTENCE_END = re.compile(r"(?<=[.!?؟])(?=\s)|(?<=[。！？])")
_QUOTATION_MARKS = tuple('"“„«‹「『')
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_STRONG = _RIGHT_TO_LEFT | {"L"}
_FIRST_STRONG_ISOLATE, _POP_ISOLATE, RIGHT_TO_LEFT_MARK = "\u2068", "\u2069", "\u200f"


def clean(text: str) -> str:
    """One line of visible text: no control or direction characters, and no mention that would notify anybody."""
    return _MENTION.sub(lambda found: found[0] + _BREAK, " ".join(visible(text).split()))


def inert(text: str) -> str:
    """As ``clean``, and nothing in it that would become a link by itself."""
    return _LIVE.sub(_BREAK, clean(text))


def is_quoted(sentence: str) -> bool:
    """Whether it begins with a quotation mark of its own, so that another one would double it."""
    return sentence.startswith(_QUOTATION_MARKS)


def tidy(text: str) -> str:
    """The lines without trailing white space, and with at most one empty line between them."""
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()


def visible(text: str) -> str:
    """The visible part of a text: no control or direction characters. White space is unchanged."""
    return _UNWANTED.sub("", text)


def single_spaced(text: str) -> str:
    """The text on one line, with all white space as single spaces. Fast if it is so already, as most texts are."""
    line = text.replace("\n", " ")
    # The space is the only printable white space.
    return line.strip() if "  " not in line and line.isprintable() else " ".join(text.split())


def is_plain_address(text: str) -> bool:
    """Whether this is a web address that may be shown unchanged."""
    return _ADDRESS.fullmatch(text) is not None and _UNWANTED.search(text) is None


def shorten(text: str, limit: int) -> str:
    """The text, cut with an ellipsis if it is longer than the limit: at the end of a sentence, else of a word."""
    if len(text) <= limit:
        return text
    # Leave room for the space and the ellipsis.
    head = text[: max(limit - 2, 0)]
    ends = [end.start() for end in _SENTENCE_END.finditer(text, 0, len(head) + 1) if end.start() <= len(head)]
    if ends and ends[-1] >= limit // 3:
        return f"{head[: ends[-1]].rstrip()} …"[:limit]
    # Do not cut inside a character of several code points, nor inside a word, unless there is only one word.
    length = len(head)
    while length and _continues(text[length], head[length - 1]):
        length -= 1
    head = head[:length]
    word_end = head.rfind(" ")
    if word_end >= limit // 2:
        head = head[:word_end]
    return f"{head.rstrip()}…"[:limit]


def fit(text: str, limit: int) -> str:
    """The text. If it is longer than the limit, its first lines that fit as a whole, and an ellipsis.

    A first line that is too long by itself is shortened.
    """
    if len(text) <= limit:
        return text
    # Leave room for the line end and the ellipsis.
    head = text[: max(text.rfind("\n", 0, max(limit - 1, 0)), 0)].rstrip()
    return f"{head}\n…" if head else shorten(text.strip().partition("\n")[0], limit)


def isolate(text: str, *, rtl: bool) -> str:
    """The text wrapped so that it does not affect the order of the text around it. Unchanged if it cannot.

    One word in the other direction is enough: it would pull a following number or sign to its side.
    """
    if not rtl and text.isascii():
        return text  # most texts; all of it runs from left to right
    if not any((unicodedata.bidirectional(char) in _RIGHT_TO_LEFT) is not rtl for char in text if _is_strong(char)):
        return text
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def _is_strong(char: str) -> bool:
    """Whether the character has a writing direction of its own."""
    return unicodedata.bidirectional(char) in _STRONG


def _continues(char: str, before: str) -> bool:
    """Whether the character belongs to the one before it: an accent, a variation selector, a part of an emoji."""
    return unicodedata.combining(char) > 0 or char in "\u200d\ufe0e\ufe0f\u20e3" or before == "\u200d"


# Escapes text so that Markdown shows it literally (https://spec.commonmark.org/0.31.2/#backslash-escapes) -------------


#: Characters with a meaning anywhere in a line, in CommonMark or in the dialects of chat services.
_ANYWHERE = re.compile(r"([\\`*_{}\[\]<>~|&#])")
#: Markup at the beginning of a line: a list, a heading's underline, a number with its dot.
_AT_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")
#: Characters that would end an address, or be read as markup in it.
_IN_ADDRESS = re.compile(r"[()\\|*`\[\]{}^~<>]")


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def escaped(value: object) -> Markdown:
    """The value as text that no reader of Markdown takes for markup."""
    if isinstance(value, Markdown):
        return value
    text = _ANYWHERE.sub(r"\\\1", str(value))
    found = _AT_START.match(text)
    if found is None:
        return Markdown(text)
    sign = found[2]
    # A backslash escapes only punctuation: in a number, its dot.
    cut = found.end() if sign.isdigit() else found.start(2)
    return Markdown(f"{text[:cut]}\\{text[cut:]}")


def address(url: str) -> Markdown:
    """A web address, escaped as the destination of a link."""
    return Markdown(_IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", url))


# Addresses for reading: letters of all scripts in place of their percent-encoding (RFC 3987). Pure --------------------


_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
#: Letters, marks that belong to one, and digits. Everything else could be invisible, or seem to end the address.
_READABLE = frozenset("LMN")
_FIRST_NON_ASCII = 0x80


def readable(url: str) -> str:
    """The same address with its encoded letters and digits of other scripts than ASCII decoded.

    It leads to the same place: encoded again, it is the address that was given. What is no letter stays encoded, and so
    does the whole address if a reader's program might write its letters with other characters.
    """
    decoded = _ENCODED.sub(lambda run: _letters(bytes.fromhex(run[0].replace("%", ""))), url)
    return decoded if unicodedata.is_normalized("NFC", decoded) else url


def ascii_only(url: str) -> str:
    """The same address with everything but ASCII encoded, for programs."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def _letters(encoded: bytes) -> str:
    """The decoded text of a run of encoded bytes. Bytes that are no UTF-8, and what is no letter, stay encoded."""
    text = encoded.decode("utf-8", "surrogateescape")
    return "".join(char if _is_readable(char) else _encode(char) for char in text)


def _is_readable(char: str) -> bool:
    return ord(char) >= _FIRST_NON_ASCII and unicodedata.category(char)[0] in _READABLE


def _encode(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
