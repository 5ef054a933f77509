"""Companies called by a word for an event: in "Start-up Verkor raised money" nothing has started."""

from collections.abc import Iterator, Sequence

from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.text.document import Document


def but_founders(told: Sequence[Told], mentions: Sequence[Mention], document: Document) -> Iterator[Told]:
    """The events, without those from a compound right before the name of a company."""
    names = {mention.span.start for mention in mentions if mention.role is Role.WHO}
    bare = document.text.bare
    for event in told:
        is_compound = "-" in bare[event.span.start : event.span.end]
        if not (is_compound and event.span.end + 1 in names):
            yield event
