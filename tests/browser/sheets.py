"""The table of all pages. ``test_sheets.py`` compares it with the routes of the application."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page as the browser asks for it."""

    path: str
    #: The monitor that shows it: a key of ``WORLDS``.
    world: str = "working"
    status: int = 200

    def path_in(self, language: str) -> str:
        return f"{self.path}{'&' if '?' in self.path else '?'}lang={language}"

    def __str__(self) -> str:
        return f"{self.world}:{self.path}"


#: A new page has a line here. Its tests follow from it.
SHEETS = (
    Sheet(path="/"),
    Sheet(path="/?q=nothing-has-these-words"),
    Sheet(path="/projects/plant"),
    Sheet(path="/projects/plant?as_of=2026-04-01"),
    Sheet(path="/projects/long"),
    Sheet(path="/changes"),
    Sheet(path="/alerts"),
    Sheet(path="/feeds"),
    Sheet(path="/", world="fresh"),
    Sheet(path="/projects/plant", world="fresh"),
    Sheet(path="/changes", world="fresh"),
    Sheet(path="/alerts", world="fresh"),
    Sheet(path="/feeds", world="fresh"),
    Sheet(path="/unsubscribe/any-token", world="public"),
)
#: Routes that a person does not read in a browser, with what reads them.
NO_PAGES = {
    "/health": "monitoring systems",
    "/static/{name}": "the pages",
    "/changes.atom": "feed readers",
    "/changes.json": "feed readers",
    "/expected.ics": "calendars",
    "/websub/{token}": "hubs",
    "/api/v1/": "programs",
}
