"""The page of ``monitor read --html``: a self-contained document around explained readings."""

from importlib import resources

#: What is on the pages of the web server too, then what this page alone needs.
_STYLES = (("monitor.web.static", "explained.css"), ("monitor.cli", "explain.css"))
_START = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>How articles are read</title>
<style>
{style}</style>
</head>
<body class="explained">
<h1>How articles are read</h1>
<details class="legend" open>
<summary>Legend</summary>
<ul>
<li><span class="m name p0">name</span> a word by which a project is known, in the project's colour;
<span class="m name shared">name</span> of several,
<span class="m name other">name</span> of none that the article concerns</li>
<li><span class="chip focus p0">project</span> of which the text speaks from here on</li>
<li><span class="m event reached head">event</span> <span class="m event expected head">event</span>
<span class="m event denied head">event</span> claimed as reached, expected, denied;
<span class="m event">event</span> not claimed, for the reason beside it</li>
<li><span class="m cue t-expected">cue</span> a word that decides in which state an event is told</li>
<li><span class="m date">date</span>, <span class="m amount">amount</span>;
<span class="m amount dropped">amount</span> that is not a fact of a project</li>
<li>Numbers lead to the notes. Hover over a mark, or open “found here”, for the rest.</li>
</ul>
</details>
"""
_END = "</body>\n</html>\n"


def page_start() -> str:
    """The part before the first article."""
    style = (resources.files(package) / name for package, name in _STYLES)
    return _START.format(style="".join(file.read_text(encoding="utf-8") for file in style))


def page_end() -> str:
    """The part after the last article."""
    return _END
