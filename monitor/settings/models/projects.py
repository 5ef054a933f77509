"""``projects.yaml``: the watched projects."""

from typing import Annotated

from pydantic import Field

from monitor.core.model import State
from monitor.settings.models.base import ABSENT_IS_EMPTY, MOST_WORDS, Strict
from monitor.settings.scalars import Date, Duration, Identifier, Name, Text, WebAddress, Word, between


class KnownSettings(Strict):
    """A milestone that was known before monitoring started."""

    stage: Text = Field(description="A stage of the project's lifecycle, or a condition.")
    state: State = Field(default=State.REACHED, description="reached, or expected where it is still to come.")
    date: Date | None = Field(
        default=None, description="As precise as it is known: 2024, 2024-H1, 2024-Q3, 2024-03, 2024-03-29."
    )
    source: WebAddress | None = Field(default=None, description="Address of the page that says so.")
    said: Date | None = Field(
        default=None, description="When that page said so. Views of the past show the milestone from then on."
    )
    official: bool = Field(
        default=False, description="Whether that page is an official source, which confirms the milestone by itself."
    )


class PhaseSettings(Strict):
    """A part of a project that is built by itself."""

    name: Text = Field(description="As shown to people; unique within the project.", examples=["First 25,000 t"])
    words: list[Word] = Field(
        min_length=1,
        max_length=MOST_WORDS,
        description="How the press names it; a sentence with one of them speaks of this phase.",
        examples=[["first phase", "première phase", "المرحلة الأولى", "一期"]],
    )


class ProjectSettings(Strict):
    """Something built over years, described by who, what and where."""

    id: Identifier = Field(description="Small letters, digits and '-'; never changed later.", examples=["btr-cathode"])
    name: Name = Field(description="A text, or one per language: {en: …, fr: …}.")
    who: list[Word] = Field(
        default=[], max_length=MOST_WORDS, description="Companies and people, in every spelling and script."
    )
    what: list[Word] = Field(
        default=[], max_length=MOST_WORDS, description="What is built; tells siblings of one company apart."
    )
    where: list[Word] = Field(default=[], max_length=MOST_WORDS, description="Places, from the site to the country.")
    not_: list[Word] = Field(
        default=[],
        alias="not",
        max_length=MOST_WORDS,
        description="Words that show that a text speaks of something else.",
    )
    lifecycle: Text | None = Field(default=None, description="Name of its lifecycle; that of monitor.yaml when absent.")
    known: list[KnownSettings] = Field(
        default=[], max_length=100, description="What is known before monitoring starts."
    )
    tags: list[Identifier] = Field(
        default=[],
        max_length=100,
        description="What subscribers may follow many projects by: tag:battery.",
        examples=[["battery"]],
    )
    phases: list[PhaseSettings] = Field(
        default=[], max_length=100, description="In the order in which they are to be built."
    )
    quiet_after: Annotated[Duration, between("1d", "3650d")] | None = Field(
        default=None, description="How long without news makes it quiet; weighing.quiet_after when absent."
    )


class ProjectsFile(Strict):
    """projects.yaml: what is watched."""

    projects: Annotated[list[ProjectSettings], ABSENT_IS_EMPTY] = Field(
        description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )
