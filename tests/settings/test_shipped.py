"""What is shipped can be used as it is: the configuration, the chronicle, the starter, the schemas."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from monitor.core.identity import address_key
from monitor.errors import ConfigError
from monitor.settings import Config, load
from monitor.settings.init import init, schema, schema_files
from monitor.settings.scalars import parse_duration

SHIPPED = Path(__file__).parents[2] / "config"
STARTER = Path(__file__).parents[2] / "monitor" / "settings" / "starter"
LANGUAGES = {"ar", "en", "es", "fr", "zh"}


@pytest.fixture(scope="module")
def shipped() -> Config:
    return load(SHIPPED, {})


# ---------------------------------------------------------------- config/


def test_the_shipped_configuration_needs_no_environment_and_warns_of_nothing(shipped: Config) -> None:
    assert shipped.warnings == ()
    assert shipped.timezone == "Africa/Casablanca"
    assert [destination.url for subscriber in shipped.subscribers for destination in subscriber.to] == ["console://"]


def test_every_project_has_a_name_and_words_in_each_language(shipped: Config) -> None:
    for project in shipped.projects:
        assert set(project.name) == LANGUAGES, project.id
        words = " ".join((*project.who, *project.what, *project.where))
        assert re.search(r"[\u0600-\u06ff]", words), project.id
        assert re.search(r"[\u4e00-\u9fff]", words), project.id


def test_every_known_milestone_carries_its_date_and_source(shipped: Config) -> None:
    for project in shipped.projects:
        assert project.known, project.id
        assert all(known.date is not None and known.source for known in project.known), project.id


def test_the_feeds_speak_every_language_and_are_weighed(shipped: Config) -> None:
    assert {feed.language for feed in shipped.feeds if feed.language} == LANGUAGES
    searches = [feed for feed in shipped.feeds if urlsplit(feed.url).hostname in {"news.google.com", "www.bing.com"}]
    assert all(feed.trust == 0.3 for feed in searches)
    assert len(shipped.feeds) - len(searches) > 30


def test_the_queries_of_news_searches_are_encoded(shipped: Config) -> None:
    for feed in shipped.feeds:
        assert feed.url.isascii(), feed.url
        if "search" in feed.url:
            assert parse_qs(urlsplit(feed.url).query, strict_parsing=True)["q"], feed.url


def test_the_searches_give_the_addresses_under_which_their_feeds_are_known(shipped: Config) -> None:
    # A changed address is a new feed: its past would be imported again.
    known = (Path(__file__).parent / "data" / "searches.tsv").read_text("utf-8").splitlines()
    found = [f"{feed.url}\t{feed.name}\t{feed.language}" for feed in shipped.feeds if "search?" in feed.url]

    assert sorted(found) == sorted(known)


def test_nobody_writes_an_encoded_query_by_hand() -> None:
    assert "%" not in (SHIPPED / "feeds.yaml").read_text("utf-8")


def test_the_settings_written_out_are_the_defaults_but_for_the_time_zone(shipped: Config, tmp_path: Path) -> None:
    (tmp_path / "projects.yaml").write_text("projects: [{id: a, name: A, who: [a]}]")
    bare = load(tmp_path, {})

    assert (shipped.polling, shipped.fetch, shipped.web) == (bare.polling, bare.fetch, bare.web)
    assert (shipped.alert_horizon, shipped.weighing) == (bare.alert_horizon, bare.weighing)


def test_the_examples_of_messages_tell_of_no_project_that_exists(shipped: Config) -> None:
    golden = Path(__file__).parents[1] / "core" / "golden"
    shown = {file.name: file.read_text(encoding="utf-8") for file in golden.iterdir()}
    assert len(shown) > len(LANGUAGES)

    for name in {name for project in shipped.projects for name in (project.id, *project.who)}:
        # Latin names stand between other letters; others may have a letter before them that belongs to no name.
        found = re.compile(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", re.IGNORECASE)
        assert [file for file, text in shown.items() if found.search(text)] == [], name


# ---------------------------------------------------------------- config/history.xml


def history() -> list[ET.Element]:
    return ET.parse(SHIPPED / "history.xml").getroot().findall("channel/item")


def test_the_chronicle_runs_from_2022_to_2025_newest_first() -> None:
    dates = [parsedate_to_datetime(item.findtext("pubDate", "")) for item in history()]

    assert len(dates) >= 40
    assert dates == sorted(dates, reverse=True)
    assert datetime(2022, 1, 1, tzinfo=UTC) < dates[-1] < dates[0] < datetime(2026, 1, 1, tzinfo=UTC)


def test_every_entry_of_the_chronicle_is_complete_and_told_once() -> None:
    items = history()

    for item in items:
        assert urlsplit(item.findtext("link", "")).hostname
        assert item.findtext("source")
        assert item.findtext("title")
        assert len(item.findtext("description", "")) > 15
        assert item.findtext("{http://purl.org/dc/elements/1.1/}language") in LANGUAGES
    for key in ("guid", "link"):
        assert len({item.findtext(key) for item in items}) == len(items)


def test_the_chronicle_tells_of_every_project(shipped: Config) -> None:
    told = {item.findtext("guid", "").split("/")[2] for item in history()}

    assert told == {project.id for project in shipped.projects}


def test_the_chronicle_retells_every_page_that_the_operator_knows_a_milestone_from(shipped: Config) -> None:
    retold = {address_key(item.findtext("link", "")) for item in history()}
    known = [known for project in shipped.projects for known in project.known if known.source]

    assert [each.source for each in known if address_key(each.source or "") not in retold] == []


# ---------------------------------------------------------------- init


def test_init_writes_a_configuration_that_loads(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "config"
    written = init(folder)
    config = load(folder, {})

    assert {path.relative_to(folder).as_posix() for path in written} >= {"projects.yaml", "schema/projects.json"}
    assert config.warnings == ()
    assert len(config.projects) == 1


def test_init_never_overwrites(tmp_path: Path) -> None:
    mine = tmp_path / "projects.yaml"
    mine.write_text("projects: [{id: mine, name: Mine, who: [me]}]")
    first = init(tmp_path)

    assert mine not in first
    assert init(tmp_path) == ()
    assert [project.id for project in load(tmp_path, {}).projects] == ["mine"]


def test_init_tells_what_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="cannot be written: Not a directory"):
        init(tmp_path / "file" / "config")


FILES = tuple(Path(name).stem for name in schema())


@pytest.mark.parametrize("name", FILES)
def test_the_starter_has_a_line_for_every_key(name: str) -> None:
    content = schema()[f"{name}.yaml"]

    missing = set(keys_of(content, content.get("$defs", {}))) - set(keys_in(starter(name)))

    assert missing - WITHOUT_EFFECT == set(), f"write these keys, with what they do, into starter/{name}.yaml"


@pytest.mark.parametrize("name", FILES)
def test_the_starter_says_what_each_key_does(name: str) -> None:
    """A key is explained at its end, or where it opens a part of the file, above it."""
    lines = (STARTER / f"{name}.yaml").read_text("utf-8").splitlines()
    seen = set[str]()
    for above, line in pairwise(lines):
        key = re.match(r"#?(?:  )*(?:- )?(\w+):(?: |$)", line)
        if key and key[1] not in seen:
            seen.add(key[1])
            says = "  # " in line or above.startswith(("# ", "#    # "))
            assert says or key[1] in OBVIOUS, f"{name}.yaml: {line}"


def test_what_the_starter_of_the_settings_shows_is_the_default_where_there_is_one() -> None:
    content = schema()["monitor.yaml"]
    defaults = dict(defaults_of(content, content["$defs"]))

    shown = {path: value for path, value in leaves(starter("monitor")) if defaults.get(path) is not None}

    assert len(shown) > 25
    for path, value in shown.items():
        assert measured(value) == measured(defaults[path]), path


#: Kept so that old files load.
WITHOUT_EFFECT = {"reader.llm.below"}
#: Their names say it, or the lines beside them do.
OBVIOUS = {
    "name", "url", "id", "model", "projects", "subscribers", "to", "first", "else", "phrases", "text", "language",
    "requests_per_day", "tokens_per_day", "requests_per_article", "tokens_per_article", "who", "words", "railway",
}  # fmt: skip


def starter(name: str) -> Any:
    """The file with every example in force."""
    return YAML(typ="safe", pure=True).load(uncommented((STARTER / f"{name}.yaml").read_text("utf-8")))


def keys_of(node: dict[str, Any], definitions: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every key that a schema knows, after those that lead to it. The items of a list share their keys."""
    if "$ref" in node:
        node = definitions[node["$ref"].rsplit("/", 1)[-1]]
    for key, each in node.get("properties", {}).items():
        yield f"{path}{key}"
        yield from keys_of(each, definitions, f"{path}{key}.")
    for each in (*node.get("anyOf", ()), *([node["items"]] if "items" in node else [])):
        yield from keys_of(each, definitions, path)


