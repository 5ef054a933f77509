"""Each mistake that an operator can make is told with its file, line and key, and with what would be right."""

from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings import load

GOOD = "projects:\n  - {id: plant, name: Plant, who: [Acme]}\n"


def problems(folder: Path, **files: str) -> list[str]:
    """What is told of these files beside a good projects.yaml, without the folder's own name."""
    for name, text in {"projects": GOOD, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("timezone: Mars\n", "monitor.yaml:1: timezone: invalid time zone 'Mars'", id="zone"),
        pytest.param("timezone: ../etc\n", "monitor.yaml:1: timezone: invalid time zone '../etc'", id="zone as a path"),
        pytest.param(
            "timezone: Africa/Casablanka\n",
            "monitor.yaml:1: timezone: invalid time zone 'Africa/Casablanka' (did you mean Africa/Casablanca?)",
            id="zone misspelt",
        ),
        pytest.param(
            "# first\n\npoling: {every: 30m}\n",
            "monitor.yaml:3: poling: unknown key (did you mean polling?); the keys here are data",
            id="key misspelt",
        ),
        pytest.param(
            "polling:\n  every: 30m\n  fast: 1m\n",
            "monitor.yaml:3: polling.fast: unknown key (did you mean fastest?); "
            "the keys here are every, fastest, slowest, requests_per_minute, per_host",
            id="inner key misspelt",
        ),
        pytest.param(
            "polling: {every: 30}\n",
            "monitor.yaml:1: polling.every: invalid duration '30'; "
            "write a number and s, m, h, d or w: 30s, 30m, 24h, 7d",
            id="duration without unit",
        ),
        pytest.param(
            "polling: {every: [30m]}\n", "monitor.yaml:1: polling.every: must be a single text", id="list for text"
        ),
        pytest.param(
            "polling: {fastest: 60d}\n",
            "monitor.yaml:1: polling.fastest: must be between 1s and 30d",
            id="out of bounds",
        ),
        pytest.param(
            "polling: {every: 1m}\n",
            "monitor.yaml:1: polling: must be in order: fastest <= every <= slowest",
            id="order of intervals",
        ),
        pytest.param(
            "polling:\n  per_host: 0\n", "monitor.yaml:2: polling.per_host: must be at least 1", id="number too small"
        ),
        pytest.param(
            "weighing: {confirming: 0}\n",
            "monitor.yaml:1: weighing.confirming: must be more than 0",
            id="not above its bound",
        ),
        pytest.param(
            "polling:\n  per_host: two\n", "monitor.yaml:2: polling.per_host: must be a whole number", id="no number"
        ),
        pytest.param(
            "polling: 30m\n",
            "monitor.yaml:1: polling: must be a mapping of keys to values; the keys here are every, ",
            id="text for mapping",
        ),
        pytest.param(
            "polling:\n", "monitor.yaml:1: polling: is empty; write a value, or leave the key out", id="empty"
        ),
        pytest.param(
            "fetch: {max_bytes: 5XB}\n",
            "monitor.yaml:1: fetch.max_bytes: invalid size '5XB'; write bytes, or a number and KB, MB or GB: 5MB",
            id="size",
        ),
        pytest.param(
            "fetch: {max_bytes: 5}\n",
            "monitor.yaml:1: fetch.max_bytes: must be between 1KB and 1GB",
            id="size too small",
        ),
        pytest.param(
            "fetch:\n  allow_private:\n    - 127.0.0.0/8\n    - 10.0.0.1/8\n",
            "monitor.yaml:4: fetch.allow_private[1]: '10.0.0.1/8' has bits set beyond its prefix; "
            "did you mean 10.0.0.0/8?",
            id="network with host bits",
        ),
        pytest.param(
            "fetch: {allow_private: [localhost]}\n",
            "monitor.yaml:1: fetch.allow_private[0]: invalid network 'localhost'; "
            "write an address and a prefix length: 127.0.0.0/8",
            id="network by name",
        ),
        pytest.param(
            "fetch: {allow_private: 127.0.0.0/8}\n",
            "monitor.yaml:1: fetch.allow_private: must be a list: [one, another]",
            id="text for list",
        ),
        pytest.param("web: {port: 70000}\n", "monitor.yaml:1: web.port: must be at most 65535", id="port"),
        pytest.param(
            "database: mysql://localhost/x\n",
            "monitor.yaml:1: database: is not a database; write sqlite:///data/monitor.db or "
            "postgresql+psycopg://host/name",
            id="database",
        ),
        pytest.param(
            "database: sqlite://\n",
            "monitor.yaml:1: database: is not a database; write sqlite:///data/monitor.db or "
            "postgresql+psycopg://host/name",
            id="database that does not last",
        ),
        pytest.param(
            "lifecycle: industral\n",
            "monitor.yaml:1: lifecycle: there is no lifecycle 'industral' (did you mean industrial?); "
            "there are industrial",
            id="lifecycle",
        ),
        pytest.param('web: {host: "a\\nb"}\n', "monitor.yaml:1: web.host: holds a line break or", id="control"),
        pytest.param('web: {host: "\\ud800"}\n', "monitor.yaml:1: web.host: holds a character that", id="surrogate"),
        pytest.param(
            'alert_horizon: "\\ud800"\n', "monitor.yaml:1: alert_horizon: holds a character that", id="half a character"
        ),
        pytest.param("alert_from: 60\n", "monitor.yaml:1: alert_from: ", id="a share above one"),
        pytest.param("- a\n", "monitor.yaml:1: must be a mapping of keys to values; the keys here are", id="a list"),
    ],
)
def test_a_mistake_in_monitor_yaml(tmp_path: Path, text: str, told: str) -> None:
    (problem,) = problems(tmp_path, monitor=text)

    assert problem.startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "feeds:\n  - {ulr: https://example.org/}\n",
            [
                (
                    "feeds.yaml:2: feeds[0].ulr: unknown key (did you mean url?); "
                    "the keys here are url, name, trust, language, every, page, paused"
                ),
                "feeds.yaml:2: feeds[0].url: is missing: Feed, sitemap or page; file:NAME for a file of this folder.",
            ],
            id="key misspelt",
        ),
        pytest.param(
            "feeds:\n  - {url: https://example.org/a}\n  - {url: https://EXAMPLE.org/a#top}\n",
            ["feeds.yaml:3: feeds[1].url: 'https://EXAMPLE.org/a#top' is given twice, in line 2 already"],
            id="same address twice",
        ),
        pytest.param(
            "feeds:\n  - {url: https://example.org/a, trust: 1.5}\n  - {url: https://example.org/a}\n",
            [
                "feeds.yaml:2: feeds[0].trust: must be at most 1.0",
                "feeds.yaml:3: feeds[1].url: 'https://example.org/a' is given twice, in line 2 already",
            ],
            id="a wrong item is still compared",
        ),
        pytest.param(
            "feeds:\n  - {url: https://example.org/a, trust: nan}\n",
            ["feeds.yaml:2: feeds[0].trust: must be a number"],
            id="not a number",
        ),
        pytest.param(
            "feeds:\n  - url: ftp://example.org/a\n  - url: example.org\n  - url: 'https://a b.org'\n  - url: http://[\n",
            [
                f"feeds.yaml:{line}: feeds[{line - 2}].url: is not the address of a feed; write https://…, "
                "or file:NAME for a file of this folder"
                for line in (2, 3, 4, 5)
            ],
            id="no addresses",
        ),
        pytest.param(
            "feeds:\n  - {url: https://example.org/a, language: French}\n",
            [
                (
                    "feeds.yaml:2: feeds[0].language: invalid language 'French'; "
                    "write its ISO 639 code in small letters: en, fr, ar, zh, es"
                )
            ],
            id="language",
        ),
        pytest.param(
            "feeds:\n  - {url: https://example.org/a, every: soon}\n",
            [
                (
                    "feeds.yaml:2: feeds[0].every: invalid duration 'soon'; "
                    "write a number and s, m, h, d or w: 30s, 30m, 24h, 7d"
                )
            ],
            id="every",
        ),
        pytest.param(
            "feeds:\n  - {url: https://example.org/a, page: {titel: h2}}\n",
            [
                "feeds.yaml:2: feeds[0].page.item: is missing: Each entry, whole.",
                (
                    "feeds.yaml:2: feeds[0].page.titel: unknown key (did you mean title?); "
                    "the keys here are item, title, link, date, text"
                ),
            ],
            id="a page without items",
        ),
        pytest.param(
            "feeds:\n  - {url: https://example.org/a, page: {item: 'li + li'}}\n",
            [
                (
                    "feeds.yaml:2: feeds[0].page.item: holds '+', which is not known here; write elements, .classes, "
                    "#ids, [attributes], :not(), 'a b' and 'a > b'"
                )
            ],
            id="selector",
        ),
        pytest.param(
            "feeds:\n  - https://example.org/a\n",
            [
                (
                    "feeds.yaml:2: feeds[0]: must be a mapping of keys to values; "
                    "the keys here are url, name, trust, language, every, page, paused"
                )
            ],
            id="an address alone",
        ),
    ],
)
def test_a_mistake_in_feeds_yaml(tmp_path: Path, text: str, told: list[str]) -> None:
    assert problems(tmp_path, feeds=text) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("absent.xml", "names no file of the folder {folder}; write file:NAME, or make the file"),
        ("lexicons", "names no file of the folder {folder}; write file:NAME, or make the file"),
        ("../outside.xml", "lies outside the folder {folder}; move the file into it"),
        ("/etc/hostname", "lies outside the folder {folder}; move the file into it"),
        ("%2e%2e/outside.xml", "lies outside the folder {folder}; move the file into it"),
        ("link.xml", "lies outside the folder {folder}; move the file into it"),
        ("circle.xml", "names no file of the folder {folder}; write file:NAME, or make the file"),
    ],
)
def test_a_feed_that_is_a_file_lies_inside_the_folder(tmp_path: Path, name: str, told: str) -> None:
    folder = tmp_path / "config"
    (folder / "lexicons").mkdir(parents=True)
    (tmp_path / "outside.xml").write_text("<rss/>")
    (folder / "link.xml").symlink_to(tmp_path / "outside.xml")
    (folder / "circle.xml").symlink_to(folder / "circle.xml")

    (problem,) = problems(folder, feeds=f"feeds:\n  - url: 'file:{name}'\n")

    assert problem.startswith("feeds.yaml:2: feeds[0].url: ")
    assert problem.endswith(told.format(folder=folder)) or name == "circle.xml"


