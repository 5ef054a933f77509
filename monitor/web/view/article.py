"""One article, and what the ledger makes of what it says, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from monitor.core.belief import Belief, WeighedSaying
from monitor.core.message.told import ToldPlace, statement, where_said
from monitor.core.message.tongue import Tongue, mark
from monitor.core.model import Fact, Project, Said
from monitor.core.news import Proof
from monitor.core.notes import objection_words
from monitor.core.periods import Period
from monitor.core.review import Review, Ruling, claim_id
from monitor.core.state import Correction, Source

#: How a row is shown: it counts, it waits, it does not count.
_TONES = {
    Belief.COUNTS: "well",
    Belief.UNVERIFIED: "warn",
    Belief.CONTRADICTED: "bad",
    Belief.NO_STAGE: "warn",
    Belief.UNWATCHED: "warn",
}
_DECIDED_TONES = {Ruling.CONFIRM: "well", Ruling.REJECT: "bad", Ruling.CORRECT: "warn", Ruling.ASSIGN: "warn"}
_WHY = {
    Belief.COUNTS: mark("belief", "Counts: it agrees with what is believed now"),
    Belief.REPEATED: mark("belief", "A copy of the story says so too; it counts once"),
    Belief.CONTRADICTED: mark("belief", "Not believed: what others say weighs more"),
    Belief.PASSED: mark("belief", "It was so; since then it has been reached, or is over"),
    Belief.NO_STAGE: mark("belief", "The lifecycle of the project has no such stage"),
    Belief.UNWATCHED: mark("belief", "This project is not configured any more"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """One claim or fact of an article."""

    #: The id of its project. "" if it is not configured any more.
    project: str
    #: The name of its project, or its id.
    name: str
    words: str
    #: How sure the reader was.
    sure: str
    #: well, warn, bad, or "" for none of these.
    tone: str
    #: Its sentence in quotation marks.
    quote: str
    #: As ``monitor review`` names it. "" if it is not stored.
    id: str = ""
    #: Why it counts, or does not.
    why: str = ""
    #: The reason that an operator gave. "" if there is none.
    reason: str = ""
    is_decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What a publisher no longer says."""

    day: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """The words for the parts of the page."""

    tongue: Tongue
    zone: tzinfo
    #: By id.
    projects: Mapping[str, Project]
    #: From which confidence on a claim counts alone.
    alert_from: float

    def claim(self, weighed: WeighedSaying, source: Source) -> ClaimView:
        """A claim of a stored article, with what the ledger makes of it."""
        review = weighed.review
        return replace(
            self.read(weighed.said),
            id=claim_id(weighed.said, source),
            tone=_DECIDED_TONES[review.verdict] if review else _TONES.get(weighed.belief, ""),
            why=self.decided(review) if review else self._why(weighed),
            reason=self.tongue.foreign(review.reason) if review else "",
            is_decided=review is not None,
        )

    def read(self, said: Said) -> ClaimView:
        """A claim as it was read, whatever becomes of it."""
        project = self.projects.get(said.project)
        return ClaimView(
            project=project.id if project else "",
            name=self.tongue.name(project) if project else self.tongue.foreign(said.project),
            words=statement(said, self.tongue),
            sure=self.tongue.share(said.confidence),
            tone="warn" if said.confidence < self.alert_from else "well",
            quote=self.tongue.quoted(said.evidence) if said.evidence else "",
        )

    def decided(self, review: Review) -> str:
        """What an operator decided, and when."""
        tongue = self.tongue
        by, day = tongue.foreign(review.author), self.day(review.at)
        if review.verdict is Ruling.CONFIRM:
            return tongue.say("Confirmed by {operator}, {day}", operator=by, day=day)
        if review.verdict is Ruling.REJECT:
            return tongue.say("Rejected by {operator}, {day}", operator=by, day=day)
        assert review.instead is not None, "what corrects a claim says what is right"
        if review.verdict is Ruling.CORRECT:
            right = statement(review.instead, tongue)
            return tongue.say("Corrected by {operator}, {day}: {right}", operator=by, day=day, right=right)
        project = self.projects.get(review.instead.project)
        name = tongue.name(project) if project else tongue.foreign(review.instead.project)
        return tongue.say("Assigned to {project} by {operator}, {day}", project=name, operator=by, day=day)

    def _why(self, weighed: WeighedSaying) -> str:
        tongue, said, believed = self.tongue, weighed.said, weighed.believed
        if weighed.belief is Belief.UNVERIFIED and said.objection is not None:
            return objection_words(said.objection, tongue)
        if weighed.belief is Belief.UNVERIFIED:
            return tongue.say(
                "Reported, not verified: read with less than {threshold} certainty, and too few others say so",
                threshold=tongue.share(self.alert_from),
            )
        if isinstance(believed, Period):
            return tongue.say("Believed is: {value}", value=tongue.date(believed))
        if isinstance(said, Fact) and believed is not None:
            return tongue.say("Believed is: {value}", value=tongue.value(believed, said.kind, said.unit))
        return tongue.say_in("belief", _WHY[weighed.belief])

    def withdrawn(self, correction: Correction) -> Withdrawn:
        told: tuple[Said, ...] = (*correction.claims, *correction.facts)
        return Withdrawn(day=self.day(correction.at), words=tuple(statement(each, self.tongue) for each in told))

    def place(self, source: Source) -> ToldPlace:
        """The outlet, the title and the day of an article."""
        # If an article does not say when it was published, the instant at which it was first seen stands for it.
        published = source.published_at if source.published_at < source.seen_at else None
        proof = Proof(sentence="", url=source.url, outlet=source.outlet, title=source.title, published=published)
        found = where_said(proof, self.tongue, self.zone)
        return found or ToldPlace(outlet=self.tongue.say("unknown outlet"), url="", details=())

    def day(self, at: datetime) -> str:
        return self.tongue.date(Period.day(at.astimezone(self.zone).date()))
