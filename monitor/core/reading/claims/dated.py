"""An event of a project, with its date."""

from typing import NamedTuple

from monitor.core.periods import Period
from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.events.events import Told

#: The stage in which a project produces what it was built for.
PRODUCING = "operating"


# A tuple, because every article has many.
class Dated(NamedTuple):
    """An event of one project, with the date that belongs to it."""

    project: str
    told: Told
    dating: Dating
    #: Its sentence names who builds the project; for a project that is known only by what it is, what it is.
    is_named: bool = False
    #: It is about a part of a project: a phase, the first of its lines.
    is_on_part: bool = False
    #: Its sentence begins with "the plant", and names none.
    is_on_it: bool = False
    #: It is most likely told of no project: of a plant of another kind, or of somebody else's.
    is_doubtful: bool = False
    #: The phase of the project that the sentence is about, if it names one.
    phase: str | None = None

    @property
    def date(self) -> Period | None:
        return self.dating.period
