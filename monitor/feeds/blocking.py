"""Recognises bot protection that answers in place of a site, to save the operator a search for mistakes. Pure."""

from collections.abc import Mapping

#: The statuses with which bot protection refuses a request.
BLOCKING = frozenset({401, 403, 405, 406, 429, 503})

# Header, a part of its value, name of the protection. These are sent with a challenge only, whatever the status.
_CHALLENGES = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "", "AWS WAF challenge"),
    ("x-vercel-mitigated", "", "Vercel"),
    ("x-sucuri-block", "", "Sucuri"),
    ("x-kpsdk-ct", "", "Kasada"),
)
# These are sent with every answer of a guarded site. They prove something only together with a refusal.
_GUARDS = (
    ("x-datadome", "", "DataDome"),
    ("server", "datadome", "DataDome"),
    ("server", "akamaighost", "Akamai"),
    ("server", "ddos-guard", "DDoS-Guard"),
    ("server", "sucuri", "Sucuri"),
)
# A part of the page of a refusal, and the name of the protection.
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
    """The name of the bot protection that refused in place of the site. None if no protection is recognised.

    Args:
        status: the status of the answer.
        headers: the headers of the answer. Names are lower case, or the mapping ignores case.
        body: the beginning of the body, with its content coding removed.
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
