"""The files as pydantic models: each key with its default and limits. The JSON Schemas are made from them too."""

from datetime import timedelta
from typing import Annotated, Any, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

from monitor.core.access import Role
from monitor.core.folding.weighing import ALERT_FROM
from monitor.core.model import State
from monitor.core.news import ChangeType, Subscriber
from monitor.core.searches import ENGINES
from monitor.core.state import Confidence
from monitor.settings.scalars import (
    Claims,
    Cron,
    CSSSelector,
    Database,
    Date,
    Day,
    Duration,
    EndpointAddress,
    FeedAddress,
    Identifier,
    IssuerAddress,
    Language,
    Moment,
    Name,
    Network,
    OneClaim,
    PublicAddress,
    QuietHours,
    Rate,
    ReaderName,
    SearchTemplate,
    Size,
    Text,
    TimeZone,
    Tongue,
    WebAddress,
    Word,
    between,
)

# The base of all models -----------------------------------------------------------------------------------------------


#: The most words in a list of words that are looked for in texts.
MOST_WORDS = 500

#: The context of a validation that keeps what is valid of a wrong mapping, so that it can be checked too.
PARTLY = "partly"
_WITH_EMPTY = (str, list, dict)


class Strict(BaseModel):
    """A model that refuses keys which it does not know.

    Validated with the context ``PARTLY``, it leaves them out. A wrong value then counts as its default, and a wrong or
    missing one without default as empty: "", [] or {}. Only where nothing is empty, as for a date, it is an error.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        # Build only the validators that are used: those of whole files.
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _with_each_key(cls, value: object, info: ValidationInfo) -> object:
        if info.context is not PARTLY or not isinstance(value, dict):
            return value
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        return {key: value.get(key) for key, field in fields.items() if key in value or field.is_required()}

    @field_validator("*", mode="wrap")
    @classmethod
    def _or_empty(cls, value: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
        if info.context is not PARTLY:
            return check(value)
        try:
            return check(value)
        except ValidationError:
            field = cls.model_fields[info.field_name or ""]
            if not field.is_required():
                return field.get_default()
            kind = get_origin(field.annotation) or field.annotation
            if kind in _WITH_EMPTY:
                return kind()
            raise


# A list whose items are all commented out counts as empty.
ABSENT_IS_EMPTY = BeforeValidator(lambda value: [] if value is None else value)


class _OneIsSeveral:
    """A list. A single item may be written without brackets."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, written: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        several = handler(written)
        return {"anyOf": [several["items"], several]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


ONE_IS_SEVERAL = _OneIsSeveral()


# ``feeds.yaml``: the polled feeds -------------------------------------------------------------------------------------


class PageSettings(Strict):
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


class FeedSettings(Strict):
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
    paused: bool = Field(default=False, description="true: it stays in the file and is not asked.")


class SearchSettings(Strict):
    """A subject that news searches look for. Each query in each engine is a feed."""

    name: Text = Field(description="Its feeds are called by it: Google News, NAME (fr).", examples=["BTR"])
    queries: dict[Tongue, Text] = Field(
        min_length=1,
        max_length=100,
        description="Language, with a country where the press of another than the main one is meant → the words, as "
        "one types them into the engine.",
        examples=[{"fr-MA": '"BTR" (Tanger OR Maroc) (cathodes OR anodes)', "zh": "贝特瑞 摩洛哥"}],
    )
    engines: Annotated[list[Text], ONE_IS_SEVERAL] = Field(
        default=[], min_length=1, description="Engines that are asked; all when absent.", examples=[["google"]]
    )
    trust: float = Field(default=0.3, ge=0, le=1, description="Of what it finds at outlets that have no feed here.")
    every: Annotated[Duration, between("1s", "30d")] | None = Field(
        default=None, description="Fixed interval; adaptive when absent."
    )
    projects: Annotated[list[Identifier], ONE_IS_SEVERAL] = Field(
        default=[], description="Ids of the projects that it is for. It goes when the last of them is removed."
    )


class FeedsFile(Strict):
    """feeds.yaml: what is polled."""

    feeds: Annotated[list[FeedSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )
    searches: Annotated[list[SearchSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="News searches, in any order.", json_schema_extra={"type": ["array", "null"]}
    )
    engines: dict[Identifier, SearchTemplate] = Field(
        default={},
        max_length=20,
        description=f"Templates of addresses by engine, beside {' and '.join(ENGINES)} or in their place.",
        examples=[{"searx": "https://searx.example.org/search?q={query}&format=rss&language={language}-{country}"}],
    )


# ``lifecycles.yaml``: additional lifecycles ---------------------------------------------------------------------------


class LifecyclesFile(Strict):
    """lifecycles.yaml: further lifecycles, each the ordered list of its stages."""

    lifecycles: dict[Identifier, Annotated[list[Identifier], Field(max_length=100)]] = Field(
        default={},
        max_length=100,
        description="Name → stages in their order.",
        examples=[{"railway": ["announced", "financed", "construction"]}],
    )
    like: dict[Identifier, Identifier] = Field(
        default={},
        max_length=100,
        description="Stage of a further lifecycle → the stage of industrial that is told by the same words.",
        examples=[{"financed": "approved"}],
    )


# ``monitor.yaml``: the settings of the service ------------------------------------------------------------------------


class PollingSettings(Strict):
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


class FetchSettings(Strict):
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


class WorkerSettings(Strict):
    """The processes that read what was fetched. A document that takes more than this is given up for a day."""

    processes: int = Field(default=1, ge=1, le=64, description="Kept; a few more come while documents take long.")
    time: Annotated[Duration, between("1s", "10m")] = Field(
        default=timedelta(seconds=30),
        description="Time of the processor that reading one document may take; five times that by the clock.",
    )
    memory: Size = Field(
        default=700_000_000,
        ge=250_000_000,
        description="The most that one process may hold, vocabularies included.",
    )


class WeighingSettings(Strict):
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


class OidcSettings(Strict):
    """A provider of the organisation, where people log in (OpenID Connect)."""

    issuer: IssuerAddress = Field(
        description="Address of the provider, exactly as it names itself.", examples=["https://login.example.org"]
    )
    client_id: Text = Field(description="The id that the provider has given to this monitor.")
    client_secret: Text | None = Field(
        default=None, description="The secret that belongs to it; keep it out of the file.", examples=["${OIDC_SECRET}"]
    )
    allow: dict[Text, Role] = Field(
        min_length=1,
        max_length=10_000,
        description="Who may come in, and their role: an e-mail address that the provider has verified, or a subject.",
        examples=[{"ada@example.org": "admin"}],
    )


class SubscribeSettings(Strict):
    """People subscribe alone, on a page, and confirm by mail."""

    from_: Text = Field(
        alias="from",
        description="Apprise address of the mail account that writes to them.",
        examples=["mailto://${SMTP_USER}:${SMTP_PASSWORD}@example.org"],
    )
    domains: Annotated[list[Text], ONE_IS_SEVERAL] = Field(
        min_length=1,
        max_length=100,
        description="Domains of their mail addresses; * for all.",
        examples=[["example.org"]],
    )
    projects: Annotated[list[Text], ONE_IS_SEVERAL] = Field(
        default=["*"],
        min_length=1,
        max_length=1_000,
        description="Project ids, patterns of them, or tags, that they may follow; all when absent.",
    )


class WebSettings(Strict):
    """Where the service answers on the web."""

    host: Text = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for all.")
    port: int = Field(default=8080, ge=0, le=65_535, description="Port to listen on; 0 for any free one.")
    public: PublicAddress | None = Field(
        default=None,
        description="Where the world reaches it, as the reverse proxy has it; what needs to be reached is off without.",
        examples=["https://monitor.example.org"],
    )
    oidc: OidcSettings | None = Field(
        default=None, description="Where people may log in besides with a password of their own; off when absent."
    )
    subscribe: SubscribeSettings | None = Field(
        default=None, description="Who may subscribe alone; needs public. Nobody when absent."
    )


class BudgetSettings(Strict):
    """What may be spent on a language model; the fallback reads what is beyond it."""

    requests_per_day: int = Field(default=500, ge=0, le=1_000_000, description="Questions in a day, in UTC.")
    tokens_per_day: int = Field(
        default=2_000_000, ge=0, le=10_000_000_000, description="Tokens of questions and answers in a day, in UTC."
    )
    requests_per_article: int = Field(
        default=3, ge=0, le=100, description="Questions about one article that were answered, ever."
    )
    tokens_per_article: int = Field(
        default=60_000, ge=0, le=10_000_000, description="Tokens of the questions about one article and their answers."
    )


class LanguageModelSettings(Strict):
    """A language model that reads whole articles, at an OpenAI-compatible endpoint with structured output."""

    endpoint: EndpointAddress = Field(
        description="Base address of the protocol; may be of this machine or network.",
        examples=["http://localhost:11434/v1"],
    )
    model: Text = Field(description="Name of the model at the endpoint.")
    api_key: Text | None = Field(
        default=None, description="Sent as bearer token; keep it out of the file.", examples=["${LLM_API_KEY}"]
    )
    below: float | None = Field(default=None, ge=0, le=1, description="Has no effect any more.")
    fallback: ReaderName | None = Field(
        default=None,
        description="Reads beside the model, and in its place where it is silent; the default reader when absent.",
        examples=["trained"],
    )
    timeout: Annotated[Duration, between("1s", "5m")] = Field(
        default=timedelta(seconds=60), description="For one whole question."
    )
    answers: Text = Field(
        default="data/answers.db",
        description="File that keeps the answers and what was spent; a relative path starts beside this folder.",
    )
    budget: BudgetSettings = Field(default_factory=BudgetSettings)


class ReaderSettings(Strict):
    """How articles are read."""

    use: ReaderName | None = Field(
        default=None,
        description="What reads: trained, llm, or a reader of your own, package.module:Name. Where it is absent "
        "llm, if that is there, else trained.",
        examples=["trained", "llm", "our_readers.rail:RailReader"],
    )
    weights: Text | None = Field(
        default=None,
        description="Folder of the trained reader's weights; a relative one starts beside the configuration folder.",
        examples=["weights"],
    )
    llm: LanguageModelSettings | None = Field(
        default=None, description="The language model that reads where use is llm; off when absent."
    )


class RetentionSettings(Strict):
    """How long what could be had again is kept."""

    texts: Annotated[Duration, between("1d", "36500d")] | None = Field(
        default=None,
        description="Texts of articles, from when they came; for ever when absent. What was read in them stays.",
        examples=["365d"],
    )


class OperatorSettings(Strict):
    """Who is told what ails the monitor itself."""

    to: Annotated[list[Text], ONE_IS_SEVERAL] = Field(
        min_length=1,
        description="Apprise addresses; one of them having it is enough. Best another service than the subscribers'.",
        examples=[["mailto://${SMTP_USER}:${SMTP_PASSWORD}@example.org?to=ops@example.org"]],
    )


class MonitorFile(Strict):
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
    workers: WorkerSettings = Field(default_factory=WorkerSettings)
    alert_horizon: Annotated[Duration, between("1h", "365d")] = Field(
        default=timedelta(days=7), description="Older news is history, not news: it alerts nobody."
    )
    alert_from: float = Field(
        default=ALERT_FROM,
        ge=0,
        le=1,
        description="What is read less surely moves nothing until other sources or an operator bear it out.",
    )
    weighing: WeighingSettings = Field(default_factory=WeighingSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    web: WebSettings = Field(default_factory=WebSettings)
    reader: ReaderSettings = Field(default_factory=ReaderSettings)
    mail: Text | None = Field(
        default=None,
        description="Apprise address of the mail account that writes to the mail addresses of subscribers; that of "
        "web.subscribe when absent.",
        examples=["mailtos://${SMTP_USER}:${SMTP_PASSWORD}@example.org"],
    )
    operator: OperatorSettings | None = Field(
        default=None, description="Who is told of feeds that fail, a full disk and the like; nobody when absent."
    )


# ``projects.yaml``: the watched projects ------------------------------------------------------------------------------


class KnownSettings(Strict):
    """A milestone that was known before monitoring started."""

    stage: Text = Field(description="A stage of the project's lifecycle, or a condition.")
    state: State = Field(default=State.REACHED, description="reached, or expected where it is still to come.")
    date: Date | None = Field(
        default=None, description="As precise as it is known: 2024, 2024-H1, 2024-Q3, 2024-03, 2024-03-29."
    )
    source: WebAddress | None = Field(default=None, description="Address of the page that says so.")
    said: Date | None = Field(
        default=None, description="When that page said so. Views of the past show the milestone from then on."
    )
    official: bool = Field(
        default=False, description="Whether that page is an official source, which confirms the milestone by itself."
    )


class PhaseSettings(Strict):
    """A part of a project that is built by itself."""

    name: Text = Field(description="As shown to people; unique within the project.", examples=["First 25,000 t"])
    words: list[Word] = Field(
        min_length=1,
        max_length=MOST_WORDS,
        description="How the press names it; a sentence with one of them speaks of this phase.",
        examples=[["first phase", "première phase", "المرحلة الأولى", "一期"]],
    )


class ProjectSettings(Strict):
    """Something built over years, described by who, what and where."""

    id: Identifier = Field(description="Small letters, digits and '-'; never changed later.", examples=["btr-cathode"])
    name: Name = Field(description="A text, or one per language: {en: …, fr: …}.")
    who: list[Word] = Field(
        default=[], max_length=MOST_WORDS, description="Companies and people, in every spelling and script."
    )
    what: list[Word] = Field(
        default=[], max_length=MOST_WORDS, description="What is built; tells siblings of one company apart."
    )
    where: list[Word] = Field(default=[], max_length=MOST_WORDS, description="Places, from the site to the country.")
    not_: list[Word] = Field(
        default=[],
        alias="not",
        max_length=MOST_WORDS,
        description="Words that show that a text speaks of something else.",
    )
    lifecycle: Text | None = Field(default=None, description="Name of its lifecycle; that of monitor.yaml when absent.")
    known: list[KnownSettings] = Field(
        default=[], max_length=100, description="What is known before monitoring starts."
    )
    tags: list[Identifier] = Field(
        default=[],
        max_length=100,
        description="What subscribers may follow many projects by: tag:battery.",
        examples=[["battery"]],
    )
    phases: list[PhaseSettings] = Field(
        default=[], max_length=100, description="In the order in which they are to be built."
    )
    quiet_after: Annotated[Duration, between("1d", "3650d")] | None = Field(
        default=None, description="How long without news makes it quiet; weighing.quiet_after when absent."
    )


class ProjectsFile(Strict):
    """projects.yaml: what is watched."""

    projects: Annotated[list[ProjectSettings], ABSENT_IS_EMPTY] = Field(
        description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )


# ``reading.yaml``: the phrases by which the operator overrules the reader ---------------------------------------------


class PhraseExampleSettings(Strict):
    """A sentence that proves the phrase."""

    text: Text = Field(description="The sentence.", examples=["Acme a donné le premier coup de pioche de son usine."])
    claims: list[OneClaim] = Field(
        description="What it says, each as a stage and a state; [] for nothing.", examples=[["construction reached"]]
    )


class PhraseSettings(Strict):
    """Words that always or never mean a claim."""

    language: Language = Field(description="ISO 639 code of the articles that the words are looked for in.")
    words: list[Word] = Field(
        min_length=1,
        max_length=MOST_WORDS,
        description="Any of them; matched whole, whatever their case and accents.",
        examples=[["premier coup de pioche"]],
    )
    always: OneClaim | None = Field(
        default=None, description="The stage or condition, and its state, that a sentence with the words tells."
    )
    never: Claims | None = Field(
        default=None,
        description="The stage or condition that a sentence with the words does not tell; with a state, or in any.",
    )
    projects: list[Text] = Field(
        default=["*"],
        min_length=1,
        description="Project ids, patterns of them (btr-*), or tags (tag:battery); all when absent.",
    )
    examples: list[PhraseExampleSettings] = Field(
        min_length=1,
        max_length=100,
        description="At least one sentence with the words, and what it says; monitor check proves them.",
    )

    @property
    def meant(self) -> tuple[str, tuple[State, ...]]:
        """The stage or condition, and the states, that the words always or never mean."""
        meant = self.always or self.never
        assert meant is not None, "one of them is there"
        return meant


class ReadingFile(Strict):
    """reading.yaml: what the operator knows better than the reader."""

    phrases: Annotated[list[PhraseSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )


# ``subscribers.yaml``: who receives which changes ---------------------------------------------------------------------


class DigestSettings(Strict):
    """When the digest is sent."""

    digest: Cron = Field(description="Cron expression in the subscriber's time zone.", examples=["0 8 * * 1-5"])


def _now_or_digest(value: Any) -> Any:  # noqa: ANN401 - any YAML value
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


class OrderSettings(Strict):
    """An address, and those that stand in for it when it does not take a message in time."""

    first: Text = Field(description="Address that is tried first.", examples=["slack://${file:/run/secrets/slack}"])
    else_: Annotated[list[Text], ONE_IS_SEVERAL] = Field(
        alias="else", min_length=1, description="Address that is sent to instead; several are, one after another."
    )
    after: Annotated[Duration, between("1m", "7d")] = Field(
        default=timedelta(minutes=15), description="How long each has before the next one is sent to."
    )


class MuteSettings(Strict):
    """What is held for some time, and told then."""

    until: Moment = Field(description="Day, or day and time, at which it is told again, by the subscriber's clock.")
    projects: list[Text] = Field(
        default=["*"], min_length=1, description="Project ids, patterns of them, or tags: tag:battery; all when absent."
    )


class AwaySettings(Strict):
    """Days on which nothing is told; it is held, and told afterwards."""

    from_: Day = Field(alias="from", description="First day away.")
    to: Day = Field(description="Last day away.")


# In the place of an error pydantic adds the name of the alternative. Names in brackets are removed again.
_ADDRESS, _ORDER = "[address]", "[order]"
To = Annotated[
    Annotated[Text, Tag(_ADDRESS)] | Annotated[OrderSettings, Tag(_ORDER)],
    Discriminator(lambda value: _ORDER if isinstance(value, dict | OrderSettings) else _ADDRESS),
]
_USUAL_CHANGES = sorted(Subscriber(name="", to=()).changes)


class SubscriberSettings(Strict):
    """Who wants which changes, where, when and in which language."""

    name: Text = Field(description="Unique; deliveries are recorded under it.")
    to: list[To] = Field(
        min_length=1,
        max_length=100,
        description="Mail addresses, Apprise addresses, or console://; all are sent to. "
        "{first: …, else: …, after: 15m} is an order.",
        examples=[["mailto://${SMTP_USER}:${SMTP_PASSWORD}@example.org?to=desk@example.org"]],
    )
    projects: list[Text] = Field(
        default=["*"],
        min_length=1,
        max_length=1_000,
        description="Project ids, patterns of them (btr-*), or tags (tag:battery).",
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
    language: Tongue = Field(
        default="en", description="ISO 639 code of the messages; with a region (ar-MA) dates are written as there."
    )
    send: Annotated[
        DigestSettings | None,
        BeforeValidator(_now_or_digest),
        WithJsonSchema({"anyOf": [{"const": "now"}, _DIGEST_SCHEMA]}),
    ] = Field(default=None, description="now, or {digest: cron expression}.")
    quiet_hours: QuietHours | None = Field(
        default=None, description="Local hours in which nothing is sent: 22:00-07:00."
    )
    mute: Annotated[list[MuteSettings], ONE_IS_SEVERAL] = Field(
        default=[],
        max_length=100,
        description="What is held until a day, one or several.",
        examples=[{"until": "2026-12-01", "projects": ["btr-anode"]}],
    )
    away: Annotated[list[AwaySettings], ONE_IS_SEVERAL] = Field(
        default=[],
        max_length=100,
        description="Days on which all is held, once or several times.",
        examples=[{"from": "2026-12-20", "to": "2027-01-03"}],
    )
    at_most: Rate = Field(
        default=20, description="Messages in an hour; more changes than half of that in ten minutes go as one message."
    )
    timezone: TimeZone | None = Field(default=None, description="IANA time zone; that of monitor.yaml when absent.")


class SubscribersFile(Strict):
    """subscribers.yaml: who is told."""

    subscribers: Annotated[list[SubscriberSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )


__all__ = [
    "DigestSettings",
    "FeedSettings",
    "FeedsFile",
    "FetchSettings",
    "KnownSettings",
    "LanguageModelSettings",
    "LifecyclesFile",
    "MonitorFile",
    "OrderSettings",
    "PhraseExampleSettings",
    "PhraseSettings",
    "PollingSettings",
    "ProjectSettings",
    "ProjectsFile",
    "ReaderSettings",
    "ReadingFile",
    "SearchSettings",
    "SubscriberSettings",
    "SubscribersFile",
    "WebSettings",
    "WeighingSettings",
    "WorkerSettings",
]