@pytest.mark.parametrize(
    ("item", "told"),
    [
        pytest.param(
            "{id: plant, name: P, who: [Acme]}",
            "projects.yaml:3: projects[1].id: 'plant' is given twice, in line 2 already",
            id="id twice",
        ),
        pytest.param(
            "{id: Plant 2, name: P, who: [Acme]}",
            "projects.yaml:3: projects[1].id: invalid id 'Plant 2'; write small letters, digits, '-', '_' and '.': "
            "btr-cathode",
            id="id",
        ),
        pytest.param(
            "{id: two, name: P, what: [battery]}",
            "projects.yaml:3: projects[1]: needs who, or both what and where; nothing could be matched to it",
            id="nobody and nowhere",
        ),
        pytest.param(
            "{id: two, name: P, who: Acme}",
            "projects.yaml:3: projects[1].who: must be a list: [one, another]",
            id="who is not a list",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme, '—']}",
            "projects.yaml:3: projects[1].who[1]: holds no letter or digit, so that it is found nowhere; write a name",
            id="a word without letters",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme, ~]}",
            "projects.yaml:3: projects[1].who[1]: is empty; write a value, or leave the key out",
            id="an empty word",
        ),
        pytest.param(
            "{id: two, name: P, who: [Écla], not: [ecla]}",
            "projects.yaml:3: projects[1].who[0]: 'Écla' stands under not as well, so that nothing could be matched; "
            "keep one",
            id="wanted and excluded",
        ),
        pytest.param(
            "{id: two, name: {}, who: [Acme]}",
            "projects.yaml:3: projects[1].name: is empty; write a text, or {en: …, fr: …}",
            id="no name",
        ),
        pytest.param(
            "{id: two, name: {English: P}, who: [Acme]}",
            "projects.yaml:3: projects[1].name: invalid language 'English'; "
            "write its ISO 639 code in small letters: en, fr, ar, zh, es",
            id="language of a name",
        ),
        pytest.param(
            "{id: two, name: [P], who: [Acme]}",
            "projects.yaml:3: projects[1].name: must be a mapping: {key: value}",
            id="name is a list",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme], tags: ['tag:battery']}",
            "projects.yaml:3: projects[1].tags[0]: invalid id 'tag:battery'; write small letters",
            id="tag",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme], lifecycle: railway}",
            "projects.yaml:3: projects[1].lifecycle: there is no lifecycle 'railway'; there are industrial",
            id="lifecycle",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme], known: [{stage: agred}]}",
            "projects.yaml:3: projects[1].known[0].stage: there is no stage of industrial 'agred' (did you mean agre",
            id="stage",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme], known: [{stage: agreed, state: reachd}]}",
            "projects.yaml:3: projects[1].known[0].state: must be one of reached, expected, denied "
            "(did you mean reached?)",
            id="state",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme], known: [{stage: agreed, date: 2024-02-30}]}",
            "projects.yaml:3: projects[1].known[0].date: invalid date '2024-02-30'; "
            "write 2024, 2024-H1, 2024-Q3, 2024-03 or 2024-03-29",
            id="no such day",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme], known: [{stage: agreed, source: a paper}]}",
            "projects.yaml:3: projects[1].known[0].source: is not a web address; write https://…",
            id="source",
        ),
        pytest.param(
            "{id: two, name: P, who: [Acme], known: [{stage: agreed, source: 'https://example.org:port'}]}",
            "projects.yaml:3: projects[1].known[0].source: is not a web address; write https://…",
            id="source with a bad port",
        ),
        pytest.param(
            "{id: two, id: three, name: P, who: [Acme]}",
            "projects.yaml:3: projects[1].id: is given twice, in line 3 already; keep one",
            id="key twice",
        ),
    ],
)
def test_a_mistake_in_projects_yaml(tmp_path: Path, item: str, told: str) -> None:
    (problem,) = problems(tmp_path, projects=f"{GOOD}  - {item}\n")

    assert problem.startswith(told)


