"""Tokens: only ours, only for us, only for a short while; everything else gets the one same 401."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OKPKey

from libs.common.testing.time import ManualClock
from libs.common.web import SigningKeys, TokenKeys
from libs.common.web.tokens import ALGORITHM, REFRESH, TokenRefused

ME = "/api/v1/parcels/me"
AUDIENCE = "sample"


def _part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Forger:
    """Makes tokens that are almost right."""

    def __init__(self, clock: ManualClock) -> None:
        self.key = OKPKey.generate_key("Ed25519")
        self.other = OKPKey.generate_key("Ed25519")
        self.keys = SigningKeys([self.key], clock=clock)
        self.now = int(clock.now().timestamp())

    def claims(self, **changed: Any) -> dict[str, Any]:
        claims: dict[str, Any] = {
            "iss": "meridian-gateway", "aud": AUDIENCE, "sub": "s1", "name": "S", "roles": ["sales"], "jti": "j1",
            "iat": self.now, "exp": self.now + 60,
        }  # fmt: skip
        claims.update(changed)
        return {name: value for name, value in claims.items() if value is not ...}

    def header(self, **changed: Any) -> dict[str, Any]:
        header = {"alg": ALGORITHM, "kid": self.keys.current, "typ": "at+jwt", **changed}
        return {name: value for name, value in header.items() if value is not ...}

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        """Correctly signed by the real key, whatever the header says."""
        signing_input = f"{_part(self.header(**header))}.{_part(claims)}"
        native: Any = self.key.private_key
        return f"{signing_input}.{_part(native.sign(signing_input.encode()))}"

    def hmac(self, secret: bytes, alg: str = "HS256") -> str:
        signing_input = f"{_part(self.header(alg=alg))}.{_part(self.claims())}"
        return f"{signing_input}.{_part(hmac.new(secret, signing_input.encode(), hashlib.sha256).digest())}"


def _anonymous(app: Flask) -> Any:
    return app.test_client()


@pytest.fixture
def forger(clock: ManualClock) -> Forger:
    return Forger(clock)


@pytest.fixture
def keys(forger: Forger) -> SigningKeys:
    return forger.keys


def test_the_forger_can_make_a_good_one(forger: Forger, keys: SigningKeys) -> None:
    found = keys.verifier().verify(forger.signed(forger.claims(extra=1)), audience=AUDIENCE)
    assert (found.subject, found.name, found.roles, found.token_id) == (
        "s1", "S", frozenset({"sales"}), "j1",
    )  # fmt: skip
    assert found.extra == {"extra": 1}


def _public_x(forger: Forger) -> bytes:
    return base64.urlsafe_b64decode(str(forger.key.as_dict(private=False)["x"]) + "=")


FORGED: dict[str, Callable[[Forger], str]] = {
    "empty": lambda f: "",
    "words": lambda f: "not a token",
    "two parts": lambda f: "a.b",
    "dots": lambda f: "..",
    "100 KB": lambda f: "a" * 100_000 + ".b.c",
    "not ASCII": lambda f: "é.b.c",
    "header not JSON": lambda f: f"{_part(b'{')}.{_part(f.claims())}.x",
    "header a list": lambda f: f"{_part([])}.{_part(f.claims())}.x",
    "header too deep": lambda f: f"{_part(b'[' * 3000)}.{_part(f.claims())}.x",
    "alg none": lambda f: f"{_part(f.header(alg='none'))}.{_part(f.claims())}.",
    "alg NONE": lambda f: f"{_part(f.header(alg='NONE'))}.{_part(f.claims())}.",
    "alg nOnE": lambda f: f"{_part(f.header(alg='nOnE'))}.{_part(f.claims())}.",
    "alg missing": lambda f: f.signed(f.claims(), alg=...),
    "alg a list": lambda f: f.signed(f.claims(), alg=[ALGORITHM]),
    "HS256 with the public key": lambda f: f.hmac(_public_x(f)),
    "HS256 with PEM": lambda f: f.hmac(f.key.as_pem(private=False)),
    "HS256 with DER": lambda f: f.hmac(f.key.as_der(private=False)),
    "HS256 with JWK": lambda f: f.hmac(json.dumps(f.key.as_dict(private=False)).encode()),
    "HMAC called Ed25519": lambda f: f.hmac(_public_x(f), alg=ALGORITHM),
    "RS256": lambda f: f.signed(f.claims(), alg="RS256"),
    "no kid": lambda f: f.signed(f.claims(), kid=...),
    "unknown kid": lambda f: f.signed(f.claims(), kid="unknown"),
    "kid a path": lambda f: f.signed(f.claims(), kid="../../etc/passwd"),
    "kid an SQL": lambda f: f.signed(f.claims(), kid="' OR 1=1 --"),
    "kid a number": lambda f: f.signed(f.claims(), kid=1),
    "jku in header": lambda f: f.signed(f.claims(), jku="https://evil.example/jwks"),
    "jwk in header": lambda f: f.signed(f.claims(), jwk=f.other.as_dict(private=False)),
    "x5u in header": lambda f: f.signed(f.claims(), x5u="https://evil.example/x"),
    "crit in header": lambda f: f.signed(f.claims(), crit=["exp"]),
    "typ JWT": lambda f: f.signed(f.claims(), typ="JWT"),
    "typ missing": lambda f: f.signed(f.claims(), typ=...),
    "refresh as access": lambda f: f.keys.sign(subject="s1", audience=AUDIENCE, kind=REFRESH),
    "signed by another": lambda f: jwt.encode(f.header(), f.claims(), f.other, algorithms=[ALGORITHM]),
    "signature cut": lambda f: f.signed(f.claims())[:-4],
    "signature missing": lambda f: f.signed(f.claims()).rpartition(".")[0] + ".",
    "payload changed": lambda f: ".".join(
        [(p := f.signed(f.claims()).split("."))[0], _part(f.claims(roles=["admin"])), p[2]]
    ),
    "payload with a key twice": lambda f: f.signed(json.dumps(f.claims())[:-1].encode() + b', "sub": "s2"}'),  # type: ignore[arg-type]
    "payload a list": lambda f: f.signed([]),  # type: ignore[arg-type]
    "payload not JSON": lambda f: f.signed(b"{"),  # type: ignore[arg-type]
    "wrong issuer": lambda f: f.signed(f.claims(iss="someone")),
    "superiors a text": lambda f: f.signed(f.claims(superiors="boss")),
    "superiors numbers": lambda f: f.signed(f.claims(superiors=[1])),
    "superiors empty texts": lambda f: f.signed(f.claims(superiors=[""])),
    "superiors without end": lambda f: f.signed(f.claims(superiors=["boss"] * 21)),
    "no issuer": lambda f: f.signed(f.claims(iss=...)),
    "another service's": lambda f: f.signed(f.claims(aud="finance")),
    "two audiences": lambda f: f.signed(f.claims(aud=[AUDIENCE, "finance"])),
    "no audience": lambda f: f.signed(f.claims(aud=...)),
    "no subject": lambda f: f.signed(f.claims(sub=...)),
    "subject empty": lambda f: f.signed(f.claims(sub="")),
    "subject a number": lambda f: f.signed(f.claims(sub=1)),
    "subject too long": lambda f: f.signed(f.claims(sub="s" * 121)),
    "no jti": lambda f: f.signed(f.claims(jti=...)),
    "no exp": lambda f: f.signed(f.claims(exp=...)),
    "exp now": lambda f: f.signed(f.claims(exp=f.now)),
    "exp past": lambda f: f.signed(f.claims(iat=f.now - 120, exp=f.now - 60)),
    "exp far away": lambda f: f.signed(f.claims(exp=f.now + 61)),
    "exp 1e308": lambda f: f.signed(f.claims(exp=1e308)),
    "exp 10^30": lambda f: f.signed(f.claims(exp=10**30)),
    "exp text": lambda f: f.signed(f.claims(exp=str(f.now + 60))),
    "exp true": lambda f: f.signed(f.claims(exp=True)),
    "exp null": lambda f: f.signed(f.claims(exp=None)),
    "exp negative": lambda f: f.signed(f.claims(exp=-1)),
    "exp NaN": lambda f: f.signed(f.claims(exp=float("nan"))),
    "no iat": lambda f: f.signed(f.claims(iat=...)),
    "iat in the future": lambda f: f.signed(f.claims(iat=f.now + 30, exp=f.now + 60)),
    "nbf in the future": lambda f: f.signed(f.claims(nbf=f.now + 30)),
    "nbf text": lambda f: f.signed(f.claims(nbf="now")),
    "roles text": lambda f: f.signed(f.claims(roles="admin")),
    "roles an object": lambda f: f.signed(f.claims(roles={"admin": True})),
    "roles of numbers": lambda f: f.signed(f.claims(roles=[1])),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_is_401_and_says_nothing_about_why(app: Flask, forger: Forger, kind: str) -> None:
    token = FORGED[kind](forger).encode().decode("latin-1")
    answer = _anonymous(app).get(ME, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.json["detail"] == "A valid token is needed."
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dTpw", "bearer:x"])
def test_no_token_is_401(app: Flask, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    assert _anonymous(app).get(ME, headers=headers).status_code == 401
    assert _anonymous(app).post("/api/v1/parcels", json={}, headers=headers).status_code == 401
    assert _anonymous(app).get("/openapi.json", headers=headers).status_code == 401


def test_a_good_token_expires(app: Flask, forger: Forger, clock: ManualClock) -> None:
    headers = {"Authorization": f"Bearer {forger.signed(forger.claims())}"}
    assert _anonymous(app).get(ME, headers=headers).status_code == 200
    clock.advance(timedelta(seconds=60))
    assert _anonymous(app).get(ME, headers=headers).status_code == 401


def test_rotation_keeps_old_tokens_until_the_key_is_retired(clock: ManualClock) -> None:
    keys = SigningKeys.fresh(clock=clock)
    first, old = keys.current, keys.sign(subject="s1", audience=AUDIENCE)
    keys.rotate()
    new = keys.sign(subject="s1", audience=AUDIENCE)
    for token in (old, new):
        assert keys.verifier().verify(token, audience=AUDIENCE).subject == "s1"
    with pytest.raises(ValueError, match="rotate first"):
        keys.retire(keys.current)
    keys.retire(first)
    with pytest.raises(TokenRefused):
        keys.verifier().verify(old, audience=AUDIENCE)
    assert keys.verifier().verify(new, audience=AUDIENCE).subject == "s1"


def test_private_keys_are_kept_for_their_owner_only(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "keys" / "private.json"
    keys = SigningKeys.load_or_create(path, clock=clock)
    assert path.stat().st_mode & 0o777 == 0o600
    keys.rotate()
    keys.save(path)
    again = SigningKeys.load_or_create(path, clock=clock)
    assert (again.key_ids, again.current) == (keys.key_ids, keys.current)
    assert keys.verifier().verify(again.sign(subject="s", audience="a"), audience="a").subject == "s"
    path.chmod(0o640)
    with pytest.raises(PermissionError):
        SigningKeys.load(path)


def test_public_keys_hold_nothing_private_and_are_read_again_when_they_change(
    tmp_path: Path, clock: ManualClock
) -> None:
    path = tmp_path / "jwks.json"
    keys = SigningKeys.fresh(clock=clock)
    keys.publish(path)
    assert '"d"' not in path.read_text()
    verifier = TokenKeys.from_file(path, clock=clock)
    keys.rotate()
    token = keys.sign(subject="s", audience="a")
    with pytest.raises(TokenRefused):
        verifier.verify(token, audience="a")
    keys.publish(path)
    os.utime(path, ns=(1, 1))
    assert verifier.verify(token, audience="a").subject == "s"
    SigningKeys.fresh(clock=clock).publish(path)
    os.utime(path, ns=(2, 2))
    with pytest.raises(TokenRefused):  # also one that was found good a moment ago
        verifier.verify(token, audience="a")


@pytest.mark.parametrize(
    "jwks",
    [
        {"keys": []},
        {"keys": [{"kty": "oct", "k": "AAAA", "kid": "1"}]},
        {"keys": [{"kty": "OKP", "crv": "X25519"}]},
    ],
)
def test_keys_of_another_kind_are_refused_at_the_start(jwks: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="key"):
        TokenKeys(jwks)


def test_a_private_key_that_is_given_for_verifying_is_cut_to_its_public_part(forger: Forger) -> None:
    private = forger.key.as_dict(private=True) | {"kid": forger.keys.current}
    found = TokenKeys({"keys": [private]}, clock=ManualClock()).verify(
        forger.signed(forger.claims()), audience=AUDIENCE
    )
    assert found.subject == "s1"
