"""Logs people in at a provider of the organisation (OpenID Connect). The only module that knows Authlib.

Code flow with PKCE, state and nonce (https://openid.net/specs/openid-connect-core-1_0.html, RFC 9700). Every connection
passes the address policy of the feeds, and no redirect is followed. All of it blocks: call it in a thread.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from monitor.core.access import Role, let_in
from monitor.delivery.guard import Refusal, guarded
from monitor.errors import AccessError
from monitor.settings.config import Provider

#: Signatures with a public key. A token that is signed with a shared secret, or not at all, is refused.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
#: Seconds for one request, and that the provider's clock may be ahead or behind.
_TIMEOUT, _LEEWAY = 10.0, 60
#: Bytes of one document of the provider.
_LARGEST = 1_000_000
#: Seconds for which the provider's description of itself is kept.
_KEPT = 3_600.0


@dataclass(frozen=True, slots=True)
class Errand:
    """What a browser must bring back from the provider, and what must fit to it."""

    state: str
    nonce: str
    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> "Errand":
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


@dataclass(slots=True, kw_only=True)
class ProviderClient:
    """Talks to one provider."""

    provider: Provider
    #: The present allow-list: an edit of it needs no restart.
    allow: Callable[[], Mapping[str, Role]]
    #: Where the provider sends people back to.
    back: str
    #: Why an address must not be connected to.
    refusal: Refusal
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Returns monotonic seconds.
    ticks: Callable[[], float] = time.monotonic
    _described: tuple[float, Mapping[str, Any]] | None = None

    def way_out(self, errand: Errand) -> str:
        """The address at the provider where a person logs in.

        Raises:
            AccessError: the provider cannot be reached or describes itself wrongly.
        """
        with self._session() as session:
            endpoint = self._endpoint("authorization_endpoint", self._description(session))
            address, _ = session.create_authorization_url(
                endpoint, state=errand.state, nonce=errand.nonce, code_verifier=errand.verifier
            )
        return str(address)

    def person(self, errand: Errand, answer: Mapping[str, str]) -> tuple[str, Role]:
        """The entry of the allow-list for the person who comes back with this answer, and the role.

        Raises:
            AccessError: the provider vouches for nobody, or for somebody who is not on the list.
        """
        if not secrets.compare_digest(answer.get("state", "").encode(), errand.state.encode()):
            raise AccessError("the answer belongs to another login")
        if answer.get("iss", self.provider.issuer) != self.provider.issuer:
            raise AccessError("the answer comes from another provider")
        if "code" not in answer:
            raise AccessError(f"the provider refuses: {answer.get('error', 'no code')[:100]}")
        claims = self._claims(errand, answer["code"])
        email = claims.get("email") if claims.get("email_verified") is True else None
        found = let_in(self.allow(), str(claims["sub"]), email if isinstance(email, str) else "")
        if found is None:
            raise AccessError("web.oidc.allow lists neither this person's subject nor their verified e-mail address")
        return found

    def _claims(self, errand: Errand, code: str) -> Mapping[str, Any]:
        """What the provider says of the person, after all checks."""
        with self._session() as session:
            description = self._description(session)
            try:
                token = session.fetch_token(
                    self._endpoint("token_endpoint", description), code=code, code_verifier=errand.verifier
                )
                found: Any = self._document(session, self._endpoint("jwks_uri", description))
                keys = KeySet.import_key_set(found)
                decoded = jwt.decode(str(token["id_token"]), keys, algorithms=_ALGORITHMS)
                params = {"nonce": errand.nonce, "client_id": self.provider.client_id}
                options = {
                    "iss": {"essential": True, "value": self.provider.issuer},
                    "aud": {"essential": True, "value": self.provider.client_id},
                }
                claims = CodeIDToken(decoded.claims, decoded.header, options, params)
                claims.validate(now=int(self.clock().timestamp()), leeway=_LEEWAY)
                return dict(claims)
            except (AuthlibBaseError, JoseError, RequestException, KeyError, TypeError, ValueError, OSError) as error:
                raise AccessError(f"the provider's answer does not hold: {type(error).__name__}: {error}") from error

    @contextmanager
    def _session(self) -> Iterator[OAuth2Session]:
        """A session whose connections are checked."""
        session = OAuth2Session(
            client_id=self.provider.client_id,
            client_secret=self.provider.client_secret,
            redirect_uri=self.back,
            scope="openid email",
            code_challenge_method="S256",
            default_timeout=_TIMEOUT,
        )
        # Neither proxies nor passwords of the environment.
        session.trust_env = False
        session.max_redirects = 0
        with guarded(self.refusal), session:
            yield session

    def _description(self, session: OAuth2Session) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery)."""
        if self._described is None or self.ticks() - self._described[0] > _KEPT:
            address = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = self._document(session, address)
            if found.get("issuer") != self.provider.issuer:
                raise AccessError(f"{address}: names another issuer; write it as web.oidc.issuer, letter by letter")
            self._described = self.ticks(), found
        return self._described[1]

    def _endpoint(self, name: str, description: Mapping[str, Any]) -> str:
        """An address of the provider. It is encrypted if the issuer is."""
        address = description.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in {
            "https",
            urlsplit(self.provider.issuer).scheme,
        }:
            raise AccessError(f"{self.provider.issuer}: gives no usable {name}")
        return address

    def _document(self, session: OAuth2Session, address: str) -> dict[str, Any]:
        """A JSON object, of bounded size."""
        try:
            answer = session.get(address, withhold_token=True, stream=True)
            with answer:
                answer.raise_for_status()
                body = answer.raw.read(_LARGEST + 1, decode_content=True)
            found = json.loads(body) if len(body) <= _LARGEST else None
        except (RequestException, ValueError, OSError) as error:
            raise AccessError(f"{address}: {error}") from error
        if not isinstance(found, dict):
            raise AccessError(f"{address}: is not a JSON object of at most {_LARGEST:,} bytes")
        return found
