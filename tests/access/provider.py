"""An OpenID Connect provider on loopback: it signs in whomever it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "samsyn", "secret-of-the-test"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """Serves discovery, keys, consent, tokens and who it is.

    Attributes:
        claims: what it says of the person who signs in.
        audience: whom its token is for.

    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.claims: dict[str, Any] = {}
        self.audience = CLIENT
        self.nonces: dict[str, dict[str, str]] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/authorize":
            self._consent({name: values[0] for name, values in parse_qs(asked.query).items()})
            return
        home = self.server.address
        self._say({
            "/.well-known/openid-configuration": {
                "issuer": home,
                "authorization_endpoint": f"{home}/authorize",
                "token_endpoint": f"{home}/token",
                "userinfo_endpoint": f"{home}/userinfo",
                "jwks_uri": f"{home}/keys",
            },
            "/keys": {"keys": [{**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())),
                                "kid": "1", "use": "sig", "alg": "RS256"}]},
            "/userinfo": self.server.claims,
        }[asked.path])  # fmt: skip

    def _consent(self, query: dict[str, str]) -> None:
        self.server.nonces["a-code"] = query
        back = urlencode({"code": "a-code", "state": query["state"]})
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{back}")
        self.end_headers()

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = self.server.nonces.pop(given["code"][0])
        if "code_challenge" in asked:
            digest = hashlib.sha256(given["code_verifier"][0].encode()).digest()
            assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        now = int(time.time())
        own = {"iss": self.server.address, "aud": self.server.audience}
        claims = {**self.server.claims, **own, "iat": now, "exp": now + 300}
        token = jwt.encode(claims, KEY, "RS256", headers={"kid": "1"})
        self._say({"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    def _say(self, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
