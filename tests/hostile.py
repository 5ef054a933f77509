"""Documents that are made to wear out whoever reads them, by family, in any size: for tests and benchmarks.

Each has a number in it, so that no two answers are the same.
"""

from collections.abc import Callable, Mapping
from html import escape

#: A few less than what is read at all: of "<" and "&" in a feed, of elements in a feed or a page.
MARKS, ELEMENTS = 390_000, 59_000

#: Makes a document of about so many characters, with this number in it.
Make = Callable[[int, int], str]


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>Hostile</title>{''.join(items)}</channel></rss>"


def item(*, link: str, title: str, text: str = "") -> str:
    """An entry as ordinary feeds have it."""
    return f"<item><title>{escape(title)}</title><link>{escape(link)}</link><description>{text}</description></item>"


def run(piece: str, size: int, *, at_most: int | None = None) -> str:
    """The piece again and again, so many times at most; then letters, so that it has the size all the same."""
    count = size // len(piece)
    return piece * count if at_most is None or count <= at_most else (piece * at_most).ljust(size, "x")


def attributes(count: int) -> str:
    """One element with so many attributes."""
    named = "".join(f"a{number}='' " for number in range(count))
    return f"<item {named}>"


def page(body: str, number: int) -> str:
    head = "<html><head><title>BTR cathode plant</title></head>"
    return f"{head}<body><article><p>Report {number}.</p>{body}</article></body></html>"


def _titled(number: int, more: str = "") -> str:
    return rss(f"<item><title>{number}{more}</title></item>")


def _dated(size: int, number: int) -> str:
    """More items than are read, and dates that begin and never end."""
    items = [f"<item><title>Item {each} of {number}</title></item>" for each in range(600)]
    dates = run("<pubDate ", size // 2, at_most=ELEMENTS // 2 - 1_000)
    return rss(f"<item><description>{dates}</description></item>", *items, dates)


def _on_a_project(size: int, number: int) -> str:
    """As many entries on a watched project as are read, each as long as the size lets it, and one sentence."""
    count = min(500, size // 1_000)
    words = run("BTR cathode plant in Morocco construction began ", size // count)
    entries = (f"<item><title>BTR cathode {each} of {number}</title>" for each in range(count))
    return rss(*(f"{entry}<description>{words}</description></item>" for entry in entries))


#: Feeds, by what is in them without end.
FEEDS: Mapping[str, Make] = {
    "comments": lambda size, number: f"{number}{run('<!--', size)}",
    "comments in an entry": lambda size, number: _titled(number, run("<!--", size, at_most=MARKS)),
    "sections": lambda size, number: f"{number}{run('<![CDATA[', size)}",
    "sections in an entry": lambda size, number: _titled(number, run("<![CDATA[", size, at_most=MARKS)),
    "space before the declaration": lambda size, number: f"{' ' * size}<?xml version='1.0'?>{_titled(number)}",
    "space in the declaration": lambda size, number: f"<?xml{' ' * size}{_titled(number)}",
    "declarations": lambda size, number: f"{run('<?xml ', size)}{number}",
    "titles": lambda size, number: f"<html><body>{number}{run('<title', size)}",
    "dates": _dated,
    "20,000 attributes": lambda _, number: rss(f"{attributes(20_000)}<title>{number}</title></item>"),
    "150,000 attributes": lambda _, number: rss(f"{attributes(150_000)}<title>{number}</title></item>"),
    "nested elements": lambda size, number: _titled(number, run("<a>", size, at_most=ELEMENTS)),
    "nested items": lambda size, number: f"<rss version='2.0'><channel>{number}{run('<item>', size)}",
    "references": lambda size, number: _titled(number, run("&#38;", size, at_most=MARKS)),
    "names of entities": lambda size, number: _titled(number, run("&a", size, at_most=MARKS)),
    "declared entities": lambda size, number: f"<!DOCTYPE rss [{run('<!ENTITY a SYSTEM>', size)}]>{_titled(number)}",
    "entries on a project": _on_a_project,
}

#: Pages of articles on a watched project.
PAGES: Mapping[str, Make] = {
    "a text without a full stop": lambda _, number: page(
        f"<p>{run('BTR suspended work on the cathode plant in Morocco and ', 200_000)}</p>", number
    ),
    "comments": lambda size, number: page(run("<!--", size, at_most=ELEMENTS), number),
    "sections": lambda size, number: page(run("<![CDATA[", size, at_most=ELEMENTS), number),
    "space before the declaration": lambda size, number: f"{' ' * size}{page('', number)}",
    "titles": lambda size, number: f"<html><head>{run('<title', size, at_most=ELEMENTS)}</head>{number}",
    "20,000 attributes": lambda _, number: page(attributes(20_000), number),
    "150,000 attributes": lambda _, number: page(attributes(150_000), number),
    "nested elements": lambda size, number: page(run("<div>", size, at_most=ELEMENTS), number),
    "references": lambda size, number: page(run("&#38;", size), number),
    "names of entities": lambda size, number: page(run("&a", size), number),
}

#: An address that looks, at each of its letters, as if a secret began there.
SECRETIVE = "?" + "token" * 700
