"""The environment, read once at the composition root and handed on; nothing else looks at it.

Every variable begins with ``MERIDIAN_``. A service may override any of them for itself by its own prefix, such as
``MERIDIAN_SALES_DATABASE_URL`` for ``ServiceSettings.from_environment(service="sales")``. The two that hold a
password can be files as well: ``MERIDIAN_DATABASE_URL_FILE`` and ``MERIDIAN_AMQP_URL_FILE`` name them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from environs import Env, EnvError

from libs.common.money import exponent

# RabbitMQ lets this login in from its own machine only, and it is refused in production.
_DEFAULT_AMQP = "amqp://guest:guest@127.0.0.1:5672/%2F"  # nosemgrep: password-is-written-down
POOL_SIZE = 10
_SHORTEST_PASSWORD = 16
_LEAST_VARIETY = 8
_WELL_KNOWN = (
    "password", "passwd", "changeme", "change-me", "change_me", "secret", "default", "example", "letmein", "qwerty",
    "postgres", "rabbitmq", "guest", "admin", "root", "meridian", "test", "1234567890", "0123456789", "12345678",
)  # fmt: skip
_ADMINISTRATORS = ("postgres", "root", "rdsadmin", "azure_superuser")
_DEFAULT_DATABASES = "sqlite:///var/{service}.db"


class BadSettings(ValueError):
    """A variable is missing or wrong; the message names it and says what to do."""


@dataclass(frozen=True)
class ServiceSettings:
    """What a service's processes need to know about where they run."""

    service: str
    database_url: str = field(repr=False)
    amqp_url: str = field(repr=False)
    token_keys_file: Path
    company_currency: str
    company_zone: ZoneInfo
    production: bool
    log_level: str
    pool_size: int
    metrics_folder: str | None

    @classmethod
    def from_environment(
        cls, prefix: str = "MERIDIAN_", *, service: str = "", broker: bool = True
    ) -> ServiceSettings:
        """Read the environment; ``BadSettings`` names every variable that cannot be used.

        With ``MERIDIAN_PRODUCTION=true`` there are no defaults for addresses, and SQLite, the database server's
        administrator and passwords that are missing, short or easily guessed are refused; so is a broker without a
        user of its own, unless ``broker=False``: this one never opens it.
        """
        read = _Reader(prefix, service)
        try:
            found = cls(
                service=service,
                database_url=read.secret(
                    "DATABASE_URL", _DEFAULT_DATABASES.format(service=service or "meridian")
                ),
                amqp_url=read.secret("AMQP_URL", _DEFAULT_AMQP),
                token_keys_file=Path(read.text("TOKEN_KEYS_FILE", "var/token-keys.json")),
                company_currency=read.text("COMPANY_CURRENCY", "USD"),
                company_zone=ZoneInfo(read.text("COMPANY_ZONE", "Asia/Shanghai")),
                production=read.flag("PRODUCTION"),
                log_level=read.text("LOG_LEVEL", "INFO").upper(),
                pool_size=read.count("POOL_SIZE", POOL_SIZE),
                metrics_folder=metrics_folder(),
            )
        except (EnvError, LookupError, ValueError) as error:
            raise BadSettings(f"the environment cannot be used: {error}") from None
        faults = found._faults(prefix) + (found._broker_faults(prefix) if broker else [])
        if faults:
            raise BadSettings("; ".join(faults))
        return found

    def _faults(self, prefix: str) -> list[str]:
        faults = []
        try:
            exponent(self.company_currency)
        except ValueError:
            faults.append(f"{prefix}COMPANY_CURRENCY must be an ISO 4217 code, as in USD")
        if self.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            faults.append(f"{prefix}LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
        if not 1 <= self.pool_size <= 100:
            faults.append(f"{prefix}POOL_SIZE must lie between 1 and 100")
        return faults + (self._production_faults(prefix) if self.production else [])

    def _production_faults(self, prefix: str) -> list[str]:
        faults = []
        if not self.database_url.startswith("postgresql"):
            faults.append(f"{prefix}DATABASE_URL must be a PostgreSQL address in production")
        if not self.token_keys_file.is_absolute():
            faults.append(f"{prefix}TOKEN_KEYS_FILE must be an absolute path in production")
        elif self.token_keys_file.exists() and self.token_keys_file.stat().st_mode & 0o022:
            faults.append(f"{prefix}TOKEN_KEYS_FILE may be written by others, who could add keys: chmod 644")
        return faults + _database_login_faults(self.database_url, f"{prefix}DATABASE_URL")

    def _broker_faults(self, prefix: str) -> list[str]:
        if not self.production:
            return []
        url = urlsplit(self.amqp_url)
        if url.scheme not in ("amqp", "amqps") or unquote(url.username or "guest") == "guest":
            return [f"{prefix}AMQP_URL needs a broker user of its own in production"]
        return _password_faults(url, f"{prefix}AMQP_URL")


def _database_login_faults(address: str, variable: str) -> list[str]:
    url = urlsplit(address)
    faults = []
    if unquote(url.username or "") in _ADMINISTRATORS:
        faults.append(f"{variable} logs in as the server's administrator; a service needs a role of its own")
    # A client certificate or a password file of libpq's takes the place of a password in the address.
    if url.password is None and {"sslcert", "passfile", "service"} & parse_qs(url.query).keys():
        return faults
    return faults + _password_faults(url, variable)


def _password_faults(url: SplitResult, variable: str) -> list[str]:
    """Say why a password could be guessed; the password itself is never said."""
    password = unquote(url.password or "")
    if not password:
        return [f"{variable} has no password"]
    plain = password.lower()
    for word in (*_WELL_KNOWN, unquote(url.username or "").lower()):
        plain = plain.replace(word, "") if word else plain
    if len(plain) < _SHORTEST_PASSWORD // 2 or len(set(plain)) < _LEAST_VARIETY:
        return [f"{variable} has a default password, or one that is as easily guessed; set another"]
    if len(password) < _SHORTEST_PASSWORD:
        return [f"{variable} has a password of fewer than {_SHORTEST_PASSWORD} characters"]
    return []


class _Reader:
    """Reads one variable: the service's own first, then the common one, then the default."""

    def __init__(self, prefix: str, service: str) -> None:
        self._env = Env()
        self._prefixes = [f"{prefix}{service.upper()}_", prefix] if service else [prefix]

    def text(self, name: str, default: str) -> str:
        for prefix in self._prefixes:
            found = self._env.str(prefix + name, None)
            if found:
                return str(found)
        return default

    def secret(self, name: str, default: str) -> str:
        """Return what the variable holds, or what stands in the file that ``<variable>_FILE`` names."""
        for prefix in self._prefixes:
            written = self._env.str(prefix + name, None)
            file = self._env.str(f"{prefix}{name}_FILE", None)
            if written and file:
                raise ValueError(f"{prefix}{name} and {prefix}{name}_FILE are both set; keep one")
            if file:
                return _content(Path(file), f"{prefix}{name}_FILE")
            if written:
                return str(written)
        return default

    def flag(self, name: str) -> bool:
        return bool(self._env.bool(self._prefixes[-1] + name, False))

    def count(self, name: str, default: int) -> int:
        return int(self.text(name, str(default)))


def _content(file: Path, variable: str) -> str:
    try:
        content = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{variable} names a file that cannot be read: {type(error).__name__}") from None
    if not content:
        raise ValueError(f"{variable} names a file that is empty")
    return content


def metrics_folder() -> str | None:
    """Return the folder in which several worker processes share their metrics; ``None`` when there is one process."""
    found = Env().str("PROMETHEUS_MULTIPROC_DIR", None)
    return str(found) if found else None


def worker_health_port() -> int | None:
    """Return the port on which a worker answers health probes; ``None`` when it shall not listen."""
    found = Env().int("MERIDIAN_WORKER_HEALTH_PORT", None)
    return int(found) if found is not None else None
