"""A provider of OpenID Connect on this machine. It signs what a test tells it to."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from tests.builders import NOW
from tests.servers import LoopbackServer, Reply, Request

CLIENT, SECRET = "monitor", "provider secret"


@cache
def key(number: int) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": f"k{number}"}, private=True)


@dataclass
class OidcProvider:
    """Its answers, which a test may change."""

    server: LoopbackServer
    claims: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    signing: Any = None
    algorithm: str = "RS256"
    #: The codes that are open, with the challenge and the nonce that each was asked for.
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    sent: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path, route in (
            ("/.well-known/openid-configuration", self._describe),
            ("/keys", self._keys),
            ("/token", self._token),
        ):
            self.server.routes[path] = route

    @property
    def issuer(self) -> str:
        return self.server.url("").rstrip("/")

    def log_in(self, address: str, **answer: str) -> str:
        """The person logs in. The address that the browser is sent back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked["code_challenge"], asked["nonce"]
        assert asked["code_challenge_method"] == "S256"
        assert asked["response_type"] == "code"
        back = {"code": code, "state": asked["state"], "iss": self.issuer} | answer
        return f"{urlsplit(asked['redirect_uri']).path}?{urlencode(back)}"

    def _describe(self, _: Request) -> Reply:
        described = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return Reply(body=json.dumps(described | self.description).encode())

    def _keys(self, _: Request) -> Reply:
        return Reply(body=json.dumps(KeySet([key(1)]).as_dict(private=False)).encode())

    def _token(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        self.sent.append(form)
        challenge, nonce = self.codes.pop(form["code"], ("", ""))
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
            return Reply(status=400, body=b'{"error": "invalid_grant"}')
        now = int(NOW.timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "s-17", "nonce": nonce, "iat": now, "exp": now + 300,
            "email": "ada@example.org", "email_verified": True,
        } | self.claims  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "k1"}
        signed = jwt.encode(header, kept, self.signing or key(1), algorithms=["RS256", "HS256", "none"])
        answer = {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": signed}
        return Reply(body=json.dumps(answer).encode())


def shared_key() -> OctKey:
    """The client's secret as a key. A token that is signed with it proves nothing that the client could not forge."""
    return OctKey.import_key(SECRET * 3)
