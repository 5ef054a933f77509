"""``monitor.yaml``: the settings of the service."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from monitor.core.access import Role
from monitor.core.folding.weighing import ALERT_FROM
from monitor.settings.models.base import ONE_IS_SEVERAL, Strict
from monitor.settings.scalars import (
    Database,
    Duration,
    EndpointAddress,
    IssuerAddress,
    Network,
    PublicAddress,
    ReaderName,
    Size,
    Text,
    TimeZone,
    between,
)


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
