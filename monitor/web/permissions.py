"""Which role each route needs. A route that is not in this table answers nobody."""

from collections.abc import Mapping

from monitor.core.access import Role

#: For everybody, without an account: the route itself checks what it is given.
OPEN = None
_READ: Mapping[str, Role | None] = {"GET": Role.VIEWER}
_OPEN: Mapping[str, Role | None] = {"GET": OPEN}

#: The role by path and method. HEAD is allowed as GET is.
PERMISSIONS: Mapping[str, Mapping[str, Role | None]] = {
    # For everybody
    "/health": _OPEN,
    "/static/{name}": _OPEN,
    "/unsubscribe/{token}": {"GET": OPEN, "POST": OPEN},
    "/subscribe": {"GET": OPEN, "POST": OPEN},
    "/subscribe/{token}": {"GET": OPEN, "POST": OPEN},
    "/subscription/{token}": {"GET": OPEN, "POST": OPEN},
    "/websub/{token}": {"GET": OPEN, "POST": OPEN},
    "/login": {"GET": OPEN, "POST": OPEN},
    "/login/oidc": _OPEN,
    "/login/oidc/back": _OPEN,
    # The person who has logged in
    "/logout": {"POST": Role.VIEWER},
    "/account": _READ,
    "/account/password": {"POST": Role.VIEWER},
    "/account/preferences": {"POST": Role.VIEWER},
    "/account/sessions": {"POST": Role.VIEWER},
    "/account/tokens": {"POST": Role.VIEWER},
    "/account/tokens/revoke": {"POST": Role.VIEWER},
    # Who did what
    "/audit": {"GET": Role.ADMIN},
    # Pages
    "/": _READ,
    "/events": _READ,
    "/brief": _READ,
    "/start": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/start/found": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/start/watch": {"POST": Role.OPERATOR},
    "/start/told": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/start/test": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/start/done": {"GET": Role.OPERATOR},
    "/projects/{project}": _READ,
    "/projects/{project}/brief": _READ,
    "/changes": _READ,
    # Alerts and subscribers
    "/alerts": _READ,
    "/alerts/retry": {"POST": Role.OPERATOR},
    "/alerts/changes/{change}": _READ,
    "/alerts/changes/{change}/message": _READ,
    "/alerts/changes/{change}/mail": _READ,
    "/subscribers": _READ,
    "/subscribers/test": {"POST": Role.OPERATOR},
    "/subscribers/mute": {"POST": Role.OPERATOR},
    "/subscribers/unmute": {"POST": Role.OPERATOR},
    "/subscribers/readmit": {"POST": Role.OPERATOR},
    "/subscribers/remove": {"POST": Role.OPERATOR},
    # Feeds
    "/feeds": _READ,
    # Configuration
    "/configuration": {"GET": Role.OPERATOR},
    "/configuration/files/{name:path}": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/configuration/edit/{section}": {"GET": Role.OPERATOR},
    "/configuration/edit/{section}/item": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/configuration/putting-back/{number}": {"POST": Role.OPERATOR},
    "/configuration/history": {"GET": Role.OPERATOR},
    "/configuration/history/{number}": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    # Articles, decisions and trials
    "/articles/{article}": _READ,
    "/articles/{article}/reading": {"POST": Role.OPERATOR},
    "/articles/{article}/project": {"POST": Role.OPERATOR},
    "/review": _READ,
    "/review/{claim}": {"GET": Role.VIEWER, "POST": Role.OPERATOR},
    "/feeds.opml": _READ,
    "/feeds/add": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/feeds/try": {"POST": Role.OPERATOR},
    "/feeds/import": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/feeds/{feed}": {"GET": Role.VIEWER, "POST": Role.OPERATOR},
    "/feeds/{feed}/remove": {"POST": Role.OPERATOR},
    "/reader": {"GET": Role.OPERATOR},
    "/reader/try": {"POST": Role.ADMIN},
    "/reader/stop": {"POST": Role.ADMIN},
    "/reader/use": {"POST": Role.ADMIN},
    "/playground": {"GET": Role.OPERATOR, "POST": Role.OPERATOR},
    "/playground/page": {"POST": Role.OPERATOR},
    # Feeds and calendars
    "/changes.atom": _READ,
    "/changes.json": _READ,
    "/expected.ics": _READ,
    # API
    "/api/v1/openapi.json": _READ,
    "/api/v1/projects": _READ,
    "/api/v1/projects/{project}": _READ,
    "/api/v1/projects/{project}/timeline": _READ,
    "/api/v1/changes": _READ,
    "/api/v1/changes/{change}/hearings": _READ,
    "/api/v1/feeds": _READ,
    "/api/v1/feeds/{feed:path}": _READ,
    "/api/v1/subscribers": _READ,
    "/api/v1/deliveries": _READ,
    "/api/v1/export/{what}": _READ,
    "/api/v1/reviews": {"GET": Role.VIEWER, "POST": Role.OPERATOR},
    "/api/v1/reviews/decided": _READ,
    "/api/v1/deliveries/{delivery}/retry": {"POST": Role.OPERATOR},
}

#: Paths that no token opens: with a stolen one nobody can make further ones, or take over the account.
PEOPLE_ONLY = frozenset(path for path in PERMISSIONS if path.startswith(("/logout", "/account")))
