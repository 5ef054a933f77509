"""Renders the templates of pages in the language of the reader."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import format_datetime
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from monitor.core.access import Role
from monitor.core.message.tongue import Catalogue, Tongue
from monitor.watch.watch import Watch, Watched
from monitor.web import cookies
from monitor.web.access import Visitor

#: Everything from here, nothing inline, nothing from elsewhere, no frames.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: As ``POLICY``, for a page that frames another one of this site.
FRAMING = f"{POLICY}; frame-src 'self'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    # With no-referrer, browsers send "Origin: null" with our own forms, which the gate refuses.
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
#: The query parameter that chooses the language of a page.
LANGUAGE = "lang"


def language_of(request: Request, catalogues: Mapping[str, Catalogue]) -> str:
    """The language that the reader chose, else the first that the browser accepts and we have, else English."""
    for chosen in (request.query_params.get(LANGUAGE, ""), request.cookies.get(cookies.LANGUAGE, "")):
        if chosen in catalogues:
            return chosen
    accepted = request.headers.get("accept-language", "")[:500]
    tags = [part.partition(";") for part in accepted.split(",")]
    weighed = sorted(((_quality(weight), tag.strip()) for tag, _, weight in tags), key=lambda each: -each[0])
    found = (tag.partition("-")[0].lower() for quality, tag in weighed if quality > 0)
    return next((language for language in found if language in catalogues), "en")


def zone_of(request: Request, watch: Watched) -> tzinfo:
    """The time zone of the reader, for instants that a page shows. That of the monitor if the browser tells none."""
    name = zone_name(request)
    return ZoneInfo(name) if name else watch.timezone


def zone_name(request: Request) -> str:
    """The name of the reader's time zone. "" if the browser tells none, or none that exists."""
    name = request.cookies.get(cookies.ZONE, "")
    return name if name in zones() else ""


@cache
def zones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones())


def instant(at: datetime | None, tongue: Tongue, zone: tzinfo) -> str:
    """The day and time in this zone, short; a dash if there is none."""
    return format_datetime(at.astimezone(zone), "short", locale=tongue.locale) if at else "–"


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def turned_to(request: Request, path: str, **parameters: str) -> Response:
    """The answer to a form that was carried out: another page, in the same language."""
    kept = {LANGUAGE: request.query_params.get(LANGUAGE, ""), **parameters}
    chosen = urlencode({name: value for name, value in kept.items() if value})
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": f"{path}?{chosen}" if chosen else path})


def tongue_of(request: Request, watch: Watch) -> Tongue:
    """The language of the reader, in the words of the monitor."""
    catalogues = watch.voice.catalogues
    return Tongue.of(catalogues, language_of(request, catalogues))


def page(
    request: Request, template: str, tongue: Tongue, *, status: int = 200, policy: str = POLICY, **values: object
) -> HTMLResponse:
    """A page with these values. Its template also knows the visitor: ``may(role)``, ``actor`` and ``csrf``."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)

    def here(path: str = "", **changed: object) -> str:
        """An address on this site in the same language, or this page with other parameters."""
        kept = {LANGUAGE: request.query_params.get(LANGUAGE)} if path else dict(request.query_params)
        chosen = {name: value for name, value in {**kept, **changed}.items() if value not in (None, "")}
        return (path or request.url.path) + (f"?{urlencode(chosen)}" if chosen else "")

    html = (
        _templates()
        .get_template(template)
        .render(
            values,
            here=here,
            path=request.url.path,
            request_language=request.query_params.get(LANGUAGE, ""),
            say=tongue.say,
            say_in=tongue.say_in,
            count=tongue.count,
            listed=tongue.listed,
            language=tongue.language if tongue.language in _names() else "en",
            languages=_names(),
            direction="rtl" if tongue.is_rtl else "ltr",
            may=lambda role: visitor is not None and visitor.actor.role.includes(Role(role)),
            actor=visitor.actor if visitor else None,
            csrf=visitor.csrf if visitor else "",
            has_session=visitor is not None and bool(visitor.session),
            zone=zone_name(request),
        )
    )
    return HTMLResponse(html, status, headers={**HEADERS, "Content-Security-Policy": policy})


def note(lines: Sequence[tuple[str, str]], *, button: str = "") -> HTMLResponse:
    """A page for readers whose language is not known: the same in several (language, line).

    Args:
        lines: what it says.
        button: what its button posts, as NAME=VALUE. It has none if this is "".
    """
    html = _templates().get_template("note.html.j2").render(lines=lines, button=button and button.split("=", 1))
    return HTMLResponse(html, headers=HEADERS)


def piece(template: str, tongue: Tongue, *, lang: str, **values: object) -> Markup:
    """A part of a page, the same for every visitor.

    Args:
        template: its template.
        tongue: the language of the reader.
        lang: the language that the reader chose in the address. "" if none.
        values: what it shows.
    """

    def here(path: str, **changed: object) -> str:
        chosen = {name: value for name, value in {LANGUAGE: lang, **changed}.items() if value not in (None, "")}
        return path + (f"?{urlencode(chosen)}" if chosen else "")

    said = {"say": tongue.say, "say_in": tongue.say_in, "count": tongue.count, "listed": tongue.listed}
    # Safe: the environment escapes every value.
    return Markup(_templates().get_template(template).render(values, here=here, **said))  # noqa: S704


@cache
def _names() -> Mapping[str, str]:
    """The languages of the pages, each by its own name."""
    names = ((code, Locale(code).get_display_name(code) or code) for code in ("en", "fr", "ar", "zh", "es"))
    return {code: name[:1].upper() + name[1:] for code, name in names}


@cache
def _templates() -> Environment:
    return Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _text(name: str) -> str:
    return resources.files("monitor.web.templates").joinpath(name).read_text(encoding="utf-8")


# Routes of pages, in one table each -----------------------------------------------------------------------------------


#: In place of the most bytes of a form: the route shows something and changes nothing.
SHOW: Final = 0


def routed(*routes: tuple[str, Callable[..., Any], int]) -> APIRouter:
    """The routes: each a path, what answers it, and ``SHOW``, or the most bytes of the form that is posted to it."""
    router = APIRouter(include_in_schema=False)
    for path, route, most in routes:
        if most == SHOW:
            router.add_api_route(path, route, methods=["GET", "HEAD"], response_class=Response)
        else:
            router.add_api_route(path, route, methods=["POST"], response_class=Response, max_body_size=most)
    return router
