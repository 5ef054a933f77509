"""Tells a bot protection that answers in place of a site, so that an operator need not look for a mistake. Pure."""

from collections.abc import Mapping

#: The statuses with which they refuse.
BLOCKING = frozenset({401, 403, 405, 406, 429, 503})

# Header, what its value contains, whose it is. The first are sent with a challenge only, whatever the status…
_CHALLENGES = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "", "AWS WAF challenge"),
    ("x-vercel-mitigated", "", "Vercel"),
    ("x-sucuri-block", "", "Sucuri"),
    ("x-kpsdk-ct", "", "Kasada"),
)
# …the others with every answer of a guarded site, so that they say something beside a refusal only.
_GUARDS = (
    ("x-datadome", "", "DataDome"),
    ("server", "datadome", "DataDome"),
    ("server", "akamaighost", "Akamai"),
    ("server", "ddos-guard", "DDoS-Guard"),
    ("server", "sucuri", "Sucuri"),
)
# What the page of a refusal contains.
_PAGES = (
    (b"/cdn-cgi/challenge-platform/", "Cloudflare challenge"),
    (b"cf-error-details", "Cloudflare"),
    (b"captcha-delivery.com", "DataDome"),
    (b"_Incapsula_Resource", "Imperva"),
    (b"px-captcha", "HUMAN"),
    (b"errors.edgesuite.net", "Akamai"),
    (b"awswaf", "AWS WAF challenge"),
)


def blocked_by(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Who refused in place of the site; None where nobody is recognised.

    Args:
        status: of the answer.
        headers: of the answer, by names in lower case or case-insensitive.
        body: its beginning, decoded from its content coding.
    """
    challenger = _by_header(_CHALLENGES, headers)
    if challenger is not None or status not in BLOCKING:
        return challenger
    return next((name for mark, name in _PAGES if mark in body), None) or _by_header(_GUARDS, headers)


def _by_header(signs: tuple[tuple[str, str, str], ...], headers: Mapping[str, str]) -> str | None:
    return next(
        (name for header, sign, name in signs if header in headers and sign in headers[header].lower()),
        None,
    )
