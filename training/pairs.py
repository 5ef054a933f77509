"""What the model learns from: each article in pieces, with its candidate projects and what is right of each of them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML

from monitor.core.evaluation.scoring import LabelledClaim, LabelledFact, agree, is_same_fact
from monitor.core.lifecycle import PLANNED
from monitor.core.model import Article, State
from monitor.core.reading.dates.timex import time_expressions
from monitor.core.reading.flags import OF_STAGE
from monitor.core.reading.layout import Layout, Surveyor, hits
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import Matcher, PhaseNames
from monitor.core.reading.segment import segment
from monitor.core.reading.trained.pieces import Pieces, Tokenizer, Window, windows
from monitor.core.reading.trained.scheme import CLAIMS, KINDS
from training.data import Example, Part, Places, Watched

#: Of a claim that nobody knows: it counts neither way.
UNKNOWN = -1
#: The date of a claim that has none.
NO_DATE = -1
_NUMBER = {claim: number for number, claim in enumerate(CLAIMS)}
_KIND = {kind: number for number, kind in enumerate(KINDS, 1)}


@dataclass(slots=True, kw_only=True)
class Pair:
    """One article and one candidate project."""

    project: str
    flags: npt.NDArray[np.uint8]
    #: 1 where the article makes the claim, 0 where not, ``UNKNOWN``.
    claims: npt.NDArray[np.int8]
    relevant: int
    #: For claims whose words are known, the pieces of these.
    evidence: dict[int, npt.NDArray[np.int64]] = field(default_factory=dict)
    #: For claims whose date can be told, the time expressions that say it; none where there is no date.
    dates: dict[int, list[int]] = field(default_factory=dict)
    #: For each amount its kind as in ``KINDS``, from 1; 0 where it is no fact of the project. Empty where facts are
    #: unknown.
    amounts: npt.NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))


@dataclass(slots=True, kw_only=True)
class Pack:
    """One article."""

    key: str
    writer: str
    part: Part
    language: str
    ids: npt.NDArray[np.int32]
    windows: Sequence[Window]
    sentences: npt.NDArray[np.int64]
    clauses: npt.NDArray[np.int64]
    times: tuple[range, ...]
    #: By state, time expression and trait.
    traits: npt.NDArray[np.float32]
    amounts: tuple[range, ...]
    pairs: list[Pair]
    #: Labelled projects that were not offered.
    lost: int = 0
    is_sentence: bool = False


class Packer:
    """Turns labelled articles into packs. Keeps what each set of projects needs."""

    def __init__(self, tokenizer: Tokenizer, lexicons: Mapping[str, Lexicon]) -> None:
        self._tokenizer = tokenizer
        self._lexicons = lexicons
        self._desk = lru_cache(maxsize=64)(self._made)

    def _made(self, watched: Watched) -> Surveyor:
        return Surveyor(watched.projects, self._lexicons, Matcher(watched.projects))

    def pack(self, example: Example) -> Pack | None:
        """None where the article is in another language, or may concern nothing."""
        layout = self._desk(example.watched).lay_out(example.article)
        if layout is None:
            return None
        ids, pieces = tokenized(self._tokenizer, layout)
        pairs = [self._pair(example, layout, pieces, project) for project in layout.candidates]
        return self._packed(example, layout, ids, pieces, pairs)

    def sentence(self, text: str, language: str, told: Iterable[str], key: str, writer: str) -> Pack | None:
        """A sentence of which all is known that it tells of the project that it is about, whichever that is."""
        lexicon = self._lexicons[language]
        article = Article(key=key, url=None, title="", text=text, published=None, language=language)
        document = segment(article, lexicon)
        layout = Layout(
            document=document,
            mentions=(),
            pointers=(),
            candidates=("",),
            times=time_expressions(document, lexicon.dates),
            amounts=(),
            phases=PhaseNames(()).within(document),
            hits=tuple(hits(document, lexicon)),
        )
        ids, pieces = tokenized(self._tokenizer, layout)
        if not len(pieces):
            return None
        claims = np.zeros(len(CLAIMS), np.int8)
        # Whether a sentence on a project is a plan depends on what else is told.
        claims[_NUMBER[PLANNED, State.REACHED]] = UNKNOWN
        for claim in told:
            stage, state = claim.split()
            claims[_NUMBER[stage, State(state)]] = 1
        pair = Pair(project="", flags=pieces.flags("").astype(np.uint8), claims=claims, relevant=UNKNOWN)
        return Pack(
            key=key,
            writer=writer,
            part=Part.TRAINING,
            language=language,
            ids=ids,
            windows=windows(len(ids), headline=0),
            sentences=pieces.sentences,
            clauses=pieces.clauses,
            times=(),
            traits=np.zeros((len(State), 0, 0), np.float32),
            amounts=(),
            pairs=[pair],
            is_sentence=True,
        )

    def _packed(
        self, example: Example, layout: Layout, ids: npt.NDArray[np.int32], pieces: Pieces, pairs: list[Pair]
    ) -> Pack:
        labelled = example.label.projects
        return Pack(
            key=example.article.key,
            writer=example.writer,
            part=example.part,
            language=example.article.language or "",
            ids=ids,
            windows=windows(len(ids), headline=pieces.headline),
            sentences=pieces.sentences,
            clauses=pieces.clauses,
            times=pieces.times,
            traits=np.stack([pieces.traits(state) for state in State]),
            amounts=pieces.amounts,
            pairs=pairs,
            lost=len(labelled - set(layout.candidates)),
        )

    def _pair(self, example: Example, layout: Layout, pieces: Pieces, project: str) -> Pair:
        pair = Pair(
            project=project,
            flags=pieces.flags(project).astype(np.uint8),
            claims=np.zeros(len(CLAIMS), np.int8),
            relevant=1 if project in example.relevant else UNKNOWN if example.is_rough else 0,
            amounts=_amounts(example, layout, project) if example.has_facts else np.zeros(0, np.int8),
        )
        for stage, state in (key[1:] for key in example.optional if key[0] == project):
            pair.claims[_NUMBER[stage, state]] = UNKNOWN
        own = [claimed for claimed in example.claims if claimed.claim.project == project]
        for claimed in own:
            claim = claimed.claim
            number = _NUMBER[claim.stage, claim.state]
            pair.claims[number] = 1
            where = _pieces_of(pieces, claimed.spans)
            if not example.has_places:
                where = _weak(layout, pieces, claim)
            if where:
                before = pair.evidence.get(number, np.zeros(0, np.int64))
                pair.evidence[number] = np.union1d(before, np.array(where, np.int64))
            dates = None if example.is_rough else _dates(layout, claim, claimed.date_spans)
            if dates is not None:
                pair.dates[number] = [*pair.dates.get(number, ()), *dates]
        if any(c.claim.state is State.REACHED and c.claim.stage != PLANNED for c in own):
            pair.claims[_NUMBER[PLANNED, State.REACHED]] = UNKNOWN
        return pair


def tokenized(tokenizer: Tokenizer, layout: Layout) -> tuple[npt.NDArray[np.int32], Pieces]:
    """The numbers of the pieces of an article, and where they stand."""
    ids, offsets = tokenizer.tokenize(layout.document.text.original)
    return np.array(ids, np.int32), Pieces(layout, offsets)


def statements(path: Path, packer: Packer) -> Iterator[Pack]:
    """The plain statements of the tests."""
    data = YAML(typ="safe").load(path)
    for number, statement in enumerate(data["statements"]):
        for language in data["opening"]:
            if language in statement:
                key = f"statement-{number}-{language}"
                pack = packer.sentence(statement[language], language, statement["means"], key, "statements")
                if pack is not None:
                    yield pack


def sentences(path: Path, packer: Packer) -> Iterator[Pack]:
    """Sentences of which all is known that each tells."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(map(json.loads, file)):
            pack = packer.sentence(line["text"], line["lang"], line["claims"], f"sentence-{number}", "sentences")
            if pack is not None:
                yield pack


