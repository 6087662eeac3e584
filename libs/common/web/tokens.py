"""Tokens: short-lived JWTs signed with Ed25519; the gateway signs, every service verifies.

The algorithm is fixed (``Ed25519``, the name that RFC 9864 gives to EdDSA over that curve), so a token can
choose neither ``none`` nor an HMAC over the public key. A token must name its key and carry iss, aud, exp, iat,
sub and jti, and may not live longer than its reader allows.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from libs.common.clock import Clock, SystemClock
from libs.common.ids import Ids, SystemIds

ALGORITHM = "Ed25519"
ISSUER = "meridian-gateway"
ACCESS = "at+jwt"
REFRESH = "rt+jwt"
INTERNAL_LIFETIME = timedelta(seconds=60)
LEEWAY = timedelta(seconds=5)
_MAX_LENGTH = 8192
_HEADER = {"alg", "kid", "typ"}
_TEXT_CLAIMS = ("iss", "aud", "sub", "jti")
_USUAL_CLAIMS = {*_TEXT_CLAIMS, "iat", "exp", "nbf", "name", "roles", "superiors"}
_MAX_SUBJECT = 120
_REMEMBERED = 2048
MOST_SUPERIORS = 20
"""How many a token names at most; who is further above is asked for nothing."""


class TokenRefused(Exception):
    """The token is not valid here; the reason is for our log, never for the caller."""


@dataclass(frozen=True)
class Claims:
    """What a verified token says; ``extra`` holds claims beyond the usual ones.

    ``superiors`` are those of the subject, the direct one first; a token of before they were named has none.
    """

    subject: str
    name: str
    roles: frozenset[str]
    token_id: str
    issued_at: datetime
    expires_at: datetime
    extra: Mapping[str, Any]
    superiors: tuple[str, ...] = ()


class TokenKeys:
    """The public keys that tokens are verified with: given, or read from a JWKS file that may change meanwhile."""

    def __init__(
        self, jwks: Mapping[str, Any] | None = None, *, path: Path | None = None, clock: Clock | None = None
    ) -> None:
        if (jwks is None) == (path is None):
            raise TypeError("give either the keys or the file that holds them")
        self._path = path
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._known = _Known({} if jwks is None else _public_keys(jwks))

    @classmethod
    def from_file(cls, path: Path | str, *, clock: Clock | None = None) -> TokenKeys:
        """Read the keys from a JWKS file, now and whenever its time of change differs."""
        keys = cls(path=Path(path), clock=clock)
        keys._current()
        return keys

    def verify(
        self,
        token: str,
        *,
        audience: str,
        issuer: str = ISSUER,
        kind: str = ACCESS,
        max_lifetime: timedelta = INTERNAL_LIFETIME,
    ) -> Claims:
        """Return what ``token`` says once everything about it holds; ``TokenRefused`` otherwise."""
        claims = self._current().claims_of(token, kind)
        return _checked(claims, audience, issuer, self._clock.now(), max_lifetime)

    def _current(self) -> _Known:
        if self._path is None:
            return self._known
        status = self._path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        with self._lock:
            if stamp != self._stamp:
                self._known = _Known(_public_keys(json.loads(self._path.read_text())))
                self._stamp = stamp
            return self._known


class _Known:
    """One set of keys, and what the tokens say whose signatures they were found to bear.

    The gateway sends the same token with every call for one person, so most signatures are checked again and
    again. Only the signature is remembered, by the whole token; times and audience are judged at each use.
    """

    def __init__(self, keys: dict[str, OKPKey]) -> None:
        self._keys = keys
        self._signed: dict[tuple[str, str], Mapping[str, Any]] = {}

    def claims_of(self, token: str, kind: str) -> Mapping[str, Any]:
        """Return what ``token`` says, its signature verified; ``TokenRefused`` otherwise."""
        claims = self._signed.get((token, kind))
        if claims is None:
            claims = self._verified(token, kind)
            if len(self._signed) >= _REMEMBERED:
                self._signed.clear()
            self._signed[(token, kind)] = claims
        return claims

    def _verified(self, token: str, kind: str) -> Mapping[str, Any]:
        key = self._keys.get(_key_id(token, kind))
        if key is None:
            raise TokenRefused("signed with an unknown key")
        try:
            _read_part(token, 1)
            return jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise TokenRefused(f"bad signature or payload: {type(error).__name__}") from None


def _public_keys(jwks: Mapping[str, Any]) -> dict[str, OKPKey]:
    found = {}
    for entry in jwks["keys"]:
        if entry.get("kty") != "OKP" or entry.get("crv") != "Ed25519":
            raise ValueError("only Ed25519 keys may verify tokens")
        public = {name: entry[name] for name in ("kty", "crv", "x")}
        found[str(entry["kid"])] = OKPKey.import_key(public)
    if not found:
        raise ValueError("the key set is empty")
    return found


def _read_part(token: str, place: int) -> Any:
    """Return the JSON of one part; ``ValueError`` also for a key that comes twice, as two readers may differ there."""
    return json.loads(urlsafe_b64decode(token.split(".")[place].encode()), object_pairs_hook=_once_each)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _key_id(token: str, kind: str) -> str:
    if len(token) > _MAX_LENGTH or not token.isascii() or token.count(".") != 2:
        raise TokenRefused("not a token")
    try:
        header = _read_part(token, 0)
    except (ValueError, RecursionError):
        raise TokenRefused("unreadable header") from None
    if not isinstance(header, dict) or set(header) != _HEADER:
        raise TokenRefused("the header must hold alg, kid and typ only")
    if header["alg"] != ALGORITHM or header["typ"] != kind or not isinstance(header["kid"], str):
        raise TokenRefused("wrong algorithm, type or key id")
    return header["kid"]


def _checked(
    claims: Mapping[str, Any], audience: str, issuer: str, now: datetime, max_lifetime: timedelta
) -> Claims:
    for name in _TEXT_CLAIMS:
        if not isinstance(claims.get(name), str) or not 0 < len(claims[name]) <= _MAX_SUBJECT:
            raise TokenRefused(f"{name} is missing or not text")
    if claims["iss"] != issuer or claims["aud"] != audience:
        raise TokenRefused("wrong issuer or audience")
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    if "nbf" in claims and _moment(claims, "nbf") > now + LEEWAY:
        raise TokenRefused("not valid yet")
    if issued > now + LEEWAY:
        raise TokenRefused("issued in the future")
    if expires <= now:
        raise TokenRefused("expired")
    if expires - issued > max_lifetime:
        raise TokenRefused("lives too long")
    return Claims(
        subject=claims["sub"],
        name=str(claims.get("name", ""))[:200],
        roles=_roles(claims.get("roles", [])),
        token_id=claims["jti"],
        issued_at=issued,
        expires_at=expires,
        extra={name: value for name, value in claims.items() if name not in _USUAL_CLAIMS},
        superiors=_superiors(claims.get("superiors", [])),
    )


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if type(value) is not int or not 0 < value < 2**33:
        raise TokenRefused(f"{name} is missing or not a time")
    return datetime.fromtimestamp(value, UTC)


def _roles(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise TokenRefused("roles must be a list of texts")
    return frozenset(value)


def _superiors(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_SUPERIORS:
        raise TokenRefused(f"superiors must be a list of at most {MOST_SUPERIORS}")
    if not all(isinstance(each, str) and 0 < len(each) <= _MAX_SUBJECT for each in value):
        raise TokenRefused("superiors must be texts")
    return tuple(value)


class SigningKeys:
    """The private keys of the issuer: the newest signs, all of them verify until they are retired.

    Rotation: ``rotate()``, publish ``public()``, and ``retire()`` the old key once its longest token has expired.
    """

    def __init__(
        self,
        keys: Iterable[OKPKey],
        *,
        issuer: str = ISSUER,
        clock: Clock | None = None,
        ids: Ids | None = None,
    ) -> None:
        self._keys = {key.thumbprint(): key for key in keys}
        if not self._keys:
            raise ValueError("at least one key is needed to sign")
        self._issuer = issuer
        self._clock = clock or SystemClock()
        self._ids = ids or SystemIds()

    @classmethod
    def fresh(cls, **options: Any) -> SigningKeys:
        """Return a set with one new key."""
        return cls([_new_key()], **options)

    @classmethod
    def load(cls, path: Path | str, **options: Any) -> SigningKeys:
        """Read the private keys from ``path``; ``PermissionError`` when others may read the file."""
        file = Path(path)
        if file.stat().st_mode & 0o077:
            raise PermissionError(f"{file.name} may be read by its owner only: chmod 600")
        return cls([OKPKey.import_key(entry) for entry in json.loads(file.read_text())["keys"]], **options)

    @classmethod
    def load_or_create(cls, path: Path | str, **options: Any) -> SigningKeys:
        """Read the keys from ``path``, or make the first one and write it there."""
        if Path(path).exists():
            return cls.load(path, **options)
        keys = cls.fresh(**options)
        keys.save(path)
        return keys

    @property
    def current(self) -> str:
        """The id of the key that signs."""
        return list(self._keys)[-1]

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys, oldest first."""
        return tuple(self._keys)

    def rotate(self) -> str:
        """Add a key that signs from now on, and return its id; the old ones still verify."""
        key = _new_key()
        self._keys[key.thumbprint()] = key
        return key.thumbprint()

    def retire(self, key_id: str) -> None:
        """Forget an old key; ``ValueError`` for the one that signs."""
        if key_id == self.current:
            raise ValueError("the key that signs cannot be retired; rotate first")
        self._keys.pop(key_id, None)

    def save(self, path: Path | str) -> None:
        """Write the private keys to ``path``, readable by its owner only."""
        entries = [key.as_dict(private=True) | {"kid": kid} for kid, key in self._keys.items()]
        _write(Path(path), {"keys": entries}, mode=0o600)

    def publish(self, path: Path | str) -> None:
        """Write the public keys to ``path``, for services that verify."""
        _write(Path(path), self.public(), mode=0o644)

    def public(self) -> dict[str, Any]:
        """Return the public keys as a JWKS."""
        return {
            "keys": [
                key.as_dict(private=False) | {"kid": kid, "use": "sig", "alg": ALGORITHM}
                for kid, key in self._keys.items()
            ]
        }

    def verifier(self) -> TokenKeys:
        """Return the verifying side of the keys as they are now."""
        return TokenKeys(self.public(), clock=self._clock)

    def sign(
        self,
        *,
        subject: str,
        audience: str,
        name: str = "",
        roles: Iterable[str] = (),
        superiors: Iterable[str] = (),
        lifetime: timedelta = INTERNAL_LIFETIME,
        kind: str = ACCESS,
        token_id: str | None = None,
        **extra: Any,
    ) -> str:
        """Return a signed token that is valid from now for ``lifetime``."""
        issued = int(self._clock.now().timestamp())
        claims = {
            **extra,
            "iss": self._issuer,
            "aud": audience,
            "sub": subject,
            "name": name,
            "roles": sorted(roles),
            **_if_any(superiors),
            "jti": token_id or self._ids.new(),
            "iat": issued,
            "exp": issued + int(lifetime.total_seconds()),
        }
        header = {"alg": ALGORITHM, "kid": self.current, "typ": kind}
        return jwt.encode(header, claims, self._keys[self.current], algorithms=[ALGORITHM])


def _if_any(superiors: Iterable[str]) -> dict[str, list[str]]:
    """Return the claim of who has superiors; nobody else's token grows."""
    named = list(superiors)
    return {"superiors": named} if named else {}


def _new_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


def _write(path: Path, document: dict[str, Any], *, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=mode)
    temporary.chmod(mode)
    temporary.write_text(json.dumps(document, indent=2, sort_keys=True))
    temporary.replace(path)
