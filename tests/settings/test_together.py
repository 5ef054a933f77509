"""All problems of an item are told at once: who mends one does not meet the next."""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings import load

GOOD = "projects:\n  - {id: plant, name: Plant, who: [Acme]}\n"
#: The list of an item → the file of the list, an item, and mistakes in it. A key with None is left out.
ITEMS: Mapping[str, tuple[str, dict[str, object], tuple[dict[str, object], ...]]] = {
    "projects": (
        "projects",
        {"id": "two", "name": "P", "who": ["Beta"]},
        (
            {"id": None},
            {"id": "Two!"},
            {"name": None},
            {"name": {"English": "P"}},
            {"lifecycle": "railway"},
            {"who": None},
            {"known": [{"stage": "agreed", "date": "soon"}]},
            {"phases": [{"name": "a", "words": ["x"]}, {"name": "a", "words": []}]},
            {"quiet_after": "3"},
            {"owner": "x"},
        ),
    ),
    "subscribers": (
        "subscribers",
        {"name": "Desk", "to": ["console://"]},
        (
            {"name": None},
            {"to": None},
            {"to": ["nosuch://x"]},
            {"to": ["console://", "console://"]},
            {"to": ["nosuch://x", {"first": "console://"}]},
            {"stages": ["agred"]},
            {"away": {"from": "2026-02-01", "to": "2026-01-01", "why": "x"}},
            {"mute": {"until": "soon"}},
            {"language": "French"},
        ),
    ),
    "feeds": (
        "feeds",
        {"url": "https://example.org/a"},
        ({"url": None}, {"url": "file:none.xml"}, {"trust": "2"}, {"page": {"itm": "x"}}, {"nam": "x"}),
    ),
    "searches": (
        "feeds",
        {"name": "S", "queries": {"en": "x"}},
        ({"name": None}, {"queries": None}, {"engines": ["nope"]}, {"queries": {"French": "x"}}, {"trust": "2"}),
    ),
    "phrases": (
        "reading",
        {
            "language": "en",
            "words": ["x"],
            "always": "agreed reached",
            "examples": [{"text": "x", "claims": ["agreed reached"]}],
        },
        (
            {"language": "de"},
            {"words": []},
            {"always": None},
            {"always": "agred reached"},
            {"examples": [{"text": "x", "claims": ["agred reached"]}]},
            {"sentence": "x"},
        ),
    ),
}
PAIRS = [
    pytest.param(name, one, other, id=f"{name}: {json.dumps(one)} and {json.dumps(other)}")
    for name, (_, _, mistakes) in ITEMS.items()
    for one, other in combinations(mistakes, 2)
    if one.keys().isdisjoint(other)
]


def told(folder: Path, name: str, *mistakes: Mapping[str, object]) -> set[str]:
    """What is told of an item with these mistakes."""
    file, item, _ = ITEMS[name]
    for mistake in mistakes:
        item = {key: value for key, value in {**item, **mistake}.items() if value is not None}
    written = f"  - {json.dumps(item)}\n"
    (folder / "projects.yaml").write_text(GOOD)
    (folder / f"{file}.yaml").write_text(f"{GOOD}{written}" if name == "projects" else f"{name}:\n{written}")
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    return {str(problem) for problem in caught.value.problems}


@pytest.mark.parametrize(("name", "one", "other"), PAIRS)
def test_two_mistakes_in_one_item_are_told_at_once(
    tmp_path: Path, name: str, one: dict[str, object], other: dict[str, object]
) -> None:
    both = told(tmp_path, name, one, other)

    assert both == told(tmp_path, name, one) | told(tmp_path, name, other)


def test_a_wrong_name_is_compared_with_no_other(tmp_path: Path) -> None:
    (tmp_path / "projects.yaml").write_text("projects:\n  - {name: P, who: [Acme]}\n  - {name: P, who: [Beta]}\n")

    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})

    assert [problem.key for problem in caught.value.problems] == ["projects[0].id", "projects[1].id"]