def keys_in(value: Any, path: str = "") -> Iterator[str]:
    """Every key of a file, as ``keys_of``."""
    for item in value if isinstance(value, list) else ():
        yield from keys_in(item, path)
    for key, item in value.items() if isinstance(value, dict) else ():
        yield f"{path}{key}"
        yield from keys_in(item, f"{path}{key}.")


def defaults_of(node: dict[str, Any], definitions: dict[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    if "$ref" in node:
        node = definitions[node["$ref"].rsplit("/", 1)[-1]]
    for key, each in node.get("properties", {}).items():
        yield f"{path}{key}", each.get("default")
        for option in (each, *each.get("anyOf", ())):
            yield from defaults_of(option, definitions, f"{path}{key}.")


def leaves(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    for key, item in value.items():
        if isinstance(item, dict):
            yield from leaves(item, f"{path}{key}.")
        else:
            yield f"{path}{key}", item


def measured(value: object) -> object:
    """A size in bytes, or a duration, whatever the unit that it is written in."""
    if not isinstance(value, str):
        return value
    with suppress(ValueError):
        return parse_duration(value)
    return int(value.removesuffix("MB")) * 1_000_000 if value.endswith("MB") else value


@pytest.mark.parametrize("name", FILES)
def test_what_the_starter_leaves_commented_out_is_valid_too(tmp_path: Path, name: str) -> None:
    init(tmp_path)
    (tmp_path / "history.xml").write_text("<rss/>")
    (tmp_path / "slack_token").write_text("T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    (tmp_path / "slack_token").chmod(0o600)
    text = (STARTER / f"{name}.yaml").read_text("utf-8").replace("/run/secrets/slack_token", "slack_token")
    text = text.replace("weights: weights ", f"weights: {STARTER.parents[1] / 'readers/trained/weights'} ")
    (tmp_path / f"{name}.yaml").write_text(uncommented(text), encoding="utf-8")

    load(tmp_path, {"SMTP_USER": "user", "SMTP_PASSWORD": "password", "LLM_API_KEY": "key", "OIDC_SECRET": "key"})


def uncommented(text: str) -> str:
    """The examples without their '#', which a space follows only where it opens a sentence."""
    return re.sub(r"^#(?=  |[a-z])", "", text, flags=re.MULTILINE)


# ---------------------------------------------------------------- schemas


def test_the_schemas_beside_the_files_are_todays() -> None:
    for name, text in schema_files().items():
        assert (SHIPPED / name).read_text("utf-8") == text, (
            "out of date; remove config/schema and run: monitor init config --example morocco"
        )


def test_each_file_points_editors_to_its_schema() -> None:
    for folder in (SHIPPED, STARTER):
        for path in folder.glob("*.yaml"):
            first = path.read_text("utf-8").splitlines()[0]
            assert first == f"# yaml-language-server: $schema=schema/{path.stem}.json"


def test_every_key_has_a_description() -> None:
    for name, content in schema().items():
        for model in (content, *content.get("$defs", {}).values()):
            for key, field in model.get("properties", {}).items():
                assert field.get("description") or "$ref" in json.dumps(field), f"{name}: {key}"


@pytest.mark.parametrize("folder", [SHIPPED, STARTER], ids=["shipped", "starter"])
def test_the_schemas_accept_what_is_shipped(folder: Path) -> None:
    for path in folder.glob("*.yaml"):
        content = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
        if content is not None:
            assert_valid(plain(content), schema()[path.name], schema()[path.name].get("$defs", {}))


def plain(value: object) -> object:
    """What JSON would have: dates as the text that they were written as."""
    return json.loads(json.dumps(value, default=str))


def assert_valid(value: Any, node: dict[str, Any], definitions: dict[str, Any]) -> None:
    """The part of JSON Schema that our schemas use."""
    if "$ref" in node:
        node = definitions[node["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in node:
        node = next(option for option in node["anyOf"] if "const" in option or type(value) in types_of(option))
    assert not types_of(node) or type(value) in types_of(node), (value, node)
    assert value == node.get("const", value)
    assert value in node.get("enum", [value])
    assert not isinstance(value, str) or re.search(node.get("pattern", ""), value)
    for item in value if isinstance(value, list) else ():
        assert_valid(item, node["items"], definitions)
    for key, item in value.items() if isinstance(value, dict) and "properties" in node else ():
        assert_valid(item, node["properties"][key], definitions)


def types_of(node: dict[str, Any]) -> set[type]:
    names = node.get("type", [])
    types = {
        "object": dict,
        "array": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "number": float,
        "null": type(None),
    }
    return {types[name] for name in ([names] if isinstance(names, str) else names)}
