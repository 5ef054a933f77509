"""What a browser calls itself, in two words. It may say anything, so this only helps its owner to tell it apart."""

from monitor.core.plain import clean, shorten

#: A sign in the header → the name. The first that fits counts: most browsers name several others.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_LONGEST = 40


def browser_name(agent: str) -> str:
    """``Firefox · Windows``. What is not recognised is shown by its beginning; "" if it calls itself nothing."""
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) if found[0] else shorten(clean(agent), _LONGEST)
