"""The table of all pages. ``test_sheets.py`` compares it with the routes of the application."""

from dataclasses import dataclass

from monitor.web.pages.feeds import feed_id


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


#: The last schedule of the plant: a change has the same id as long as it says the same.
CHANGE = "47d6cf77abb3e04c18972ef64a7207b7"
#: What is doubtful.
CLAIM = "plant:3d95b7b2"
FEED = feed_id("https://daily.example/feed.xml?key=topsecret1")
#: The token of the reader of mails.
READER = "token-of-the-reader"
#: A new page has a line here. Its tests follow from it.
SHEETS = (
    Sheet(path="/"),
    Sheet(path="/?q=nothing-has-these-words"),
    Sheet(path="/projects/plant"),
    Sheet(path="/projects/plant?as_of=2026-04-01"),
    Sheet(path="/projects/plant?as_of=2024-04-01"),
    Sheet(path="/projects/plant?published_by=2026-04-01"),
    Sheet(path="/projects/long"),
    Sheet(path="/projects/unheard"),
    Sheet(path="/changes"),
    Sheet(path="/alerts"),
    Sheet(path="/feeds"),
    Sheet(path="/brief"),
    Sheet(path="/projects/plant/brief"),
    Sheet(path=f"/alerts/changes/{CHANGE}"),
    Sheet(path=f"/alerts/changes/{CHANGE}/message"),
    Sheet(path="/subscribers"),
    Sheet(path=f"/feeds/{FEED}"),
    Sheet(path="/feeds/add"),
    Sheet(path="/feeds/import"),
    Sheet(path="/articles/signed"),
    Sheet(path="/review?which=all"),
    Sheet(path=f"/review/{CLAIM}"),
    Sheet(path="/configuration"),
    Sheet(path="/configuration/files/projects.yaml"),
    Sheet(path="/configuration/edit/projects"),
    Sheet(path="/configuration/edit/projects/item?name=plant"),
    Sheet(path="/configuration/edit/subscribers"),
    Sheet(path="/configuration/edit/subscribers/item"),
    Sheet(path="/configuration/history"),
    Sheet(path="/configuration/history/1"),
    Sheet(path="/playground"),
    Sheet(path="/reader"),
    Sheet(path="/start"),
    Sheet(path="/start/found?name=Acme&who=Acme&what=cathode&where=Port"),
    Sheet(path="/start/told?project=plant"),
    Sheet(path="/start/test?project=plant"),
    Sheet(path="/start/done?project=plant"),
    Sheet(path="/account"),
    Sheet(path="/audit"),
    Sheet(path="/login", world="public"),
    Sheet(path="/", world="fresh"),
    Sheet(path="/projects/plant", world="fresh"),
    Sheet(path="/changes", world="fresh"),
    Sheet(path="/alerts", world="fresh"),
    Sheet(path="/feeds", world="fresh"),
    Sheet(path="/unsubscribe/any-token", world="public"),
    Sheet(path=f"/subscription/{READER}", world="public"),
    Sheet(path="/subscribe", world="public"),
    Sheet(path="/subscribe/any-token", world="public"),
)
#: Routes that a person does not read in a browser, with what reads them.
NO_PAGES = {
    "/events": "the pages",
    "/alerts/changes/{change}/mail": "a frame of the page of the message",
    "/feeds.opml": "feed readers",
    "/health": "monitoring systems",
    "/static/{name}": "the pages",
    "/changes.atom": "feed readers",
    "/changes.json": "feed readers",
    "/expected.ics": "calendars",
    "/websub/{token}": "hubs",
    "/api/v1/": "programs",
}