def test_no_projects_at_all(tmp_path: Path) -> None:
    assert problems(tmp_path, projects="# none\n") == ["projects.yaml:1: projects: is missing: In any order."]
    (tmp_path / "projects.yaml").rename(tmp_path / "projects.yml")
    with pytest.raises(ConfigError, match=r"projects\.yaml: is missing, and the only file that is needed") as told:
        load(tmp_path, {})

    assert "projects.yml: is not read (did you mean projects.yaml?)" in str(told.value)


@pytest.mark.parametrize("written", ["projects: []\n", "projects:\n  # - id: plant\n"])
def test_an_empty_list_of_projects_is_warned_of(tmp_path: Path, written: str) -> None:
    (tmp_path / "projects.yaml").write_text(written)

    config = load(tmp_path, {})

    assert config.projects == ()
    (warning,) = config.warnings
    assert str(warning).endswith(
        "projects.yaml:1: projects: is empty, so nothing is watched; add one: monitor projects add"
    )


def test_a_missing_file_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})

    assert len(caught.value.problems) == 1


INSIDE = "is not on the public internet; if it is meant, add its network to fetch.allow_private"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("json://127.0.0.1/hook", f"json:// address is refused: 127.0.0.1 {INSIDE}"),
        ("gotify://10.0.0.1:8080/token99", f"gotify:// address is refused: 10.0.0.1 {INSIDE}"),
        ("ntfy://2130706433/topic", f"ntfy:// address is refused: 2130706433 is at 127.0.0.1: 127.0.0.1 {INSIDE}"),
        ("xml://[::1]/hook", f"xml:// address is refused: ::1 {INSIDE}"),
        ("kodi://localhost", f"kodi:// address is refused: localhost is at 127.0.0.1: 127.0.0.1 {INSIDE}"),
        (
            "mailto://user:password@example.org?smtp=192.168.1.9&to=desk@example.org",
            f"mailto:// address is refused: 192.168.1.9 {INSIDE}",
        ),
        ("json://93.184.216.34:8080/hook", "json:// address is refused: port 8080 is not one of the web (80, 443)"),
    ],
)
def test_a_destination_inside_the_network_is_told_of_before_anything_is_sent(
    tmp_path: Path, address: str, told: str
) -> None:
    written = f"subscribers:\n  - name: A\n    to:\n      - console://\n      - '{address}'\n"

    assert problems(tmp_path, subscribers=written) == [f"subscribers.yaml:5: subscribers[0].to[1]: {told}"]


def test_the_operator_too_is_told_at_addresses_that_may_be_reached(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, monitor="operator:\n  to: ['gotify://127.0.0.1/token99']\n")

    assert problem == f"monitor.yaml:2: operator.to[0]: gotify:// address is refused: 127.0.0.1 {INSIDE}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "inside.example.org"])
def test_a_destination_that_is_allowed_or_has_a_name_is_none_of_the_problems(tmp_path: Path, host: str) -> None:
    (tmp_path / "projects.yaml").write_text(GOOD)
    (tmp_path / "monitor.yaml").write_text("fetch: {allow_private: [127.0.0.0/8]}\n")
    (tmp_path / "subscribers.yaml").write_text(f"subscribers:\n  - {{name: A, to: ['json://{host}/hook']}}\n")

    assert load(tmp_path, {}).subscribers[0].to


def test_where_the_allowed_networks_cannot_be_read_no_destination_is_blamed(tmp_path: Path) -> None:
    written = "subscribers:\n  - {name: A, to: ['json://127.0.0.1/hook']}\n"

    (problem,) = problems(tmp_path, monitor="fetch: {allow_private: [nonsense]}\n", subscribers=written)

    assert problem.startswith("monitor.yaml:1: fetch.allow_private[0]: ")


@pytest.mark.parametrize("scheme", ["dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "windows"])
def test_a_service_that_cannot_work_here_costs_itself_only(tmp_path: Path, scheme: str) -> None:
    written = f"subscribers:\n  - {{name: A, to: [console://]}}\n  - {{name: B, to: ['{scheme}://', slakc://a]}}\n"

    first, second = problems(tmp_path, subscribers=written)

    assert first.startswith(f"subscribers.yaml:3: subscribers[1].to[0]: {scheme}:// cannot be used here: ")
    assert "; write another service, such as mailto://" in first
    assert second.startswith("subscribers.yaml:3: subscribers[1].to[1]: slakc:// is not a service")


def test_a_bare_scheme_hides_nothing(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, projects=GOOD, subscribers="subscribers:\n  - {name: A, to: ['json://']}\n")

    assert "json:// address is unusable" in problem


@pytest.mark.parametrize(
    ("item", "told"),
    [
        pytest.param("{name: A, to: []}", "subscribers[0].to: must have at least 1 item", id="nowhere"),
        pytest.param("{name: A, to: console://}", "subscribers[0].to: must be a list: [one, another]", id="no list"),
        pytest.param(
            "{name: A, to: [console://, console://]}", "subscribers[0].to[1]: is given twice; keep one", id="to twice"
        ),
        pytest.param("{name: A, to: [nonsense]}", "subscribers[0].to[0]: ", id="no address"),
        pytest.param("{name: A, to: ['slakc://a/b/c']}", "subscribers[0].to[0]: ", id="unknown service"),
        pytest.param(
            "{name: A, to: [console://], changes: [statuss]}",
            "subscribers[0].changes[0]: must be one of status, milestone, schedule, overdue, fact, confirmed, "
            "disputed, quiet (did you mean status?)",
            id="change",
        ),
        pytest.param(
            "{name: A, to: [console://], confidence: sure}",
            "subscribers[0].confidence: must be one of reported, confirmed",
            id="confidence",
        ),
        pytest.param(
            "{name: A, to: [console://], send: later}",
            'subscribers[0].send: must be now, or {digest: "0 8 * * 1-5"}',
            id="send",
        ),
        pytest.param(
            "{name: A, to: [console://], send: {digest: 8 o'clock}}",
            "subscribers[0].send.digest: invalid cron expression '8 o'clock': five fields are needed; "
            'write minute, hour, day, month and weekday: "0 8 * * 1-5"',
            id="cron of other length",
        ),
        pytest.param(
            "{name: A, to: [console://], send: {digest: 0 25 * * *}}",
            "subscribers[0].send.digest: invalid cron expression '0 25 * * *': bad hour; write",
            id="cron",
        ),
        pytest.param(
            "{name: A, to: [console://], send: {digest: 0 8 30 2 *}}",
            "subscribers[0].send.digest: invalid cron expression '0 8 30 2 *'",
            id="cron that never fires",
        ),
        pytest.param(
            "{name: A, to: [console://], quiet_hours: 22-7}",
            "subscribers[0].quiet_hours: invalid span of hours '22-7'; write HH:MM-HH:MM: 22:00-07:00",
            id="quiet hours",
        ),
        pytest.param(
            "{name: A, to: [console://], quiet_hours: 22:00-22:00}",
            "subscribers[0].quiet_hours: begins and ends at the same time; leave it out, or write two times: 22:00",
            id="no quiet hours",
        ),
        pytest.param(
            "{name: A, to: [console://], timezone: Casablanca}",
            "subscribers[0].timezone: invalid time zone 'Casablanca'",
            id="zone",
        ),
        pytest.param(
            "{name: A, to: [console://], send: {digest: 0 0 */15 2 5L}}",
            "subscribers[0].send.digest: '0 0 */15 2 5L' names no day that ever comes; write",
            id="cron of no day",
        ),
        pytest.param(
            "{name: A, to: [console://], stages: [constructon]}",
            "subscribers[0].stages[0]: there is no stage 'constructon' (did you mean construction?); there are announ",
            id="stage",
        ),
        pytest.param(
            "{name: A, to: [console://], mute: {until: tomorrow}}",
            "subscribers[0].mute.until: invalid day 'tomorrow'; "
            "write one, with or without a time of day: 2026-12-01, 20",
            id="mute",
        ),
        pytest.param(
            "{name: A, to: [console://], mute: [{until: 2026-02-30}]}",
            "subscribers[0].mute[0].until: invalid day '2026-02-30'; write one",
            id="mute until no day",
        ),
        pytest.param(
            "{name: A, to: [console://], mute: {until: 2026-12-01 8h}}",
            "subscribers[0].mute.until: invalid day '2026-12-01 8h'; write one",
            id="mute until no time",
        ),
        pytest.param(
            "{name: A, to: [console://], mute: {until: 9999-12-31}}",
            "subscribers[0].mute.until: must be between the years 2000 and 2099",
            id="mute for ever",
        ),
        pytest.param(
            "{name: A, to: [console://], mute: {projects: [plant]}}",
            "subscribers[0].mute.until: is missing: Day, or day and time,",
            id="mute without an end",
        ),
        pytest.param(
            "{name: A, to: [console://], away: {from: 2026-12-20, to: 2026-12-19}}",
            "subscribers[0].away: ends before it begins; write the first day under from, the last one under to",
            id="away backwards",
        ),
        pytest.param(
            "{name: A, to: [console://], away: {from: 2026-12-20 08:00, to: 2026-12-21}}",
            "subscribers[0].away.from: invalid day '2026-12-20 08:00'; write one: 2026-12-01",
            id="away from an hour",
        ),
        pytest.param(
            "{name: A, to: [console://], at_most: 20}",
            "subscribers[0].at_most: invalid number of messages in an hour '20'; write 20/h",
            id="at most",
        ),
        pytest.param(
            "{name: A, to: [console://], at_most: 1/h}",
            "subscribers[0].at_most: must be between 2/h and 1000/h",
            id="at most one",
        ),
        pytest.param(
            "{name: A, to: [console://], language: ar_ma}",
            "subscribers[0].language: invalid language 'ar_ma'; write its ISO 639 code: en, fr, ar, zh, es, or with a",
            id="language",
        ),
        pytest.param(
            "{name: A, to: [{first: console://}]}",
            "subscribers[0].to[0].else: is missing: Address that is sent to instead",
            id="an order of one",
        ),
        pytest.param(
            "{name: A, to: [{first: console://, else: console://}]}",
            "subscribers[0].to[0].else: is given twice; keep one",
            id="nothing else",
        ),
        pytest.param(
            "{name: A, to: [{first: console://, else: ['json://a/b', 'json://a/b']}]}",
            "subscribers[0].to[0].else[1]: is given twice; keep one",
            id="else twice",
        ),
        pytest.param(
            "{name: A, to: [{first: console://, else: 'slakc://a/b/c'}]}",
            "subscribers[0].to[0].else: ",
            id="else unknown service",
        ),
        pytest.param(
            "{name: A, to: [{first: 'slakc://a/b/c', else: console://}]}",
            "subscribers[0].to[0].first: ",
            id="first unknown service",
        ),
        pytest.param(
            "{name: A, to: [{first: console://, else: 'json://a/b', after: 5s}]}",
            "subscribers[0].to[0].after: must be between 1m and 7d",
            id="too soon",
        ),
        pytest.param(
            "{name: A, to: [{first: console://, esle: 'json://a/b', else: 'json://a/b'}]}",
            "subscribers[0].to[0].esle: unknown key (did you mean else?); the keys here are first, el",
            id="a key of an order",
        ),
        pytest.param(
            "{name: A, to: [{first: 'mailto://me:pw@a.example?to=b@a.example,c@a.example', else: console://}]}",
            "subscribers[0].to[0].first: goes to 2 people, who cannot stand for one; write an item for each",
            id="two first",
        ),
    ],
)
def test_a_mistake_in_subscribers_yaml(tmp_path: Path, item: str, told: str) -> None:
    (problem,) = problems(tmp_path, subscribers=f"subscribers:\n  - {item}\n")

    assert problem.startswith(f"subscribers.yaml:2: {told}")


def test_two_subscribers_of_one_name(tmp_path: Path) -> None:
    text = "subscribers:\n  - {name: A, to: [console://]}\n  - {name: A, to: [console://]}\n"

    assert problems(tmp_path, subscribers=text) == [
        "subscribers.yaml:3: subscribers[1].name: 'A' is given twice, in line 2 already"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lifecycles: {rail: []}\n", "lifecycles.rail: has no stages; write them in their order: [announced, "),
        ("lifecycles: {rail: [a, b, a]}\n", "lifecycles.rail[2]: 'a' is given twice; each stage has one place"),
        ("lifecycles: {rail: [a, delayed]}\n", "lifecycles.rail[1]: 'delayed' is a condition, which befalls a project"),
        ("lifecycles: {rail: [A]}\n", "lifecycles.rail[0]: invalid id 'A'"),
        (
            "{lifecycles: {rail: [laid]}, like: {lade: completed}}\n",
            "like.lade: no lifecycle has this stage (did you mean laid?)",
        ),
        ("{lifecycles: {rail: [laid]}, like: {laid: ready}}\n", "like.laid: 'ready' is no stage of industrial"),
    ],
)
def test_a_mistake_in_lifecycles_yaml(tmp_path: Path, text: str, told: str) -> None:
    (problem,) = problems(tmp_path, lifecycles=text)

    assert problem.startswith(f"lifecycles.yaml:1: {told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("feeds:\n\t- a\n", ":2: is not YAML: a tab stands where YAML wants spaces", id="tab"),
        pytest.param("feeds: a: b\n", ":1: is not YAML: a second ': ' in one line; put the text in quotes", id="colon"),
        pytest.param("feeds: 'a\n", ":1: is not YAML: a quotation mark is not closed", id="quote"),
        pytest.param("feeds: []\n---\nfeeds: []\n", ":2: is not YAML: a second document begins", id="two documents"),
        pytest.param("feeds: [a\n", ":1: is not YAML: a bracket is not closed", id="bracket"),
        pytest.param("feeds: *nobody\n", ":1: is not YAML: found undefined alias 'nobody'", id="alias"),
        pytest.param(
            "feeds:\n  - {url: ${ADDRESS}}\n",
            ':2: is not YAML: inside [ ] or { } put ${…} in quotes: "${NAME}"',
            id="reference in braces",
        ),
        pytest.param("feeds: []\n# \x07\n", ":2: holds a character that YAML does not allow (U+0007)", id="bell"),
        pytest.param("feeds: !secret x\n", ":1: feeds: has the tag !secret; tags are not used here", id="tag"),
        pytest.param(
            'feeds: "\\U99999999"\n', ":1: is not YAML: an escape (\\U…) in it is not a character", id="escape"
        ),
        pytest.param("? [a]\n: b\n", ":1: has a list or mapping as a key; keys are words", id="key"),
        pytest.param("feeds: &a [*a]\n", ":1: ", id="alias of itself"),
        pytest.param(f"feeds: {'[' * 60}{']' * 60}\n", ":1: ", id="deep"),
        pytest.param(f"feeds: {'[' * 1000}\n", ":1: ", id="very deep"),
        pytest.param("feeds: []\n<<: 3\n", ":2: <<: must name a mapping: <<: *anchor", id="merge"),
    ],
)
def test_a_file_that_is_no_sound_yaml(tmp_path: Path, text: str, told: str) -> None:
    first = problems(tmp_path, feeds=text)[0]

    assert first.startswith(f"feeds.yaml{told}")


def test_aliases_that_repeat_themselves_without_end_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]

    assert any("repeats itself by aliases" in line for line in problems(tmp_path, feeds="\n".join(lines)))


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_bytes("feeds: []\n# é\n".encode("latin-1"))

    assert problems(tmp_path) == ["feeds.yaml:2: is not UTF-8; save the file in that encoding"]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a configuration folder; give its name with --config"):
        load(tmp_path / "absent", {})


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").mkdir()

    assert problems(tmp_path) == ["feeds.yaml: cannot be read: Is a directory"]


def test_all_mistakes_of_all_files_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        monitor="timezone: Mars\nweb: {port: x}\n",
        feeds="feeds:\n  - {url: nowhere}\n",
        projects=f"{GOOD}  - {{id: plant, name: P, who: x, lifecycle: rail}}\n  - {{name: Q, known: 3}}\n",
        subscribers="subscribers:\n  - {name: A, to: [x], send: x, quiet_hours: x}\n",
    )

    assert [line.split(": ", 2)[:2] for line in told] == [
        ["feeds.yaml:2", "feeds[0].url"],
        ["monitor.yaml:1", "timezone"],
        ["monitor.yaml:2", "web.port"],
        ["projects.yaml:3", "projects[1].id"],
        ["projects.yaml:3", "projects[1].lifecycle"],
        ["projects.yaml:3", "projects[1].who"],
        ["projects.yaml:4", "projects[2]"],
        ["projects.yaml:4", "projects[2].id"],
        ["projects.yaml:4", "projects[2].known"],
        ["subscribers.yaml:2", "subscribers[0].quiet_hours"],
        ["subscribers.yaml:2", "subscribers[0].send"],
        ["subscribers.yaml:2", "subscribers[0].to[0]"],
    ]


PHRASE = (
    "phrases:\n  - language: fr\n    words: [pioche]\n    always: construction reached\n"
    "    examples: [{text: A., claims: []}]\n"
)


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        pytest.param(
            "construction reached",
            "constuction reached",
            "reading.yaml:4: phrases[0].always: there is no stage 'constuction' (did you mean construction?); "
            "there are announced, agreed, approved, construction, completed, commissioning, operating, delayed, ",
            id="stage",
        ),
        pytest.param(
            "always: construction reached",
            "never: constuction",
            "reading.yaml:4: phrases[0].never: there is no stage 'constuction' (did you mean construction?); ",
            id="stage never meant",
        ),
        pytest.param(
            "reached",
            "reachd",
            "reading.yaml:4: phrases[0].always: invalid state 'reachd' (did you mean reached?); "
            "write reached, expected or denied",
            id="state",
        ),
        pytest.param(
            " reached",
            "",
            "reading.yaml:4: phrases[0].always: 'construction' names no state; write reached, expected or denied "
            "behind it: construction reached",
            id="no state",
        ),
        pytest.param(
            "reached",
            "reached now",
            "reading.yaml:4: phrases[0].always: invalid claim 'construction reached now'; "
            "write a stage and a state: construction reached",
            id="more than a claim",
        ),
        pytest.param(
            "construction reached",
            "''",
            "reading.yaml:4: phrases[0].always: invalid claim ''; write a stage and a state: construction reached",
            id="no claim",
        ),
        pytest.param(
            "claims: []",
            "claims: [canceled reached]",
            "reading.yaml:5: phrases[0].examples[0].claims[0]: there is no stage 'canceled' (did you mean cancelled?)",
            id="stage of an example",
        ),
        pytest.param(
            "    always",
            "    never: closed\n    always",
            "reading.yaml:2: phrases[0]: needs either always or never: the claim that its words mean, or do not",
            id="both",
        ),
        pytest.param(
            "    always: construction reached\n", "", "reading.yaml:2: phrases[0]: needs either always or", id="neither"
        ),
        pytest.param(
            "language: fr",
            "language: de",
            "reading.yaml:2: phrases[0].language: there is no vocabulary of 'de'; there are ar, en, es, fr, zh",
            id="language that is not read",
        ),
        pytest.param("[pioche]", "[]", "reading.yaml:3: phrases[0].words: must have at least 1 item", id="no words"),
        pytest.param(
            "[pioche]",
            "['…']",
            "reading.yaml:3: phrases[0].words[0]: holds no letter or digit, so that",
            id="no letter",
        ),
        pytest.param(
            "words",
            "word",
            "reading.yaml:3: phrases[0].word: unknown key (did you mean words?); ",
            id="key",
        ),
        pytest.param(
            "    examples: [{text: A., claims: []}]\n",
            "",
            "reading.yaml:2: phrases[0].examples: is missing: At least one sentence with the words",
            id="no example",
        ),
    ],
)
def test_a_mistake_in_reading_yaml(tmp_path: Path, written: str, instead: str, told: str) -> None:
    found = problems(tmp_path, reading=PHRASE.replace(written, instead, 1))

    assert any(problem.startswith(told) for problem in found), found
