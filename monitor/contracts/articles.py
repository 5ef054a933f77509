"""Parses articles from JSON Lines, one object a line, into core values. A bad line costs only itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo

from monitor.core.articles import EARLIEST, may_be_published
from monitor.core.identity import article_key, canonical_url
from monitor.core.model import Article, Entry
from monitor.core.periods import Period
from monitor.errors import InputError

#: (text, language that the line states) → its language.
Detect = Callable[[str, str | None], str | None]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenArticle:
    """An article given on the command line."""

    #: The id that the line gives it.
    id: str
    #: Where it was given, for messages: ``articles.jsonl:3``.
    place: str
    article: Article
    #: The instant at which it counts as published: the first of a coarse date. Aware, UTC. None if it has no date.
    published_at: datetime | None


def parse_articles(
    lines: Iterable[bytes], *, name: str, detect: Detect, timezone: tzinfo, now: datetime
) -> Iterator[GivenArticle | InputError]:
    """Yield the article of each line, or what is wrong with the line, in order. Empty lines are skipped.

    Args:
        lines: the file, as bytes.
        name: the file's name, for error messages.
        detect: detects the language of a text.
        timezone: decides the day of publication.
        now: the present instant, for rejecting impossible dates of publication.
    """
    for number, line in enumerate(lines, start=1):
        data = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if not data.strip():
            continue
        try:
            given = _ArticleLine.model_validate_json(data, context=now)
        except ValidationError as error:
            yield InputError(f"{name}:{number}: {reasons(error)}")
        else:
            yield _given(given, f"{name}:{number}", detect, timezone)


# ---------------------------------------------------------------- one line


def _is_published(text: str, info: ValidationInfo[datetime]) -> str:
    try:
        _, at = _published(text, UTC)
        is_credible = may_be_published(at, info.context)
    except (ValueError, OverflowError):
        is_credible = False
    if not is_credible:
        raise ValueError(
            f"invalid date of publication '{text[:40]}'; write YYYY, YYYY-MM, YYYY-MM-DD or a date-time like "
            f"2025-03-02T10:00:00Z, between {EARLIEST.year} and ten years from now, or null"
        )
    return text


class _ArticleLine(BaseModel):
    """The fields of a line. Others are ignored, so that files with more fields can be read."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: Annotated[str, Field(min_length=1)]
    title: str
    text: str
    url: str | None = None
    published: Annotated[str, AfterValidator(_is_published)] | None = None
    lang: str | None = None
    outlet: str | None = None


def _given(line: _ArticleLine, place: str, detect: Detect, timezone: tzinfo) -> GivenArticle:
    period, published_at = _published(line.published, timezone) if line.published else (None, None)
    url = canonical_url(line.url) if line.url else None
    entry = Entry(guid=None, url=url, title=line.title, text=line.text, published_at=published_at)
    article = Article(
        key=article_key(entry, feed=""),
        url=url,
        title=line.title,
        text=line.text,
        published=period,
        language=detect(f"{line.title}\n{line.text}", line.lang),
        outlet=line.outlet or "",
    )
    return GivenArticle(id=line.id, place=place, article=article, published_at=published_at)


def _published(text: str, timezone: tzinfo) -> tuple[Period, datetime]:
    """Parse a period, or a date-time as its day, with the first instant. Without an offset it is in ``timezone``.

    Raises:
        ValueError: it is neither.
        OverflowError: the instant is outside the calendar of this zone.
    """
    try:
        period = Period.parse(text)
    except ValueError:
        at = datetime.fromisoformat(text)
        local = at.astimezone(timezone) if at.tzinfo else at.replace(tzinfo=timezone)
        return Period.day(local.date()), local.astimezone(UTC)
    return period, period.since


def reasons(error: ValidationError) -> str:
    """Describe what is wrong with the line, on one line, without quoting the line."""
    told = []
    for detail in error.errors(include_url=False, include_input=False, include_context=True):
        key = ".".join(map(str, detail["loc"]))
        match detail["type"]:
            case "missing":
                reason = "is missing"
            case "json_invalid":
                reason = f"not JSON: {detail['ctx']['error']}"
            case "model_type":
                reason = "not a JSON object"
            case _:
                reason = detail["msg"].removeprefix("Value error, ")
        told.append(f"{key}: {reason}" if key else reason)
    return "; ".join(told)