def _pieces_of(pieces: Pieces, places: Places) -> list[int]:
    return sorted({number for start, end in places for number in pieces.within(start, end)})


def _weak(layout: Layout, pieces: Pieces, claim: LabelledClaim) -> list[int]:
    """The first sentence with a phrase for the stage of a claim, and with its date; it may be there by chance."""
    told = {hit.span.start for hit in layout.hits if hit.flag == OF_STAGE[claim.stage]}
    dates = [t.span for t in layout.times if claim.date is not None and agree(t.period(claim.state), claim.date)]
    for sentence in layout.document.sentences:
        is_dated = claim.date is None or any(map(sentence.span.contains, dates))
        if is_dated and any(sentence.span.start <= start < sentence.span.end for start in told):
            return list(pieces.of(sentence.span))
    return []


def _dates(layout: Layout, claim: LabelledClaim, spans: Places) -> list[int] | None:
    """The time expressions that say the date of a claim; none where it has none, None where that cannot be told."""
    date, state = claim.date, claim.state
    if date is None:
        return []
    near = [
        number
        for number, time in enumerate(layout.times)
        if not spans or _touches(layout.document.text.original_span(*time.span), spans)
    ]
    periods = {number: layout.times[number].period(state) for number in near}
    exact = [number for number, period in periods.items() if period == date]
    close = [number for number, period in periods.items() if agree(period, date)] if spans else []
    return exact or close or None


def _touches(place: tuple[int, int], spans: Places) -> bool:
    return any(place[0] < end and start < place[1] for start, end in spans)


def _amounts(example: Example, layout: Layout, project: str) -> npt.NDArray[np.int8]:
    """What each amount is to a project; where the places are known, only there."""
    found = np.zeros(len(layout.amounts), np.int8)
    own = [measured for measured in example.facts if measured.fact.project == project]
    for number, amount in enumerate(layout.amounts):
        said = [LabelledFact(project=project, kind=amount.kind, value=v, unit=amount.unit) for v in amount.values]
        place = layout.document.text.original_span(*amount.quantity.span)
        for measured in own:
            is_there = not measured.spans or _touches(place, measured.spans)
            if is_there and any(is_same_fact(measured.fact, one) for one in said):
                found[number] = _KIND[amount.kind]
    return found
