"""Checks whether an operator's templates can be used: tries each with an example of every kind of change."""

from collections.abc import Iterator, Mapping

from monitor.core.message.briefing import Occasion
from monitor.core.message.compose import compose, compose_digest
from monitor.core.message.examples import EXAMPLES, TOGETHER, UNMOVED
from monitor.core.message.voice import Voice
from monitor.errors import Problem
from monitor.wording.catalogues import catalogues
from monitor.wording.layouts import FOLDER, Layouts, fault


def faults(own: Mapping[str, str]) -> Iterator[Problem]:
    """The first problem of each of these templates, which are given by name."""
    usable = {}
    for name, text in own.items():
        found = fault(name, text)
        if found is None:
            usable[name] = text
        else:
            yield found
    failed: dict[str, str] = {}
    _try_all(Voice(catalogues=catalogues(), layouts=Layouts(usable, report=failed.setdefault)))
    for name, what in failed.items():
        yield Problem(file=f"{FOLDER}/{name}", line=None, key="", message=f"fails on an example: {what}")


def _try_all(voice: Voice) -> None:
    when = TOGETHER[0].change.at
    for language in voice.catalogues:
        for briefing in EXAMPLES.values():
            compose(briefing, voice=voice, language=language)
        for occasion in Occasion:
            compose_digest(
                TOGETHER,
                id="b1",
                at=when,
                occasion=occasion,
                voice=voice,
                language=language,
                unmoved=UNMOVED,
                with_doubt=True,
            )
