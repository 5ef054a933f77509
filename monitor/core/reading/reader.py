"""The rule-based reader: article → claims and facts, each with its sentence."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.lifecycle import CONDITIONS, PLANNED, Lifecycle
from monitor.core.model import Article, Fact, Project, Reading
from monitor.core.reading.claims.claims import Weighed, assemble
from monitor.core.reading.claims.confidence import end_of
from monitor.core.reading.claims.dated import Dated
from monitor.core.reading.claims.dating import date_events
from monitor.core.reading.claims.elided import elided
from monitor.core.reading.claims.founders import but_founders
from monitor.core.reading.claims.gapped import gapped
from monitor.core.reading.claims.lasting import ends_of_works
from monitor.core.reading.claims.lead import dated_by_the_lead, lead
from monitor.core.reading.claims.neighbours import Neighbours
from monitor.core.reading.claims.output import starts_of_output
from monitor.core.reading.claims.portions import Portions
from monitor.core.reading.claims.relocation import relocated
from monitor.core.reading.claims.respective import Respective
from monitor.core.reading.claims.seconds import Seconds
from monitor.core.reading.claims.sooner import but_brought_forward
from monitor.core.reading.claims.succession import forerunners
from monitor.core.reading.claims.withdrawals import Withdrawals
from monitor.core.reading.dates.timex import TimeExpression, looking_back, time_expressions
from monitor.core.reading.events.echoes import spelt_out
from monitor.core.reading.events.events import Told, tell
from monitor.core.reading.events.progress import by_shares
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.adjectives import with_adjectives
from monitor.core.reading.projects.doubts import Doubts
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.phasing import PhaseNames
from monitor.core.reading.projects.pointers import Pointer
from monitor.core.reading.quantities.bearers import Bearers
from monitor.core.reading.quantities.facts import attributed, each_once
from monitor.core.reading.quantities.portioned import Portioned
from monitor.core.reading.quantities.quantities import Quantity, quantities
from monitor.core.reading.segment import segment, text_of
from monitor.core.reading.text.document import Document, Span
from monitor.core.reading.text.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An article, laid out, that names something that is watched."""

    document: Document
    lexicon: Lexicon
    mentions: tuple[Mention, ...]
    pointers: Sequence[Pointer]
    #: The projects that it concerns, in configuration order; may be empty.
    concerned: tuple[str, ...]
    #: The concerned projects that count only if something is told about them.
    in_passing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The result of each step of reading, for an article that concerns a project."""

    tokens: Tokens
    focus: Focus
    bearers: Bearers
    told: tuple[Told, ...]
    times: tuple[TimeExpression, ...]
    #: One for each event, date and project in focus.
    events: tuple[Dated, ...]
    quantities: tuple[Quantity, ...]
    facts: tuple[Fact, ...]
    #: The projects that the article concerns, without those that it only mentions.
    projects: tuple[str, ...]
    #: All claims, including stages that the project's lifecycle does not have.
    claims: tuple[Weighed, ...]


class RuleReader:
    """Reads with the phrases, cues and quantities of the lexicons. Build it once for a configuration; safe to share.

    Reading is pure and takes time linear in the length of the article. If the language of an article has no lexicon,
    its reading is empty.
    """

    def __init__(
        self,
        projects: Sequence[Project],
        lexicons: Mapping[str, Lexicon],
        lifecycles: Mapping[str, Lifecycle],
        *,
        matcher: Matcher | None = None,
    ) -> None:
        """Prepare to read about these projects.

        Args:
            projects: the watched projects.
            lexicons: the vocabulary, by language.
            lifecycles: by name; at least those of the projects.
            matcher: a matcher of the same projects, if one exists: for thousands of projects it takes megabytes.
        """
        self._projects = {project.id: project for project in projects}
        self._matcher = matcher or Matcher(projects)
        self._phases = PhaseNames(projects)
        self._lexicons = lexicons
        self._lifecycles = lifecycles

    def read(self, article: Article) -> Reading:
        """Everything that the article says about the projects, in configuration order and text order."""
        matched = self.match(article)
        if matched is None or not matched.concerned:
            return Reading(language=article.language, projects=(), claims=(), facts=())
        steps = self.follow(matched)
        return Reading(
            language=article.language,
            projects=steps.projects,
            claims=tuple(each.claim for each in steps.claims if self.has_stage(each.claim.project, each.claim.stage)),
            facts=steps.facts,
        )

    def knows(self, language: str | None) -> bool:
        """Whether there is a lexicon for the language."""
        return language in self._lexicons

    def match(self, article: Article, *, is_full: bool = False) -> Matched | None:
        """The article with what it names. None if it names nothing, or is in a language without a lexicon.

        Unless ``is_full``, None too if what it names cannot make it concern a project.
        """
        lexicon = self._lexicons.get(article.language or "")
        if lexicon is None:
            return None
        text = text_of(article)
        named = self._matcher.mentions(text)
        if not (named if is_full else self._matcher.may_be_concerned(named)):
            # Most news is about other things and is not worth laying out.
            return None
        document = segment(article, lexicon, text)
        pointers = lexicon.focus.find(text)
        possible = self._matcher.possible(named)
        mentions = with_adjectives(text, pointers, named, self._projects, possible, vocabulary=lexicon.focus)
        concerned = self._matcher.concerns(document, mentions, pointers)
        return Matched(
            document=document,
            lexicon=lexicon,
            mentions=mentions,
            pointers=pointers,
            concerned=concerned.projects,
            in_passing=concerned.in_passing,
        )

    def follow(self, matched: Matched, *, is_full: bool = False) -> Steps:
        """Read an article, step by step. With ``is_full``, also what is told about nothing that is watched."""
        document, lexicon, concerned = matched.document, matched.lexicon, matched.concerned
        names = [mention.span for mention in matched.mentions]
        tokens = lexicon.tokens(document.text, names)
        focus = Focus(document, matched.mentions, concerned, self._projects, matched.pointers, vocabulary=lexicon.focus)
        places = [place for project in concerned for place in self._projects[project].where]
        found = quantities(document, lexicon.numbers, lexicon.quantities, places)
        bearers = Bearers(document, matched.mentions, matched.pointers, lexicon.focus, lexicon.facts)
        phases = self._phases.within(document)
        portioned = Portioned(document, matched.pointers, names, lexicon.facts)
        measured = tuple(
            (
                quantity,
                replace(fact, phase=phases.at(fact.project, quantity.span) or portioned.part(quantity.span, fact.kind)),
            )
            for quantity, fact in attributed(document, found, focus, lexicon.facts, bearers)
        )
        told = tell(document, tokens, lexicon, None if is_full else focus.sentences)
        told = tuple(relocated(told, matched.mentions, document, lexicon.focus))
        told = spelt_out(tuple(but_founders(told, matched.mentions, document)))
        told = tuple(by_shares(told, measured, document))
        telling = {event.sentence for event in told}
        dated = telling | set(document.sentences_at(quantity.span for quantity, _ in measured))
        dated.update(lead(document), looking_back(document, lexicon.dates, telling))
        times = time_expressions(document, lexicon.dates, None if is_full else sorted(dated))
        told = tuple(but_brought_forward(told, times, document))
        # What is told about something else next to the projects has its own time.
        own_times = tuple([time for time in times if focus.projects_at(time.span)])
        whose = self._whose(matched)
        portions = Portions(document, matched.pointers)
        on_it = {
            number
            for number in {event.sentence for event in told}
            if lexicon.focus.begins_with_it(document.text, matched.pointers, document.sentences[number].span)
        }

        def is_of_it(event: Told) -> bool:
            """Whether "the plant" stands right after the words of the event: "since May produces the plant"."""
            behind = Span(event.head.end, document.sentences[event.sentence].span.end)
            return lexicon.focus.begins_with_it(document.text, matched.pointers, behind)

        withdrawals = Withdrawals(document, matched.mentions, matched.pointers, lexicon.focus)
        neighbours = Neighbours(document, matched.mentions, matched.pointers)
        seconds = Seconds(document, matched.mentions, matched.pointers, lexicon.focus, concerned=concerned, told=told)
        doubts = Doubts(
            document,
            matched.mentions,
            matched.pointers,
            projects=[self._projects[project] for project in concerned],
            purposes=lexicon.purposes,
            focus=lexicon.focus,
        )
        respective = Respective(document, matched.mentions, matched.pointers)
        events = tuple(
            Dated(
                project=project,
                told=event,
                dating=dating,
                is_named=(project, event.sentence) in whose,
                is_on_part=portions.are_told(event),
                is_on_it=event.sentence in on_it or is_of_it(event),
                is_doubtful=doubts.are_told(event.head) or doubts.are_elsewhere(event.head, project),
                phase=phases.at(project, event.head),
            )
            for event, dates in zip(told, date_events(told, own_times, document, lexicon.focus), strict=True)
            if not withdrawals.is_of_partner(event)
            for project, dating in respective.dated(event, focus.projects_at(event.head), dates, own_times)
            if not (neighbours.are_told(event, project) or seconds.are_told(event, project))
        )
        events += tuple(elided(events, own_times, matched.mentions, document, focus))
        events += tuple(gapped(events, own_times, document, lexicon.steps))
        events += tuple(forerunners(events, document, matched.mentions, matched.pointers, focus))
        events += tuple(starts_of_output(measured, own_times, events, document))
        events += tuple(ends_of_works(events, document, lexicon.dates, focus))
        events = dated_by_the_lead(events, own_times, document, focus)
        stated = each_once(measured)
        # A word of announcing stands in many articles that tell nothing.
        told_of = {event.project for event in events if event.told.stage != PLANNED}
        told_of.update(fact.project for fact in stated)
        projects = tuple(project for project in concerned if project not in matched.in_passing or project in told_of)
        spans = [*(m.span for m in matched.mentions), *(event.span for event in told), *(q.span for q in found)]
        return Steps(
            tokens=tokens,
            focus=focus,
            bearers=bearers,
            told=told,
            times=times,
            events=events,
            quantities=found,
            facts=stated,
            projects=projects,
            claims=assemble(events, stated, document, projects, named=whose, end=end_of(document, spans)),
        )

    def _whose(self, matched: Matched) -> set[tuple[str, int]]:
        """The projects, each with the indices of the sentences that name it.

        A sentence names a project by who builds it, or by what it is together with its town. If its builder is not
        configured, what it is suffices.
        """
        concerned = frozenset(matched.concerned)
        named: dict[tuple[str, int], set[Role]] = defaultdict(set)
        sentences = matched.document.sentences_at(mention.span for mention in matched.mentions)
        for mention, sentence in zip(matched.mentions, sentences, strict=True):
            # A country has many plants.
            if mention.role is not Role.WHERE or not matched.lexicon.focus.countries_of([mention.word]):
                for project in concerned.intersection(mention.projects):
                    named[project, sentence].add(mention.role)
        return {
            (project, sentence)
            for (project, sentence), roles in named.items()
            if Role.WHO in roles or (Role.WHAT in roles and (Role.WHERE in roles or not self._projects[project].who))
        }

    def has_stage(self, project: str, stage: str) -> bool:
        """Whether the project can be in this stage or condition."""
        lifecycle = self._lifecycles[self._projects[project].lifecycle]
        return lifecycle.has(stage) or stage in CONDITIONS
