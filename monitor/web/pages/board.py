"""The projects as the pages show them. Each is worked out again only when something about it has changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from markupsafe import Markup

from monitor.app.build import App
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change
from monitor.core.page.overview import Known, row
from monitor.core.periods import Period
from monitor.core.state import ProjectState
from monitor.web.pages.rendering import piece

#: The end of time: a project that nothing is expected of.
_NEVER = datetime.max.replace(tzinfo=UTC)
#: Rendered rows that are kept.
_MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class _Held:
    """A project, as it is until time alone changes it."""

    known: Known
    since: datetime
    until: datetime


#: What a rendered row depends on, besides its project and language.
_Basis = tuple[Known, date, str]


@dataclass(slots=True)
class Board:
    """Every project of one monitor. Safe to use from several threads."""

    app: App
    _held: dict[str, _Held] = field(default_factory=dict)
    #: By project, language, and language in the address.
    _rows: dict[tuple[str, str, str], tuple[_Basis, Markup]] = field(default_factory=dict)

    def known(self) -> list[Known]:
        """Every project as it is known now, in the order of the configuration."""
        return list(map(self._of, self.app.knowledge.overview()))

    def one(self, project: str) -> Known | None:
        """One project as it is known now. None if it is not watched."""
        state = self.app.knowledge.brief(project)
        return self._of(state) if state is not None else None

    def rows(self, some: Sequence[Known], tongue: Tongue, lang: str) -> list[Markup]:
        """These projects as the rows of a list.

        Args:
            some: the projects.
            tongue: the language of the reader.
            lang: the language that the reader chose in the address. "" if none.
        """
        last = self.app.ledger.last_changes([each.project.id for each in some])
        return [self._row(each, last.get(each.project.id, ()), tongue, lang) for each in some]

    def today(self) -> date:
        return self.app.clock().astimezone(self.app.watch.timezone).date()

    def day(self, day: date, tongue: Tongue) -> str:
        return tongue.date(Period.day(day))

    def _row(self, known: Known, last: Sequence[Change], tongue: Tongue, lang: str) -> Markup:
        key = known.project.id, tongue.language, lang
        basis = known, self.today(), last[-1].id if last else ""
        held = self._rows.get(key)
        if held is not None and held[0][0] is known and held[0][1:] == basis[1:]:
            return held[1]
        shown = row(known, tongue, self.today(), zone=self.app.watch.timezone, last=last)
        html = piece("row.html.j2", tongue, lang=lang, row=shown)
        if len(self._rows) >= _MOST_ROWS:
            self._rows.clear()
        self._rows[key] = basis, html
        return html

    def _of(self, state: ProjectState) -> Known:
        watch, now = self.app.watch, self.app.clock()
        project = watch.projects[state.project]
        held = self._held.get(state.project)
        is_same = held is not None and held.known.state is state and held.known.project is project
        if held is not None and is_same and held.since <= now < held.until:
            return held.known
        coming = watch.to_come(state)
        known = Known(
            project=project,
            state=state,
            lifecycle=watch.lifecycle_of(project.id),
            inferred=tuple(change for change in coming if change.at <= now),
        )
        until = min((change.at for change in coming if change.at > now), default=_NEVER)
        self._held[state.project] = _Held(known=known, since=now, until=until)
        return known
