"""Invented siblings, rivals and neighbours beside the watched projects of an article: a real list watches many.

They need no new prose: the article tells nothing of them, though it has their company, product or town.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

from monitor.core.model import Project
from training.data import Example, Watched
from training.sheets.names import FOREIGN, company
from training.sheets.projects import draw_other_town
from training.sheets.tables import Kind, Town, alike, kinds, towns

#: The most projects that are watched beside those of the article; articles that watch more stay as they are.
MOST = 5


def surrounded(example: Example, *, seed: int = 1) -> Example:
    """The article, watched with up to three invented projects more: the same ones for the same seed."""
    rng = random.Random(f"{seed}/{example.article.key}")
    own = example.watched.projects
    if not own or len(own) >= MOST:
        return example
    others = [other for number in range(rng.randint(0, 3)) for other in _others(rng, example, number)]
    if not others:
        return example
    # An operator lists them in any order.
    projects = [*own, *others]
    rng.shuffle(projects)
    return replace(example, watched=Watched(tuple(projects), example.watched.lifecycles))


def _others(rng: random.Random, example: Example, number: int) -> Iterator[Project]:
    """One more project, if one can be invented of which the article certainly tells nothing."""
    text = f"{example.article.title}\n{example.article.text}".casefold()
    beside = rng.choice(example.watched.projects)
    language = example.article.language or "en"
    found = replace(beside, id=f"{beside.id}-beside-{number}", name={"": f"beside {number}"})
    way = rng.choice(("sibling", "sibling", "rival", "rival", "neighbour", "second"))
    if way == "sibling" and beside.who:
        town = draw_other_town(rng, rng.choice(towns()), same_country=50)
        if not any(name.casefold() in text for name in town.names.values()):
            what = beside.what if rng.random() < 0.5 else _words(rng.choice(kinds()), language)
            yield replace(found, what=what, where=_places(town, language))
    elif way == "rival":
        yield replace(found, who=company(rng, rng.choice(FOREIGN), "plant").variants(language))
    elif way == "neighbour" or (way == "second" and beside.who):
        what = _words(rng.choice([*alike(rng.choice(kinds())), *kinds()]), language)
        if not any(word.casefold() in text for word in what):
            who = company(rng, rng.choice(FOREIGN), "plant").variants(language) if way == "neighbour" else beside.who
            yield replace(found, who=who, what=what)


def _words(kind: Kind, language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*kind.words[language], *kind.words["en"])))


def _places(town: Town, language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((town.names[language], town.names["en"], town.country.names[language])))
