"""Pages for what goes wrong, in the reader's language. Nothing of the database is needed for them."""

from http import HTTPStatus

from fastapi import Request, Response

from monitor.core.access import Role
from monitor.core.message import words
from monitor.core.message.tongue import Tongue, mark
from monitor.core.page.recognised import recognised
from monitor.web.pages.rendering import language_of, page
from monitor.wording.catalogues import catalogues

#: What the code says of an error. Names in braces stand for what differs.
_DETAILS = (
    mark("refusal", "This needs the role {needed}; yours is {role}."),
    mark("refusal", "This is for people who log in, not for a token."),
    mark("refusal", "This token may only read."),
    mark("refusal", "Another site has sent this."),
    mark("refusal", "This form is too old. Load its page again."),
    mark("refusal", "Another trial is running. Try again in a moment."),
    mark("refusal", "Nothing was asked for."),
    mark("refusal", "Too many pages listen."),
    mark("refusal", "{file} cannot be read as it is; edit its text."),
)
#: Names of roles, which are words of the monitor.
_ROLES = frozenset(role.value for role in Role)


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks, and not a program."""
    return "text/html" in request.headers.get("accept", "")


def error_page(request: Request, status: int, detail: str) -> Response:
    """The page for this status. ``detail`` is what the code says of it, in English; "" if nothing."""
    tongue = Tongue.of(catalogues(), language_of(request, catalogues()))
    title, said = _explained(status, tongue)
    known = recognised(detail, _DETAILS, "refusal", tongue, lambda each: _written(each, tongue))
    return page(
        request,
        "error.html.j2",
        tongue,
        status=status,
        title=title,
        words=said,
        detail=known or detail,
        is_translated=known is not None,
    )


def _written(value: str, tongue: Tongue) -> str:
    return words.role(tongue, Role(value)) if value in _ROLES else tongue.foreign(value)


def _explained(status: int, tongue: Tongue) -> tuple[str, str]:
    """What a reader is told."""
    if status == HTTPStatus.FORBIDDEN:
        return tongue.say("You may not do this"), tongue.say("Your account does not allow it, or the form was too old.")
    if status == HTTPStatus.NOT_FOUND:
        return tongue.say("There is nothing here"), tongue.say("The address may be wrong, or what was here is gone.")
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return tongue.say("That was not understood"), tongue.say("Something in the address or the form is not valid.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return tongue.say("Not now"), tongue.say(
            "The monitor is busy, or its database does not answer. Try again in a minute."
        )
    return tongue.say("That did not work"), tongue.say("The server could not do what was asked.")
