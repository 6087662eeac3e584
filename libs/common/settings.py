"""The environment, read once at the composition root and handed on; nothing else looks at it.

Every variable begins with ``MERIDIAN_``. A service may override any of them for itself by its own prefix, such as
``MERIDIAN_SALES_DATABASE_URL`` for ``ServiceSettings.from_environment(service="sales")``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from environs import Env, EnvError

from libs.common.money import exponent

_DEFAULT_AMQP = "amqp://guest:guest@127.0.0.1:5672/%2F"
_DEFAULTS = ("changeme", "change-me", "meridian:meridian@", "postgres:postgres@", ":password@")
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

        With ``MERIDIAN_PRODUCTION=true`` there are no defaults for addresses, and SQLite and default passwords
        are refused; so is a broker without a user of its own, unless ``broker=False``: this one never opens it.
        """
        read = _Reader(prefix, service)
        try:
            found = cls(
                service=service,
                database_url=read.text(
                    "DATABASE_URL", _DEFAULT_DATABASES.format(service=service or "meridian")
                ),
                amqp_url=read.text("AMQP_URL", _DEFAULT_AMQP),
                token_keys_file=Path(read.text("TOKEN_KEYS_FILE", "var/token-keys.json")),
                company_currency=read.text("COMPANY_CURRENCY", "USD"),
                company_zone=ZoneInfo(read.text("COMPANY_ZONE", "Asia/Shanghai")),
                production=read.flag("PRODUCTION"),
                log_level=read.text("LOG_LEVEL", "INFO").upper(),
                pool_size=read.count("POOL_SIZE", 5),
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
        addresses = f"{self.database_url} {self.amqp_url}"
        faults.extend(
            f"a default password ({word}) is in use; set another" for word in _DEFAULTS if word in addresses
        )
        return faults

    def _broker_faults(self, prefix: str) -> list[str]:
        own = self.amqp_url.startswith(("amqp://", "amqps://")) and "guest:guest@" not in self.amqp_url
        return (
            []
            if own or not self.production
            else [f"{prefix}AMQP_URL needs a broker user of its own in production"]
        )


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

    def flag(self, name: str) -> bool:
        return bool(self._env.bool(self._prefixes[-1] + name, False))

    def count(self, name: str, default: int) -> int:
        return int(self.text(name, str(default)))


def metrics_folder() -> str | None:
    """Return the folder in which several worker processes share their metrics; ``None`` when there is one process."""
    found = Env().str("PROMETHEUS_MULTIPROC_DIR", None)
    return str(found) if found else None


def worker_health_port() -> int | None:
    """Return the port on which a worker answers health probes; ``None`` when it shall not listen."""
    found = Env().int("MERIDIAN_WORKER_HEALTH_PORT", None)
    return int(found) if found is not None else None
