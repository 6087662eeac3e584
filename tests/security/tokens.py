"""Tokens that must not open anything, made with the system's own key wherever the fault lies in what they say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from libs.common.web import SigningKeys
from meridian.target import Target

GATEWAY = "meridian-gateway"
_JOSE = "https://127.0.0.1:9/keys.json"


def encoded(part: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _bytes(part: Any) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part).encode()


@dataclass(frozen=True)
class Smith:
    """Somebody who has the system's private key and says with it what is not true."""

    key: Ed25519PrivateKey
    key_id: str
    audience: str = GATEWAY

    @classmethod
    def of(cls, target: Target, audience: str = GATEWAY) -> Smith:
        """Take the key from the system's own file."""
        entry = json.loads(target.signing_keys.read_text())["keys"][-1]
        secret = base64.urlsafe_b64decode(entry["d"] + "=" * (-len(entry["d"]) % 4))
        return cls(Ed25519PrivateKey.from_private_bytes(secret), entry["kid"], audience)

    @property
    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def public_der(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def public_raw(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def head(self, **change: Any) -> dict[str, Any]:
        """Return a proper header with what is given changed; ``None`` leaves a member out."""
        return _without_none({"alg": "Ed25519", "kid": self.key_id, "typ": "at+jwt"} | change)

    def claims(self, **change: Any) -> dict[str, Any]:
        """Return proper claims of an administrator with what is given changed."""
        now = int(time.time())
        proper: dict[str, Any] = {
            "iss": "meridian-gateway",
            "aud": self.audience,
            "sub": "00000000-0000-7000-8000-00000000dead",
        }
        proper |= {"name": "Forged", "roles": ["admin"], "jti": "forged", "iat": now - 1, "exp": now + 30}
        return _without_none(proper | change)

    def token(self, head: Any = None, claims: Any = None) -> str:
        """Sign with the true key."""
        signed = f"{encoded(_bytes(head or self.head()))}.{encoded(_bytes(claims or self.claims()))}"
        return f"{signed}.{encoded(self.key.sign(signed.encode()))}"

    def hashed(self, secret: bytes, **head: Any) -> str:
        """Sign with an HMAC over something that everybody knows."""
        signed = f"{encoded(_bytes(self.head(alg='HS256', **head)))}.{encoded(_bytes(self.claims()))}"
        return f"{signed}.{encoded(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def _without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def bad_tokens(smith: Smith) -> dict[str, str]:
    """Return the tokens by what is wrong with them."""
    return {
        **_of_form(smith),
        **_of_algorithm(smith),
        **_of_key(smith),
        **_of_claims(smith),
        **_of_time(smith),
    }


def _of_form(smith: Smith) -> dict[str, str]:
    head, claims, signature = smith.token().split(".")
    twice = json.dumps(smith.claims(roles=None))[:-1] + ', "roles": [], "roles": ["admin"], "sub": "x"}'
    return {
        "no token": "",
        "one word": "abc",
        "two parts": f"{head}.{claims}",
        "four parts": f"{head}.{claims}.{signature}.x",
        "five parts": f"{head}..{claims}.{signature}.",
        "dots only": "..",
        "no signature": f"{head}.{claims}.",
        "cut signature": f"{head}.{claims}.{signature[:-6]}",
        "another's signature": f"{head}.{claims}.{smith.token(claims=smith.claims(jti='b')).split('.')[2]}",
        "changed claims": f"{head}.{encoded(_bytes(smith.claims(sub='other')))}.{signature}",
        "100 KB": smith.token(claims=smith.claims(name="x" * 4_000))[:7_000] + "a" * 1_000,
        "header no JSON": f"{encoded(b'{')}.{claims}.{signature}",
        "header a list": f"{encoded(b'[]')}.{claims}.{signature}",
        "header nested deep": f"{encoded(b'[' * 4_000)}.{claims}.{signature}",
        "claims no JSON": smith.token(claims=b"{"),
        "claims a list": smith.token(claims=b"[1]"),
        "claims with a key twice": smith.token(claims=twice.encode()),
        "a header with a key twice": smith.token(
            json.dumps(smith.head())[:-1].encode() + b', "alg": "Ed25519"}'
        ),
        "not base64": "%%%.%%%.%%%",
        "padded": f"{head}==.{claims}==.{signature}==x",
    }


def _of_algorithm(smith: Smith) -> dict[str, str]:
    claims = encoded(_bytes(smith.claims()))
    unsigned = {
        f"alg {name}": f"{encoded(_bytes(smith.head(alg=name)))}.{claims}."
        for name in ("none", "None", "NONE", "nOnE", "")
    }
    return unsigned | {
        "HMAC over the PEM": smith.hashed(smith.public_pem),
        "HMAC over the DER": smith.hashed(smith.public_der),
        "HMAC over the raw key": smith.hashed(smith.public_raw),
        "HMAC over nothing": smith.hashed(b""),
        "HMAC over secret": smith.hashed(b"secret"),
        "alg EdDSA, the older name": smith.token(smith.head(alg="EdDSA")),
        "alg a list": smith.token(smith.head(alg=["Ed25519"])),
        "alg absent": smith.token(smith.head(alg=None)),
        "alg in capitals": smith.token(smith.head(alg="ED25519")),
    }


def _of_key(smith: Smith) -> dict[str, str]:
    stranger = Ed25519PrivateKey.generate()
    raw = encoded(stranger.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    own_key = {"kty": "OKP", "crv": "Ed25519", "x": raw}
    posing = Smith(stranger, smith.key_id, smith.audience)
    other = SigningKeys.fresh()
    found = {
        "another environment's": other.sign(subject="x", audience=smith.audience, roles=["admin"]),
        "another's key under our id": posing.token(),
        "a jwk of its own": posing.token(posing.head(jwk=own_key)),
        "a jku": posing.token(posing.head(jku=_JOSE)),
        "an x5u": posing.token(posing.head(x5u=_JOSE)),
        "an x5c": posing.token(posing.head(x5c=["MIIB"])),
        "a crit": smith.token(smith.head(crit=["exp"])),
        "b64 false": smith.token(smith.head(b64=False, crit=["b64"])),
    }
    ids = ("", "../../../dev/null", "/dev/null", "' OR 1=1 --", _JOSE, "\u0000", ["a"], 7)
    return found | {f"kid {key_id!r}": smith.token(smith.head(kid=key_id)) for key_id in ids}


def _of_claims(smith: Smith) -> dict[str, str]:
    wrong: dict[str, dict[str, Any]] = {
        "another issuer": {"iss": "meridian"},
        "no issuer": {"iss": None},
        "another audience": {"aud": "meridian"},
        "an audience list": {"aud": [smith.audience, "x"]},
        "no audience": {"aud": None},
        "no subject": {"sub": None},
        "an empty subject": {"sub": ""},
        "a subject that is a number": {"sub": 1},
        "a subject too long": {"sub": "x" * 121},
        "no token id": {"jti": None},
        "roles as text": {"roles": "admin"},
        "roles as numbers": {"roles": [1]},
    }
    found = {name: smith.token(claims=smith.claims(**change)) for name, change in wrong.items()}
    kinds = ("rt+jwt", "JWT", "jwt", "", None)
    return found | {f"typ {kind!r}": smith.token(smith.head(typ=kind)) for kind in kinds}


def _of_time(smith: Smith) -> dict[str, str]:
    now = int(time.time())
    wrong: dict[str, dict[str, Any]] = {
        "expired": {"iat": now - 100, "exp": now - 50},
        "no exp": {"exp": None},
        "no iat": {"iat": None},
        "exp as text": {"exp": str(now + 30)},
        "exp as a fraction": {"exp": now + 30.5},
        "exp true": {"exp": True},
        "exp negative": {"exp": -1},
        "exp beyond every calendar": {"exp": 10**18},
        "not yet": {"nbf": now + 600},
        "issued in the future": {"iat": now + 600, "exp": now + 630},
        "lives for a year": {"exp": now + 31_000_000},
        "lives since long": {"iat": now - 100_000},
    }
    found = {name: smith.token(claims=smith.claims(**change)) for name, change in wrong.items()}
    for name, number in (
        ("1e308", b"1e308"),
        ("1e999", b"1e999"),
        ("NaN", b"NaN"),
        ("Infinity", b"Infinity"),
    ):
        text = _bytes(smith.claims(exp="@")).replace(b'"@"', number)
        found[f"exp {name}"] = smith.token(claims=text)
    return found
