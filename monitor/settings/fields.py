"""The fields of a form: how each is filled in, and what may be wrong with it.

A field has one control or several. What stands in them is a mapping: from the part of the field to its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Parts = Mapping[str, str]


class Kind(StrEnum):
    """How a field is filled in, and its parts."""

    #: One text.
    LINE = "line"
    #: One text, and the same in other languages: "" and the codes of languages.
    TEXTS = "texts"
    #: Words with commas or line ends between them.
    WORDS = "words"
    #: One of its options.
    CHOICE = "choice"
    #: Some of its options, each a part.
    CHOICES = "choices"
    #: A box that is ticked or not.
    CHECK = "check"
    #: A day.
    DAY = "day"
    #: A period of any precision.
    PERIOD = "period"
    #: The address of a page.
    ADDRESS = "address"
    #: A number of days.
    DAYS = "days"
    #: A number of messages in an hour.
    RATE = "rate"
    #: Hours of the day: ``from`` and ``to``.
    HOURS = "hours"
    #: At once, or on days (``1`` is Monday) at a ``time``, or by ``cron``: which of them is ``how``.
    SENDING = "sending"
    #: Mail addresses (``mail``) and other channels, one in each line (``other``).
    CHANNELS = "channels"
    #: All, or some of its options; patterns and tags (``more``). ``which`` is ``all`` or ``some``.
    FOLLOWED = "followed"
    #: Rows of further fields: ``0.stage``.
    ROWS = "rows"
    #: As in the file.
    YAML = "yaml"


class Wrong(StrEnum):
    """What is wrong with a field."""

    EMPTY = "empty"
    UNDESCRIBED = "undescribed"
    EXCLUDED = "excluded"
    NO_LETTER = "no_letter"
    TAKEN = "taken"
    PERIOD = "period"
    DAY = "day"
    ADDRESS = "address"
    MAIL = "mail"
    HOURS = "hours"
    DIGEST = "digest"
    CRON = "cron"
    NUMBER = "number"
    ORDER = "order"
    ROW = "row"
    YAML = "yaml"
    #: No account is there that writes to mail addresses.
    NO_ACCOUNT = "no_account"
    #: Something else, which the check of the configuration has found.
    UNUSABLE = "unusable"


class FieldError(ValueError):
    """A field is filled in wrongly: in which way, and what the sentence about it names."""

    def __init__(self, wrong: Wrong, **values: object) -> None:
        super().__init__(wrong)
        self.wrong, self.values = wrong, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of an item."""

    key: str
    kind: Kind
    is_required: bool = False
    #: Whether few need it.
    is_rare: bool = False
    options: tuple[str, ...] = ()
    #: The options or the text that count if the key is absent.
    default: tuple[str, ...] = ()
    #: Of rows.
    columns: tuple["Field", ...] = ()
