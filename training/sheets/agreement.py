"""A second reader who has not seen the labels: what it is given, and how far it agrees."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both found, and what only one did; each is an article, a project, a stage and a state."""

    both: tuple[Key, ...]
    only_sheet: tuple[Key, ...]
    only_reader: tuple[Key, ...]
    articles: int

    @property
    def f1(self) -> float:
        total = 2 * len(self.both) + len(self.only_sheet) + len(self.only_reader)
        return 2 * len(self.both) / total if total else 1.0


def blind(article: Mapping[str, Any]) -> str:
    """The article as the second reader gets it: a line of JSON without labels, writer or register."""
    return json.dumps(
        {key: article[key] for key in ("id", "lang", "published", "title", "text", "projects")}, ensure_ascii=False
    )


def agreement(labelled: Iterable[Mapping[str, Any]], answers: Iterable[Mapping[str, Any]]) -> Agreement:
    """Compare the claims of the articles that the reader answered. ``announced`` counts only where it stands alone."""
    given = {answer["id"]: answer for answer in answers}
    read = [article for article in labelled if article["id"] in given]
    mine = {key for article in read for key in _keys(article["id"], article["labels"])}
    theirs = {key for article in read for key in _keys(article["id"], given[article["id"]])}
    neutral = {
        (article["id"], claim["project"], claim["stage"], claim["state"])
        for article in read
        for claim in article["labels"].get("optional", [])
    }
    neutral |= {(key, project, "announced", "reached") for key, project, stage, _ in mine if stage != "announced"}
    return Agreement(
        both=tuple(sorted((mine & theirs) - neutral)),
        only_sheet=tuple(sorted(mine - theirs - neutral)),
        only_reader=tuple(sorted(theirs - mine - neutral)),
        articles=len(read),
    )


def _keys(article: str, labels: Mapping[str, Any]) -> set[Key]:
    return {(article, claim["project"], claim["stage"], claim["state"]) for claim in labels["claims"]}
