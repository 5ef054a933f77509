"""Words of a project that may bring it the news of something else: common words, places, acronyms, names of others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.model import Project
from monitor.core.reading.projects.forms import forms
from monitor.core.reading.projects.matching import MentionRole
from monitor.core.reading.projects.pointers import Pointers, Sense, Small
from monitor.core.reading.text.text import Text, bare

#: What words that stand for any company, plan or work mean.
_COMMON = frozenset({Sense.OWNER, Sense.WORKS, Sense.PLANS, Sense.PART})
_PLACES = frozenset({Sense.COUNTRY, Sense.TOWN})
#: The most letters of an acronym that stands for many things.
_SHORT = 3


class CautionReason(StrEnum):
    """Why a word may bring the news of something else."""

    #: Texts about anything contain it.
    COMMON = "common"
    #: It names a place, and not a company or a product.
    PLACE = "place"
    #: An acronym of two or three letters, and ``not`` lists nothing that it does not mean.
    SHORT = "short"
    #: A company of other projects too. Their ``what`` differs and tells them apart.
    SIBLING = "sibling"
    #: A company of other projects too, and no ``what`` tells them apart.
    TWIN = "twin"
    #: A word of other projects in another role.
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Caution:
    """A word of a project to think about again."""

    role: MentionRole
    word: str
    reason: CautionReason
    #: The ids of the other projects that have the word.
    others: tuple[str, ...] = ()


def cautions(project: Project, others: Sequence[Project], vocabularies: Mapping[str, Pointers]) -> Iterator[Caution]:
    """The words of a project to think about again.

    Args:
        project: the project.
        others: the other watched projects.
        vocabularies: the pointing words by language.
    """
    for word in project.who:
        yield from _about(MentionRole.WHO, word, project, vocabularies)
        yield from _shared(word, project, others)
    for word in project.what:
        yield from _about(MentionRole.WHAT, word, project, vocabularies)
        yield from _elsewhere(MentionRole.WHAT, word, others)


def _about(role: MentionRole, word: str, project: Project, vocabularies: Mapping[str, Pointers]) -> Iterator[Caution]:
    senses = {sense for vocabulary in vocabularies.values() for sense in _senses(word, vocabulary)}
    if _COMMON & senses or any(_is_common(role, bare(word), vocabulary) for vocabulary in vocabularies.values()):
        yield Caution(role, word, CautionReason.COMMON)
    elif _PLACES & senses:
        yield Caution(role, word, CautionReason.PLACE)
    elif len(word) <= _SHORT and word.isascii() and not project.not_:
        yield Caution(role, word, CautionReason.SHORT)


def _is_common(role: MentionRole, word: str, vocabulary: Pointers) -> bool:
    """Whether a word stands for any facility, or is one of the small words of its language."""
    small = vocabulary.small(word)
    # A product need not be written like a name.
    return word in vocabulary.generic or (
        small is not None and not (role is MentionRole.WHAT and small is Small.NO_NAME)
    )


def _senses(word: str, vocabulary: Pointers) -> Iterator[Sense]:
    """The senses of pointing words that are the whole word."""
    text = Text.of(word)
    for pointer in vocabulary.find(text):
        if (pointer.span.start, pointer.span.end) == (0, len(text.bare)):
            yield pointer.sense


def _shared(word: str, project: Project, others: Sequence[Project]) -> Iterator[Caution]:
    siblings = [other for other in others if _is_in(word, other.who)]
    twins = [other for other in siblings if not _are_apart(project, other)]
    if twins:
        yield Caution(MentionRole.WHO, word, CautionReason.TWIN, tuple(other.id for other in twins))
    elif siblings:
        yield Caution(MentionRole.WHO, word, CautionReason.SIBLING, tuple(other.id for other in siblings))
    yield from _elsewhere(MentionRole.WHO, word, others)


def _elsewhere(role: MentionRole, word: str, others: Sequence[Project]) -> Iterator[Caution]:
    """Other projects that have the word in another role than this one."""
    found = tuple(
        other.id
        for other in others
        if _is_in(word, (*other.where, *(other.what if role is MentionRole.WHO else other.who)))
    )
    if found:
        yield Caution(role, word, CautionReason.ELSEWHERE, found)


def _are_apart(one: Project, other: Project) -> bool:
    """Whether each has a ``what``, and they share none."""
    return bool(one.what and other.what) and not any(_is_in(word, other.what) for word in one.what)


def _is_in(word: str, words: Sequence[str]) -> bool:
    spellings = forms(word, inflected=False)
    return any(not spellings.isdisjoint(forms(each, inflected=False)) for each in words)
