"""The files as pydantic models: what each key is, its default, its bounds. The JSON Schemas are made from them too."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

from monitor.core.model import State
from monitor.core.news import ChangeType, Subscriber
from monitor.core.state import Confidence
from monitor.settings.scalars import (
    Cron,
    CSSSelector,
    Database,
    Date,
    Day,
    Duration,
    EndpointAddress,
    FeedAddress,
    Identifier,
    Language,
    Moment,
    Name,
    Network,
    PublicAddress,
    QuietHours,
    Rate,
    ReaderName,
    Size,
    Text,
    TimeZone,
    WebAddress,
    Word,
    between,
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


# A list whose items are all commented out.
_ABSENT_IS_EMPTY = BeforeValidator(lambda value: [] if value is None else value)


class _OneIsSeveral:
    """A list of which a single item may be written without brackets."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, written: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        several = handler(written)
        return {"anyOf": [several["items"], several]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


_ONE_IS_SEVERAL = _OneIsSeveral()


# ---------------------------------------------------------------- monitor.yaml


class PollingSettings(_Strict):
    """How often feeds are asked."""

    every: Annotated[Duration, between("1s", "30d")] = Field(
        default=timedelta(minutes=30), description="Interval of a feed of which nothing is known yet."
    )
    fastest: Annotated[Duration, between("1s", "30d")] = Field(
        default=timedelta(minutes=5), description="No feed is asked more often than this."
    )
    slowest: Annotated[Duration, between("1s", "30d")] = Field(
        default=timedelta(hours=24), description="Every feed is asked at least this often."
    )
    requests_per_minute: int = Field(
        default=60, ge=1, le=6_000, description="Budget of requests to all hosts together."
    )
    per_host: int = Field(default=2, ge=1, le=32, description="Requests under way to one site at a time.")
    spacing: Annotated[Duration, between("0s", "60s")] = Field(
        default=timedelta(seconds=1), description="Between the beginnings of two requests to one site."
    )


class FetchSettings(_Strict):
    """What one request may cost, and where it may go."""

    timeout: Annotated[Duration, between("1s", "5m")] = Field(
        default=timedelta(seconds=30), description="For a whole request, redirects and body included."
    )
    max_bytes: Size = Field(default=5_000_000, description="Of one document, decompressed.")
    contact: Text | None = Field(
        default=None, description="Address told to the sources in the User-Agent.", examples=["ops@example.org"]
    )
    allow_private: list[Network] = Field(
        default=[],
        description="Networks that are not public and may be reached all the same.",
        examples=[["127.0.0.0/8"]],
    )


class WeighingSettings(_Strict):
    """How much it takes for the ledger to believe: docs/ledger.md."""

    confirming: float = Field(
        default=1.0, gt=0, le=100, description="Trust of independent sources that adds up to this confirms."
    )
    credible: float = Field(
        default=0.5, gt=0, le=100, description="A contradiction of this weight makes something disputed."
    )
    half_life: Annotated[Duration, between("1d", "3650d")] = Field(
        default=timedelta(days=90),
        description="An expectation that nobody repeats weighs half as much after this time.",
    )
    quiet_after: Annotated[Duration, between("1d", "3650d")] = Field(
        default=timedelta(days=180), description="A project of which nothing is heard for so long is quiet."
    )


class WebSettings(_Strict):
    """Where the service answers on the web."""

    host: Text = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for all.")
    port: int = Field(default=8080, ge=0, le=65_535, description="Port to listen on; 0 for any free one.")
    public: PublicAddress | None = Field(
        default=None,
        description="Where the world reaches it, as the reverse proxy has it; what needs to be reached is off without.",
        examples=["https://monitor.example.org"],
    )


class BudgetSettings(_Strict):
    """What may be spent on doubtful claims; what is beyond it stays as it was read."""

    requests_per_day: int = Field(default=200, ge=0, le=1_000_000, description="Questions in a day, in UTC.")
    tokens_per_day: int = Field(
        default=500_000, ge=0, le=10_000_000_000, description="Tokens of questions and answers in a day, in UTC."
    )
    requests_per_article: int = Field(default=3, ge=0, le=100, description="Questions about one article, ever.")
    tokens_per_article: int = Field(
        default=20_000, ge=0, le=10_000_000, description="Tokens of the questions about one article and their answers."
    )


class LanguageModelSettings(_Strict):
    """A language model that settles doubtful claims, at an OpenAI-compatible endpoint with structured output."""

    endpoint: EndpointAddress = Field(
        description="Base address of the protocol; may be of this machine or network.",
        examples=["http://localhost:11434/v1"],
    )
    model: Text = Field(description="Name of the model at the endpoint.")
    api_key: Text | None = Field(
        default=None, description="Sent as bearer token; keep it out of the file.", examples=["${LLM_API_KEY}"]
    )
    below: float = Field(default=0.7, ge=0, le=1, description="Claims of less confidence are doubtful.")
    timeout: Annotated[Duration, between("1s", "5m")] = Field(
        default=timedelta(seconds=30), description="For one whole question."
    )
    answers: Text = Field(
        default="data/answers.db",
        description="File that keeps the answers and what was spent; a relative path starts beside this folder.",
    )
    budget: BudgetSettings = Field(default_factory=BudgetSettings)


class ReaderSettings(_Strict):
    """How articles are read."""

    use: ReaderName | None = Field(
        default=None,
        description="A reader of your own in place of the built-in one: package.module:Name.",
        examples=["our_readers.rail:RailReader"],
    )
    llm: LanguageModelSettings | None = Field(
        default=None, description="Has doubtful claims settled by a language model; off when absent."
    )


class RetentionSettings(_Strict):
    """How long what could be had again is kept."""

    texts: Annotated[Duration, between("1d", "36500d")] | None = Field(
        default=None,
        description="Texts of articles, from when they came; for ever when absent. What was read in them stays.",
        examples=["365d"],
    )


class OperatorSettings(_Strict):
    """Who is told what ails the monitor itself."""

    to: Annotated[list[Text], _ONE_IS_SEVERAL] = Field(
        min_length=1,
        description="Apprise addresses; one of them having it is enough. Best another service than the subscribers'.",
        examples=[["mailto://${SMTP_USER}:${SMTP_PASSWORD}@example.org?to=ops@example.org"]],
    )


class MonitorFile(_Strict):
    """monitor.yaml: the settings of the service. Every key is optional."""

    database: Database = Field(
        default="sqlite:///data/monitor.db",
        description="SQLAlchemy address; a relative SQLite path starts beside the configuration folder.",
        examples=["postgresql+psycopg://monitor:${file:/run/secrets/database}@localhost/monitor"],
    )
    timezone: TimeZone = Field(
        default="UTC", description="IANA time zone of dates and digests.", examples=["Africa/Casablanca"]
    )
    lifecycle: Text = Field(default="industrial", description="Lifecycle of projects that name none.")
    polling: PollingSettings = Field(default_factory=PollingSettings)
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    alert_horizon: Annotated[Duration, between("1h", "365d")] = Field(
        default=timedelta(days=7), description="Older news is history, not news: it alerts nobody."
    )
    weighing: WeighingSettings = Field(default_factory=WeighingSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    web: WebSettings = Field(default_factory=WebSettings)
    reader: ReaderSettings = Field(default_factory=ReaderSettings)
    operator: OperatorSettings | None = Field(
        default=None, description="Who is told of feeds that fail, a full disk and the like; nobody when absent."
    )


# ---------------------------------------------------------------- lifecycles.yaml


class LifecyclesFile(_Strict):
    """lifecycles.yaml: further lifecycles, each the ordered list of its stages."""

    lifecycles: dict[Identifier, list[Identifier]] = Field(
        default={},
        description="Name → stages in their order.",
        examples=[{"railway": ["announced", "financed", "construction"]}],
    )


# ---------------------------------------------------------------- feeds.yaml


class PageSettings(_Strict):
    """Where the entries of a page that has no feed stand: CSS selectors, all but item within the item."""

    item: CSSSelector = Field(description="Each entry, whole.", examples=["article.news"])
    title: CSSSelector | None = Field(
        default=None, description="Its title; the words of its link when absent.", examples=["h2"]
    )
    link: CSSSelector | None = Field(
        default=None, description="Its link; the first one in it when absent.", examples=["h2 a"]
    )
    date: CSSSelector | None = Field(
        default=None, description="Its date, for machines or in words; none when absent.", examples=["time"]
    )
    text: CSSSelector | None = Field(
        default=None, description="What it says in short; nothing when absent.", examples=[".teaser"]
    )


class FeedSettings(_Strict):
    """An address that is polled."""

    url: FeedAddress = Field(
        description="Feed, sitemap or page; file:NAME for a file of this folder.",
        examples=["https://example.org/feed.xml"],
    )
    name: Text | None = Field(default=None, description="As shown to people; the host when absent.")
    trust: float = Field(default=0.5, ge=0, le=1, description="1.0 official source, 0.5 press, 0.3 aggregator.")
    language: Language | None = Field(default=None, description="ISO 639 code of its articles; detected when absent.")
    every: Annotated[Duration, between("1s", "30d")] | None = Field(
        default=None, description="Fixed interval; adaptive when absent."
    )
    page: PageSettings | None = Field(
        default=None, description="Watches a page that has no feed; the address is a feed when absent."
    )


class FeedsFile(_Strict):
    """feeds.yaml: what is polled."""

    feeds: Annotated[list[FeedSettings], _ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )


# ---------------------------------------------------------------- projects.yaml


class KnownSettings(_Strict):
    """A milestone that was known before monitoring started."""

    stage: Text = Field(description="A stage of the project's lifecycle, or a condition.")
    state: State = Field(default=State.REACHED, description="reached, or expected where it is still to come.")
    date: Date | None = Field(
        default=None, description="As precise as it is known: 2024, 2024-H1, 2024-Q3, 2024-03, 2024-03-29."
    )
    source: WebAddress | None = Field(default=None, description="Address of the page that says so.")


class PhaseSettings(_Strict):
    """A part of a project that is built by itself."""

    name: Text = Field(description="As shown to people; unique within the project.", examples=["First 25,000 t"])
    words: list[Word] = Field(
        min_length=1,
        description="How the press names it; a sentence with one of them speaks of this phase.",
        examples=[["first phase", "première phase", "المرحلة الأولى", "一期"]],
    )


class ProjectSettings(_Strict):
    """Something built over years, described by who, what and where."""

    id: Identifier = Field(description="Small letters, digits and '-'; never changed later.", examples=["btr-cathode"])
    name: Name = Field(description="A text, or one per language: {en: …, fr: …}.")
    who: list[Word] = Field(default=[], description="Companies and people, in every spelling and script.")
    what: list[Word] = Field(default=[], description="What is built; tells siblings of one company apart.")
    where: list[Word] = Field(default=[], description="Places, from the site to the country.")
    not_: list[Word] = Field(
        default=[], alias="not", description="Words that show that a text speaks of something else."
    )
    lifecycle: Text | None = Field(default=None, description="Name of its lifecycle; that of monitor.yaml when absent.")
    known: list[KnownSettings] = Field(default=[], description="What is known before monitoring starts.")
    tags: list[Identifier] = Field(
        default=[], description="What subscribers may follow many projects by: tag:battery.", examples=[["battery"]]
    )
    phases: list[PhaseSettings] = Field(default=[], description="In the order in which they are to be built.")
    quiet_after: Annotated[Duration, between("1d", "3650d")] | None = Field(
        default=None, description="How long without news is a silence; weighing.quiet_after when absent."
    )


class ProjectsFile(_Strict):
    """projects.yaml: what is watched."""

    projects: list[ProjectSettings] = Field(min_length=1, description="At least one.")


# ---------------------------------------------------------------- subscribers.yaml


class DigestSettings(_Strict):
    """When the digest is sent."""

    digest: Cron = Field(description="Cron expression in the subscriber's time zone.", examples=["0 8 * * 1-5"])


def _now_or_digest(value: Any) -> Any:  # noqa: ANN401 - whatever was written there
    if value == "now":
        return None
    if isinstance(value, dict):
        return value
    raise ValueError('must be now, or {digest: "0 8 * * 1-5"}')


_DIGEST_SCHEMA: JsonDict = {
    "type": "object",
    "properties": {"digest": {"type": "string", "examples": ["0 8 * * 1-5"]}},
    "required": ["digest"],
    "additionalProperties": False,
}


class OrderSettings(_Strict):
    """An address, and those that stand in for it when it does not take a message in time."""

    first: Text = Field(description="Address that is tried first.", examples=["slack://${file:/run/secrets/slack}"])
    else_: Annotated[list[Text], _ONE_IS_SEVERAL] = Field(
        alias="else", min_length=1, description="Address that is sent to instead; several are, one after another."
    )
    after: Annotated[Duration, between("1m", "7d")] = Field(
        default=timedelta(minutes=15), description="How long each has before the next one is sent to."
    )


class MuteSettings(_Strict):
    """What is held for some time, and told then."""

    until: Moment = Field(description="Day, or day and time, at which it is told again, by the subscriber's clock.")
    projects: list[Text] = Field(
        default=["*"], min_length=1, description="Project ids, patterns of them, or tags: tag:battery; all when absent."
    )


class AwaySettings(_Strict):
    """Days on which nothing is told; it is held, and told afterwards."""

    from_: Day = Field(alias="from", description="First day away.")
    to: Day = Field(description="Last day away.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise ValueError("ends before it begins; write the first day under from, the last one under to")
        return self


# pydantic names the alternative in the place of an error; what stands in brackets is left out of it again.
_ADDRESS, _ORDER = "[address]", "[order]"
To = Annotated[
    Annotated[Text, Tag(_ADDRESS)] | Annotated[OrderSettings, Tag(_ORDER)],
    Discriminator(lambda value: _ORDER if isinstance(value, dict | OrderSettings) else _ADDRESS),
]
_USUAL_CHANGES = sorted(Subscriber(name="", to=()).changes)


class SubscriberSettings(_Strict):
    """Who wants which changes, where, when and in which language."""

    name: Text = Field(description="Unique; deliveries are recorded under it.")
    to: list[To] = Field(
        min_length=1,
        description="Apprise addresses, or console://; all are sent to. {first: …, else: …, after: 15m} is an order.",
        examples=[["mailto://${SMTP_USER}:${SMTP_PASSWORD}@example.org?to=desk@example.org"]],
    )
    projects: list[Text] = Field(
        default=["*"], min_length=1, description="Project ids, patterns of them (btr-*), or tags (tag:battery)."
    )
    changes: list[ChangeType] = Field(
        default=_USUAL_CHANGES,
        min_length=1,
        description="All but fact and quiet when absent.",
    )
    stages: list[Text] | None = Field(
        default=None,
        min_length=1,
        description="Stages and conditions; changes of others are not told, those of none are. All when absent.",
        examples=[["construction", "operating", "suspended"]],
    )
    confidence: Confidence = Field(
        default=Confidence.REPORTED, description="confirmed waits for an official or a second source."
    )
    language: Language = Field(default="en", description="ISO 639 code of the messages.")
    send: Annotated[
        DigestSettings | None,
        BeforeValidator(_now_or_digest),
        WithJsonSchema({"anyOf": [{"const": "now"}, _DIGEST_SCHEMA]}),
    ] = Field(default=None, description="now, or {digest: cron expression}.")
    quiet_hours: QuietHours | None = Field(
        default=None, description="Local hours in which nothing is sent: 22:00-07:00."
    )
    mute: Annotated[list[MuteSettings], _ONE_IS_SEVERAL] = Field(
        default=[],
        description="What is held until a day, one or several.",
        examples=[{"until": "2026-12-01", "projects": ["btr-anode"]}],
    )
    away: Annotated[list[AwaySettings], _ONE_IS_SEVERAL] = Field(
        default=[],
        description="Days on which all is held, once or several times.",
        examples=[{"from": "2026-12-20", "to": "2027-01-03"}],
    )
    at_most: Rate = Field(
        default=20, description="Messages in an hour; more changes than half of that in ten minutes go as one message."
    )
    timezone: TimeZone | None = Field(default=None, description="IANA time zone; that of monitor.yaml when absent.")


class SubscribersFile(_Strict):
    """subscribers.yaml: who is told."""

    subscribers: Annotated[list[SubscriberSettings], _ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )
