"""A folder is loaded whole, or every problem in it is told."""

import json
import stat
from contextlib import suppress
from datetime import date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.folding.weighing import DEFAULT_POLICY, FoldPolicy
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import KnownMilestone, State
from monitor.core.news import Away, ChangeType, Mute
from monitor.core.periods import Period
from monitor.core.state import Confidence
from monitor.errors import ConfigError
from monitor.settings import Config, changed, load
from monitor.settings.checks import still_to_come
from monitor.settings.fingerprints import reading_fingerprint
from monitor.settings.models import (
    DigestSettings,
    FeedSettings,
    FeedsFile,
    FetchSettings,
    KnownSettings,
    LifecyclesFile,
    MonitorFile,
    PollingSettings,
    ProjectSettings,
    ProjectsFile,
    SubscriberSettings,
    SubscribersFile,
)
from monitor.settings.validate import validate_items
from monitor.settings.yaml_document import parse_yaml

PROJECT = "projects:\n  - {id: plant, name: Plant, who: [Acme], what: [plant], where: [Oslo]}\n"


def write(folder: Path, **files: str) -> Path:
    """A folder with these files (``projects`` stands for projects.yaml); a small valid projects.yaml unless given."""
    for name, text in {"projects": PROJECT, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, env: dict[str, str] | None = None) -> list[str]:
    """What is wrong with the folder, as an operator reads it, without the folder's own name."""
    with pytest.raises(ConfigError) as caught:
        load(folder, env or {})
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


# ---------------------------------------------------------------- what is right


def test_projects_alone_are_enough(tmp_path: Path) -> None:
    config = load(write(tmp_path), {})

    assert [project.id for project in config.projects] == ["plant"]
    assert config.feeds == ()
    assert config.subscribers == ()
    assert config.warnings == ()
    assert config.timezone == "UTC"
    assert config.lifecycles == {"industrial": INDUSTRIAL}
    assert config.polling.policy.every == timedelta(minutes=30)
    assert (config.polling.requests_per_minute, config.polling.per_host) == (60, 2)
    assert config.fetch.max_bytes == 5_000_000
    assert config.alert_horizon == timedelta(days=7)
    assert config.weighing == DEFAULT_POLICY
    assert (config.web.host, config.web.port) == ("127.0.0.1", 8080)


def test_files_that_are_all_comment_have_all_defaults(tmp_path: Path) -> None:
    config = load(write(tmp_path, monitor="# nothing\n", feeds="", subscribers="# none\n", lifecycles="\n"), {})

    assert (config.feeds, config.subscribers) == ((), ())


def test_every_setting_reaches_the_configuration(tmp_path: Path) -> None:
    monitor = """
database: postgresql+psycopg://monitor:hidden@localhost/monitor
timezone: Africa/Casablanca
polling: {every: 1h, fastest: 2m, slowest: 2d, requests_per_minute: 120, per_host: 4}
fetch: {timeout: 10s, max_bytes: 1MiB, contact: ops@example.org, allow_private: [127.0.0.0/8, "::1"]}
alert_horizon: 2w
alert_from: 0.85
weighing: {half_life: 30d}
retention: {texts: 365d}
web: {host: 0.0.0.0, port: 80}
"""
    config = load(write(tmp_path, monitor=monitor), {})

    assert config.database == "postgresql+psycopg://monitor:hidden@localhost/monitor"
    assert config.polling.policy.slowest == timedelta(days=2)
    assert config.polling.requests_per_minute == 120
    assert config.fetch.timeout == timedelta(seconds=10)
    assert config.fetch.max_bytes == 2**20
    assert config.fetch.contact == "ops@example.org"
    assert config.fetch.allow_private == (ip_network("127.0.0.0/8"), ip_network("::1"))
    assert config.alert_horizon == timedelta(days=14)
    assert config.weighing == FoldPolicy(alert_from=0.85, half_life=timedelta(days=30))
    assert config.keep_texts == timedelta(days=365)
    assert (config.web.host, config.web.port) == ("0.0.0.0", 80)


def test_the_example_of_the_documentation_loads(tmp_path: Path) -> None:
    """A comma inside { } would be a new key to YAML; a name with one is taken as it is meant."""
    projects = """
projects:
  - id: btr-cathode
    name: {en: BTR cathode plant, Tanger Tech, fr: Usine de cathodes BTR, Tanger Tech}
    who: [BTR New Material, BTR, 贝特瑞, بي تي آر]
    what: [cathode, 正极, كاثود]
    where: [Morocco, Maroc, 摩洛哥, المغرب]
    not: [build-to-rent, BTR-80]
    lifecycle: industrial
    known:
      - {stage: agreed, state: reached, date: 2024-03-29, source: https://example.org/a}
      - {stage: operating, state: expected, date: 2026, official: true}
"""
    subscribers = """
subscribers:
  - name: Investment desk
    to: ["mailto://${SMTP_USER}:${SMTP_PASSWORD}@example.org?to=desk@example.org"]
    projects: [btr-*]
    changes: [status, schedule, overdue]
    confidence: confirmed
    language: fr-MA
    send: {digest: "0 8 * * 1-5"}
    quiet_hours: 22:00-07:00
    timezone: Africa/Casablanca
"""
    folder = write(tmp_path, projects=projects, subscribers=subscribers)
    config = load(folder, {"SMTP_USER": "sender", "SMTP_PASSWORD": "hunter22"})

    (project,) = config.projects
    assert project.name == {"en": "BTR cathode plant, Tanger Tech", "fr": "Usine de cathodes BTR, Tanger Tech"}
    assert project.not_ == ("build-to-rent", "BTR-80")
    assert project.known == (
        KnownMilestone(
            stage="agreed", state=State.REACHED, date=Period.parse("2024-03-29"), source="https://example.org/a"
        ),
        KnownMilestone(stage="operating", state=State.EXPECTED, date=Period.year(2026), source=None, official=True),
    )
    (subscriber,) = config.subscribers
    assert subscriber.changes == {ChangeType.STATUS, ChangeType.SCHEDULE, ChangeType.OVERDUE}
    assert subscriber.confidence is Confidence.CONFIRMED
    assert (subscriber.digest, subscriber.quiet_hours) == ("0 8 * * 1-5", ("22:00", "07:00"))
    assert (subscriber.language, subscriber.timezone) == ("fr-MA", "Africa/Casablanca")
    assert len(subscriber.to) == 1


def test_an_order_of_addresses_is_one_destination_and_those_that_stand_in(tmp_path: Path) -> None:
    item = """
subscribers:
  - name: Desk
    to:
      - {first: "json://a.example/${PATH_A}", else: ["json://b.example/x", "mailto://m:${PW}@c.example?to=d@c.example"]}
      - console://
"""
    config = load(write(tmp_path, subscribers=item), {"PATH_A": "first-secret", "PW": "mail-secret"})

    (subscriber,) = config.subscribers
    first, console = subscriber.to
    assert (first.url, console.url) == ("json://a.example/first-secret", "console://")
    hook, mail = subscriber.fallbacks
    assert (hook.destination.url, hook.after) == ("json://b.example/x", timedelta(minutes=15))
    assert mail.destination.url.startswith("mailto://m:mail-secret@c.example/d%40c.example")
    assert mail.after == timedelta(minutes=30)
    assert {each.instead_of for each in subscriber.fallbacks} == {first.id}
    assert {"first-secret", "mail-secret"} <= config.secrets
    assert "secret" not in "".join(each.label for each in subscriber.destinations)


def test_several_people_may_stand_in_together(tmp_path: Path) -> None:
    other = "mailto://me:pw@a.example?to=b@a.example,c@a.example"
    item = f"subscribers:\n  - {{name: A, to: [{{first: console://, else: '{other}', after: 5m}}]}}\n"

    (subscriber,) = load(write(tmp_path, subscribers=item), {}).subscribers
    assert [each.after for each in subscriber.fallbacks] == [timedelta(minutes=5)] * 2


def test_a_subscriber_may_be_muted_and_away_once_or_several_times(tmp_path: Path) -> None:
    subscribers = """
subscribers:
  - {name: A, to: [console://], at_most: 6 / h, mute: {until: 2026-12-01}, away: {from: 2026-12-20, to: 2027-01-03}}
  - name: B
    to: [console://]
    mute: [{until: 2026-12-01 08:30, projects: [pla*]}, {until: 2026-12-02T09:00}]
    away: [{from: 2026-12-20, to: 2026-12-20}]
"""
    one, several = load(write(tmp_path, subscribers=subscribers), {}).subscribers

    assert (one.at_most, several.at_most) == (6, 20)
    assert one.mutes == (Mute(until=datetime(2026, 12, 1)),)  # noqa: DTZ001 - by the subscriber's clock
    assert one.away == (Away(first=date(2026, 12, 20), last=date(2027, 1, 3)),)
    assert several.mutes == (
        Mute(until=datetime(2026, 12, 1, 8, 30), projects=("pla*",)),  # noqa: DTZ001 - as above
        Mute(until=datetime(2026, 12, 2, 9)),  # noqa: DTZ001 - as above
    )
    assert several.away == (Away(first=date(2026, 12, 20), last=date(2026, 12, 20)),)


def test_a_subscriber_may_want_stages_and_follow_tags(tmp_path: Path) -> None:
    config = load(
        write(
            tmp_path,
            projects="projects:\n  - {id: plant, name: Plant, who: [Acme], tags: [battery, battery]}\n",
            subscribers="subscribers:\n  - {name: A, to: [console://], projects: ['tag:battery'], stages: [closed]}\n",
        ),
        {},
    )

    assert config.projects[0].tags == ("battery",)
    assert config.subscribers[0].stages == frozenset({"closed"})
    assert config.warnings == ()


def test_a_tag_bears_on_no_reading(tmp_path: Path) -> None:
    def fingerprint(more: str) -> str:
        project = f"projects:\n  - {{id: plant, name: Plant, who: [Acme]{more}}}\n"
        return reading_fingerprint(load(write(tmp_path, projects=project), {}))

    assert fingerprint(", tags: [battery]") == fingerprint("")
    assert fingerprint(", what: [cathode]") != fingerprint("")


PHRASE = """
phrases:
  - language: fr
    words: [premier coup de pioche]
    {meaning}
    {more}
    examples:
      - {{text: {example}, claims: []}}
"""


def with_phrase(
    folder: Path, meaning: str = "always: construction reached", more: str = "", example: str = "Rien."
) -> Config:
    projects = "projects: [{id: plant, name: P, who: [Acme], tags: [battery]}, {id: mine, name: M, who: [Acme]}]\n"
    return load(
        write(folder, projects=projects, reading=PHRASE.format(meaning=meaning, more=more, example=example)), {}
    )


def test_a_phrase_always_or_never_means_a_claim(tmp_path: Path) -> None:
    (always,) = with_phrase(tmp_path, "always: construction reached").phrases
    (never,) = with_phrase(tmp_path, "never: cancelled denied").phrases
    (never_ever,) = with_phrase(tmp_path, "never: cancelled").phrases

    assert (always.is_always, always.stage, always.states) == (True, "construction", (State.REACHED,))
    assert (always.language, always.words, always.projects) == ("fr", ("premier coup de pioche",), None)
    assert (never.is_always, never.stage, never.states) == (False, "cancelled", (State.DENIED,))
    assert never_ever.states == tuple(State)


def test_a_phrase_may_be_of_some_projects(tmp_path: Path) -> None:
    config = with_phrase(tmp_path, more="projects: ['tag:battery', plnt]")

    assert config.phrases[0].projects == ("plant",)
    assert [str(warning).partition(": ")[2] for warning in config.warnings] == [
        "phrases[0].projects[1]: 'plnt' matches no project (did you mean plant?)"
    ]


def test_a_phrase_bears_on_readings_and_its_examples_do_not(tmp_path: Path) -> None:
    first = reading_fingerprint(with_phrase(tmp_path))

    assert reading_fingerprint(with_phrase(tmp_path, example="Rien de neuf.")) == first
    assert reading_fingerprint(with_phrase(tmp_path, "never: construction reached")) != first
    assert reading_fingerprint(with_phrase(tmp_path, more="projects: [plant]")) != first


def test_an_edit_of_the_phrases_is_a_change_of_the_folder(tmp_path: Path) -> None:
    config = with_phrase(tmp_path)
    assert not changed(tmp_path, config.fingerprint)

    with_phrase(tmp_path, example="Rien de neuf.")
    assert changed(tmp_path, config.fingerprint)


def test_a_subscriber_has_defaults_and_the_time_zone_of_the_service(tmp_path: Path) -> None:
    subscribers = "subscribers:\n  - {name: Terminal, to: [console://]}\n"
    config = load(write(tmp_path, monitor="timezone: Asia/Tokyo\n", subscribers=subscribers), {})

    (subscriber,) = config.subscribers
    assert subscriber.timezone == "Asia/Tokyo"
    assert subscriber.projects == ("*",)
    assert subscriber.changes == frozenset(ChangeType) - {ChangeType.FACT, ChangeType.QUIET}
    assert subscriber.digest is None


def test_send_now_is_no_digest(tmp_path: Path) -> None:
    subscribers = "subscribers:\n  - {name: Terminal, to: [console://], send: now}\n"

    assert load(write(tmp_path, subscribers=subscribers), {}).subscribers[0].digest is None


def test_a_mail_to_several_people_is_one_destination_for_each(tmp_path: Path) -> None:
    address = "mailto://user:secret-word@example.org?to=a@example.org,b@example.org"
    config = load(write(tmp_path, subscribers=f'subscribers:\n  - {{name: Two, to: ["{address}"]}}\n'), {})

    assert len(config.subscribers[0].to) == 2


def test_the_operator_may_have_one_address_or_several(tmp_path: Path) -> None:
    one = load(write(tmp_path, monitor="operator: {to: console://}\n"), {})
    several = load(write(tmp_path, monitor="operator: {to: [console://, 'jsons://hooks.example.org/ops']}\n"), {})
    nobody = load(write(tmp_path, monitor=""), {})

    assert [each.label for each in one.operator] == ["console://"]
    assert len(several.operator) == 2
    assert nobody.operator == ()


def test_an_address_of_the_operator_that_cannot_be_used_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"monitor.yaml:1: operator\.to\[0\]: slakc:// is not a service"):
        load(write(tmp_path, monitor="operator: {to: ['slakc://abcdefgh']}\n"), {})


def test_words_that_yaml_takes_for_something_else_are_words(tmp_path: Path) -> None:
    projects = """
projects:
  - id: plant
    name: {no: Anlegg, en: Plant}
    who: [4680, no, on, 2024-03-29, 1e3, 0x1F, 1_000]
    known: [{stage: agreed, date: 2024}]
"""
    (project,) = load(write(tmp_path, projects=projects), {}).projects

    assert project.name == {"no": "Anlegg", "en": "Plant"}
    assert project.who == ("4680", "no", "on", "2024-03-29", "1e3", "0x1F", "1_000")
    assert project.known[0].date == Period.year(2024)


def test_siblings_share_words_by_anchors_and_merge_keys(tmp_path: Path) -> None:
    projects = """
projects:
  - &first {id: one, name: One, who: &who [Acme], what: [anode]}
  - {<<: *first, id: two, what: [cathode]}
  - {id: three, name: Three, who: *who}
"""
    one, two, three = load(write(tmp_path, projects=projects), {}).projects

    assert (one.what, two.what) == (("anode",), ("cathode",))
    assert two.name == {"": "One"}
    assert three.who == ("Acme",)


def test_a_feed_without_a_name_is_called_by_its_host_or_file(tmp_path: Path) -> None:
    (tmp_path / "history.xml").write_text("<rss/>")
    feeds = "feeds:\n  - {url: https://news.example.org/feed.xml}\n  - {url: file:history.xml, every: 15m}\n"
    first, second = load(write(tmp_path, feeds=feeds), {}).feeds

    assert (first.name, first.trust, first.every) == ("news.example.org", 0.5, None)
    assert (second.url, second.name, second.every) == ("file:history.xml", "history.xml", timedelta(minutes=15))


def test_a_lifecycle_of_the_operators_own(tmp_path: Path) -> None:
    projects = """
projects:
  - {id: rail, name: Rail, who: [Acme], lifecycle: railway, known: [{stage: tendered}, {stage: delayed}]}
  - {id: plant, name: Plant, who: [Acme]}
"""
    lifecycles = "lifecycles: {railway: [announced, tendered, construction, operating]}\nlike: {tendered: agreed}\n"
    folder = write(tmp_path, projects=projects, lifecycles=lifecycles, monitor="lifecycle: industrial\n")
    config = load(folder, {})

    assert config.lifecycles["railway"].stages == ("announced", "tendered", "construction", "operating")
    assert config.lifecycles["railway"].called("agreed") == "tendered"
    assert [project.lifecycle for project in config.projects] == ["railway", "industrial"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("sqlite:///data/monitor.db", "sqlite:///{parent}/data/monitor.db"),
        ("sqlite:///data/monitor.db?timeout=5", "sqlite:///{parent}/data/monitor.db?timeout=5"),
        ("sqlite:////var/lib/monitor.db", "sqlite:////var/lib/monitor.db"),
        ("sqlite:///file:name?mode=memory&uri=true", "sqlite:///file:name?mode=memory&uri=true"),
    ],
)
def test_a_relative_database_lies_beside_the_folder_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, expected: str
) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.chdir("/")

    config = load(write(folder, monitor=f"database: '{written}'\n"), {})

    assert config.database == expected.format(parent=tmp_path.resolve())


# ---------------------------------------------------------------- secrets


def test_a_secret_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("s3cret/word\n")
    secret.chmod(0o600)
    monitor = "database: postgresql+psycopg://${USER_NAME}:${file:password}@localhost/$$monitor\n"

    config = load(write(tmp_path, monitor=monitor), {"USER_NAME": "operator"})

    assert config.database == "postgresql+psycopg://operator:s3cret/word@localhost/$monitor"
    assert {"s3cret/word", "s3cret%2Fword", "operator"} <= config.secrets
    assert config.warnings == ()


def test_no_secret_shows_in_the_representation(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        monitor="database: postgresql+psycopg://me:${PASSWORD}@localhost/monitor\n",
        feeds="feeds:\n  - {url: 'https://me:${PASSWORD}@example.org/feed'}\n",
        subscribers="subscribers:\n  - {name: Mail, to: ['mailto://me:${PASSWORD}@example.org?to=a@example.org']}\n",
    )
    config = load(folder, {"PASSWORD": "canary-word"})

    assert "canary-word" not in repr(config)
    assert "canary-word" in config.secrets


def test_an_address_written_with_its_secret_is_a_secret_too(tmp_path: Path) -> None:
    address = "mailto://me:canary-word@example.org?to=a@example.org"
    config = load(write(tmp_path, subscribers=f"subscribers:\n  - {{name: Mail, to: ['{address}']}}\n"), {})

    assert address in config.secrets
    assert "canary-word" not in repr(config)


def test_a_short_value_is_not_masked_everywhere(tmp_path: Path) -> None:
    config = load(write(tmp_path, monitor='web: {port: "${PORT}"}\n'), {"PORT": "81"})

    assert config.web.port == 81
    assert "81" not in config.secrets


def test_a_secret_file_that_everybody_may_read_is_warned_of(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("open-secret")
    secret.chmod(0o644)
    config = load(write(tmp_path, monitor="fetch: {contact: '${file:password}'}\n"), {})

    (warning,) = config.warnings
    assert warning.key == "fetch.contact"
    assert warning.message == f"every user of this machine may read the secret file {secret}; chmod o-r it"
    assert secret.stat().st_mode & stat.S_IROTH


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("${ABSENT}", "the environment variable ABSENT is not set, or empty"),
        ("${EMPTY}", "the environment variable EMPTY is not set, or empty"),
        ("${file:absent}", "the secret file {folder}/absent cannot be read: No such file or directory"),
        ("${file:empty}", "the secret file {folder}/empty is empty"),
        ("${file:binary}", "the secret file {folder}/binary cannot be read: it is not UTF-8"),
        ("${file:.}", "{folder} is not a file of one secret"),
        ("${NO-NAME}", "invalid reference '${{NO-NAME}}'; write ${{NAME}} or ${{file:/path}}, or $$ for a dollar sign"),
        ("${OPEN", "invalid reference '${{OPEN'; write ${{NAME}} or ${{file:/path}}, or $$ for a dollar sign"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_once(tmp_path: Path, written: str, message: str) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "empty").chmod(0o600)
    folder = write(tmp_path, monitor=f"timezone: '{written}'\n")

    assert problems(folder, {"EMPTY": ""}) == [f"monitor.yaml:1: timezone: {message.format(folder=tmp_path)}"]


def test_no_error_tells_a_secret(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        monitor="timezone: ${ZONE}\ndatabase: mysql://me:${ZONE}@localhost/x\n",
        projects="projects:\n  - {id: '${ZONE}', name: '${ZONE}', who: ['${ZONE}'], not: ['${ZONE}']}\n",
        subscribers="subscribers:\n  - {name: Bad, to: ['nonsense://${ZONE}']}\n",
    )

    told = problems(folder, {"ZONE": "Canary Word"})

    assert not [line for line in told if "Canary" in line]
    assert "monitor.yaml:1: timezone: invalid time zone '${ZONE}'; write an IANA name: Africa/Casablanca" in told


# ---------------------------------------------------------------- changes and warnings


def test_a_change_of_any_file_is_seen(tmp_path: Path) -> None:
    folder = write(tmp_path)
    config = load(folder, {})
    assert not changed(folder, config.fingerprint)

    (folder / "lexicons").mkdir()
    (folder / "lexicons" / "fr.yaml").write_text("language: fr\n")

    assert changed(folder, config.fingerprint)


def test_templates_of_messages_are_part_of_the_configuration(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "templates").mkdir()
    before = load(tmp_path, {})
    (tmp_path / "templates" / "change.txt").write_bytes("{{ title }} é\xff".encode() + b"\xff")
    (tmp_path / "templates" / ".hidden").write_text("x")

    assert before.templates == {}
    assert changed(tmp_path, before.fingerprint)
    assert load(tmp_path, {}).templates == {"change.txt": "{{ title }} éÿ\ufffd"}


def test_a_folder_that_is_away_has_not_changed(tmp_path: Path) -> None:
    config = load(write(tmp_path), {})

    assert not changed(tmp_path / "absent", config.fingerprint)


def test_a_pattern_that_no_project_answers_to_is_warned_of(tmp_path: Path) -> None:
    subscribers = (
        "subscribers:\n  - {name: Terminal, to: [console://], projects: [pla*, plent],"
        " mute: {until: 2026-12-01, projects: ['tag:x']}}\n"
    )
    config = load(write(tmp_path, subscribers=subscribers), {})

    assert [str(warning).removeprefix(f"{tmp_path}/") for warning in config.warnings] == [
        "subscribers.yaml:2: subscribers[0].mute.projects[0]: 'tag:x' matches no project",
        "subscribers.yaml:2: subscribers[0].projects[1]: 'plent' matches no project (did you mean plant?)",
    ]


def test_what_is_known_to_have_happened_in_the_future_is_warned_of(tmp_path: Path) -> None:
    known = (
        "{stage: announced, date: 2023}",
        "{stage: construction, date: 2998-09}",
        "{stage: completed, state: reached, date: 2999}",
        "{stage: operating, state: expected, date: 2999}",
        "{stage: agreed, state: denied, date: 2999}",
        "{stage: approved}",
    )
    projects = PROJECT.replace("}", ", known: [\n    " + ",\n    ".join(known) + "]}")
    config = load(write(tmp_path, projects=projects), {})

    say = "so {} is not reached yet; write state: expected"
    assert [str(warning).removeprefix(f"{tmp_path}/") for warning in config.warnings] == [
        f"projects.yaml:4: projects[0].known[1].date: 2998-09 is still to come, {say.format('construction')}",
        f"projects.yaml:5: projects[0].known[2].date: 2999 is still to come, {say.format('completed')}",
    ]


@pytest.mark.parametrize(("written", "is_to_come"), [("2026-11-30", False), ("2026-12-01", True), ("2026", False)])
def test_today_and_a_period_that_has_begun_are_not_to_come(tmp_path: Path, written: str, *, is_to_come: bool) -> None:
    projects = PROJECT.replace("}", f", known: [{{stage: agreed, date: {written}}}]}}")
    document, _ = parse_yaml("projects.yaml", projects.encode())
    placed = validate_items(document, ProjectsFile, "projects", ProjectSettings, [])

    assert bool(list(still_to_come(document, placed, date(2026, 11, 30)))) is is_to_come


def test_a_language_that_nothing_is_read_or_written_in_is_warned_of(tmp_path: Path) -> None:
    feeds = "feeds:\n  - {url: https://example.org/a, language: esp}\n"
    subscribers = "subscribers:\n  - {name: A, to: [console://], language: de-CH}\n"
    config = load(write(tmp_path, feeds=feeds, subscribers=subscribers), {})

    known = "there are ar, en, es, fr, zh"
    no_vocabulary = f"there is no vocabulary of 'esp' (did you mean es?); {known}"
    assert [str(warning).partition(": ")[2] for warning in config.warnings] == [
        f"feeds[0].language: {no_vocabulary}; nothing is read in its articles",
        f"subscribers[0].language: there is no translation into 'de'; {known}; messages are in English",
    ]


def test_a_feed_that_may_not_be_fetched_is_warned_of(tmp_path: Path) -> None:
    """No name is looked up: a check needs no network."""
    feeds = "feeds:\n" + "".join(
        f"  - {{url: '{url}', name: N{number}}}\n"
        for number, url in enumerate(
            [
                "http://127.0.0.1:8000/a",
                "http://localhost/b",
                "http://10.1.2.3/c",
                "https://example.org/d",
                "file:e.xml",
            ]
        )
    )
    (tmp_path / "e.xml").write_text("<rss/>")
    config = load(write(tmp_path, feeds=feeds, monitor="fetch: {allow_private: [10.1.2.0/24]}"), {})

    advice = "127.0.0.1 is not on the public internet; if it is meant, add its network to fetch.allow_private"
    assert [str(warning).partition(": ")[2] for warning in config.warnings] == [
        f"feeds[0].url: cannot be fetched: {advice}",
        f"feeds[1].url: cannot be fetched: {advice}",
    ]


def test_a_file_that_nobody_reads_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons" / "fr.yml").write_text("language: fr\n")
    warnings = load(write(tmp_path, feed="feeds: []\n"), {}).warnings

    assert [Path(warning.file).name for warning in warnings] == ["feed.yaml", "fr.yml"]
    assert warnings[0].message.startswith("is not read (did you mean feeds.yaml?)")
    assert warnings[1].message == "is not read; name it fr.yaml"


# ---------------------------------------------------------------- anything


@given(text=st.text(max_size=200) | st.text(alphabet="abc:-[]{}&*<!$'\"\n #,\t0.", max_size=60))
def test_any_text_is_loaded_or_refused_as_a_whole(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("monitor", "feeds", "projects", "subscribers", "lifecycles"):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")

    with suppress(ConfigError):
        assert isinstance(load(folder, {}), Config)


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "${X}",
            "${file:x}",
            "file:\0",
            "file:" + "x" * 300,
            "http://[",
            "UTC/../x",
            "30m",
            "127.0.0.0/8",
            "* * * * *",
            "\ud800",
        ]
    )
)
_MODELS = (
    MonitorFile,
    PollingSettings,
    FetchSettings,
    FeedsFile,
    FeedSettings,
    ProjectsFile,
    ProjectSettings,
    KnownSettings,
    LifecyclesFile,
    SubscribersFile,
    SubscriberSettings,
    DigestSettings,
)
_KEYS = st.sampled_from([field.alias or name for model in _MODELS for name, field in model.model_fields.items()])
_SHAPES = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4))


@given(shape=st.dictionaries(_KEYS, _SHAPES, max_size=4))
def test_known_keys_with_any_values_are_loaded_or_refused(
    tmp_path_factory: pytest.TempPathFactory, shape: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("shape")
    for name in ("monitor", "feeds", "projects", "subscribers", "lifecycles"):
        (folder / f"{name}.yaml").write_text(json.dumps(shape))

    with suppress(ConfigError):
        assert isinstance(load(folder, {"X": "value"}), Config)


def test_who_may_subscribe_alone_reaches_the_configuration(tmp_path: Path) -> None:
    offer = "subscribe: {from: 'mailto://u:${PASS}@example.org', domains: '@Desk.Example', projects: [plant]}"
    web = f"web: {{public: 'https://m.example', {offer}}}\n"
    found = load(write(tmp_path, monitor=web), {"PASS": "secretpass"}).web.subscribe

    assert found is not None
    assert (found.domains, found.projects) == (("desk.example",), ("plant",))
    assert found.sender is not None
    assert found.sender.is_mail
    assert "secretpass" not in repr(found)


def test_without_its_secret_nobody_is_written_to_and_all_else_works(tmp_path: Path) -> None:
    web = "web: {public: 'https://m.example', subscribe: {from: 'mailto://u:${PASS}@example.org', domains: '*'}}\n"
    config = load(write(tmp_path, monitor=web), {})

    assert config.web.subscribe is not None
    assert config.web.subscribe.sender is None
    assert len(config.unset) == 1


def test_who_subscribes_alone_is_written_to_by_mail_alone(tmp_path: Path) -> None:
    web = "web: {public: 'https://m.example', subscribe: {from: 'json://93.184.216.34/hook', domains: '*'}}\n"

    assert problems(write(tmp_path, monitor=web)) == [
        "monitor.yaml:1: web.subscribe.from: must be a mail account: mailto://… or mailtos://…"
    ]


def test_to_subscribe_alone_needs_a_public_address(tmp_path: Path) -> None:
    config = load(write(tmp_path, monitor="web: {subscribe: {from: 'mailto://u@example.org', domains: '*'}}\n"), {})

    assert [each.message for each in config.warnings] == ["has no effect without web.public, which links in mails need"]
