"""The templates of messages: the shipped ones, and those of the operator that replace them.

They are Jinja2 templates in a sandbox. In HTML Jinja2 escapes every value; in Markdown ``core.message.markup`` does.
If a template fails on a message, the failure is reported and the shipped template is used.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.core.message.briefing import SharedOccasion, Voice
from monitor.core.message.compose import compose, compose_digest
from monitor.core.message.examples import EXAMPLES, TOGETHER, UNMOVED
from monitor.core.plain import address, escaped
from monitor.errors import ConfigProblem
from monitor.logs import get_logger
from monitor.wording.catalogues import catalogues

#: The folder of the operator's templates, inside the configuration folder.
FOLDER = "templates"
#: The templates of one change and of several together: the title, plain text, Markdown and HTML.
NAMES = tuple(f"{what}.{form}" for what in ("change", "digest") for form in ("title", "txt", "md", "html"))
#: What templates may include. The milestones as bars, in HTML with ``trend``, and ``side``, the side on which lines
#: begin; what is reported and not verified, with ``waiting``, in HTML with ``side`` too.
PARTS = ("trend.html", "waiting.txt", "waiting.md", "waiting.html")

#: Called with a template and its fault.
Report = Callable[[str, str], object]

log = get_logger()


def _say(template: str, what: str) -> None:
    log.warning("template.failed", template=f"{FOLDER}/{template}", used="the shipped one", error=what)


class TemplateLayouts:
    """Implements ``core.message.voice.Layouts`` with Jinja2. Safe to call from several threads."""

    def __init__(self, own: Mapping[str, str] | None = None, *, report: Report = _say) -> None:
        """Compile the operator's templates.

        Args:
            own: the texts by name. Those that cannot be compiled are reported and left out.
            report: called each time a template fails.
        """
        self._report = report
        self._own: dict[str, Template] = {}
        for name, text in (own or {}).items():
            problem = fault(name, text)
            if problem is None:
                self._own[name] = _environment(name).from_string(text)
            else:
                report(name, problem.message)

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """See ``core.message.voice.Layouts``."""
        own = self._own.get(template)
        if own is not None:
            try:
                return own.render(values)
            except Exception as error:  # noqa: BLE001 - a template can raise any exception
                self._report(template, f"{type(error).__name__}: {error}")
        return _shipped(template).render(values)


def fault(name: str, text: str) -> ConfigProblem | None:
    """The reason why an operator's template cannot be compiled. None if it can."""
    file = f"{FOLDER}/{name}"
    if name not in NAMES:
        message = f"unknown template; there are {', '.join(NAMES)}"
        return ConfigProblem(file=file, line=None, key="", message=message)
    try:
        _environment(name).from_string(text)
    except (TemplateSyntaxError, RecursionError) as error:
        line = error.lineno if isinstance(error, TemplateSyntaxError) else None
        return ConfigProblem(file=file, line=line, key="", message=str(error))
    return None


def shipped_text(name: str) -> str:
    """The text of a shipped template, as a start for one's own."""
    return resources.files("monitor.wording.templates").joinpath(f"{name}.j2").read_text(encoding="utf-8")


@cache
def _shipped(name: str) -> Template:
    return _environment(name).from_string(shipped_text(name))


def _environment(name: str) -> Environment:
    return _html() if name.endswith(".html") else _markdown() if name.endswith(".md") else _plain()


@cache
def _plain() -> Environment:
    return _sandbox(autoescape=False)


@cache
def _html() -> Environment:
    return _sandbox(autoescape=True)


@cache
def _markdown() -> Environment:
    environment = _sandbox(autoescape=False, finalize=escaped)
    environment.filters["address"] = address
    return environment


def _included(name: str) -> str | None:
    """The templates that may be included. No other file can be read."""
    return shipped_text(name) if name in PARTS else None


def _sandbox(*, autoescape: bool, finalize: Callable[[object], object] | None = None) -> Environment:
    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(_included),
        autoescape=autoescape,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


# Checks whether an operator's templates can be used: tries each with an example of every kind of change ---------------


def faults(own: Mapping[str, str]) -> Iterator[ConfigProblem]:
    """The first problem of each of these templates, which are given by name."""
    usable = {}
    for name, text in own.items():
        found = fault(name, text)
        if found is None:
            usable[name] = text
        else:
            yield found
    failed: dict[str, str] = {}
    _try_all(Voice(catalogues=catalogues(), layouts=TemplateLayouts(usable, report=failed.setdefault)))
    for name, what in failed.items():
        yield ConfigProblem(file=f"{FOLDER}/{name}", line=None, key="", message=f"fails on an example: {what}")


def _try_all(voice: Voice) -> None:
    when = TOGETHER[0].change.at
    for language in voice.catalogues:
        for briefing in EXAMPLES.values():
            compose(briefing, voice=voice, language=language)
        for occasion in SharedOccasion:
            compose_digest(
                TOGETHER,
                id="b1",
                at=when,
                occasion=occasion,
                voice=voice,
                language=language,
                unmoved=UNMOVED,
                with_doubt=True,
            )
