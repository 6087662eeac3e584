"""Where the gateway's parts are and how patient it is; the only reader of its environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from environs import Env, EnvError

from libs.common.settings import POOL_SIZE, BadSettings, ServiceSettings

SERVICE = "gateway"
SERVICES = ("crm", "sales", "inventory", "finance", "service_desk")
_FIRST_PORT = 8601
_CONTRACTS = Path(__file__).resolve().parents[1] / "services"
_CONSOLE = Path(__file__).resolve().parent / "console" / "dist"


def _default_urls() -> dict[str, str]:
    return {name: f"http://127.0.0.1:{_FIRST_PORT + place}" for place, name in enumerate(SERVICES)}


@dataclass(frozen=True)
class GatewaySettings:
    """What the gateway needs to know. Every field has a default that serves an embedded system and tests."""

    database_url: str = field(default="sqlite:///var/gateway.db", repr=False)
    pool_size: int = POOL_SIZE
    log_level: str = "INFO"
    signing_keys_file: Path = Path("var/signing-keys.json")
    token_keys_file: Path = Path("var/token-keys.json")
    service_urls: dict[str, str] = field(default_factory=_default_urls)
    contracts_folder: Path = _CONTRACTS
    console_folder: Path = _CONSOLE
    """Where the built console is; when there is none the gateway says so at ``/``."""

    trusted_proxies: int = 0
    """How many proxies in front of the gateway may tell the caller's address."""

    access_lifetime: timedelta = timedelta(minutes=10)
    refresh_lifetime: timedelta = timedelta(days=14)
    call_deadline_s: float = 10.0
    """How long a service may take to answer; what the caller asks for with ``Prefer: wait=N`` is added."""

    compose_deadline_s: float = 2.5
    """How long a page that several services contribute to waits for the slowest of them."""

    company_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    """In which zone the company's days begin."""

    most_at_once: int = 24
    """How many requests are worked on at once; a service behind has 16 threads."""

    most_waiting: int = 64
    """How many more may wait for their turn; the server needs a thread for each of both."""

    most_streams: int = 8
    """How many browsers are told of changes as they happen; the server needs a thread for each of them too."""

    password_memory_kib: int = 65536
    password_rounds: int = 3

    @classmethod
    def from_environment(cls, prefix: str = "MERIDIAN_") -> GatewaySettings:
        """Read the environment; ``BadSettings`` names what cannot be used."""
        common = ServiceSettings.from_environment(prefix, service=SERVICE, broker=False)
        env = Env()
        try:
            found = cls(
                database_url=common.database_url,
                pool_size=common.pool_size,
                log_level=common.log_level,
                token_keys_file=common.token_keys_file,
                signing_keys_file=Path(env.str(f"{prefix}SIGNING_KEYS_FILE", str(cls.signing_keys_file))),
                service_urls={
                    name: env.str(f"{prefix}{name.upper()}_URL", url) for name, url in _default_urls().items()
                },
                contracts_folder=Path(env.str(f"{prefix}CONTRACTS_FOLDER", str(_CONTRACTS))),
                console_folder=Path(env.str(f"{prefix}CONSOLE_FOLDER", str(_CONSOLE))),
                company_zone=common.company_zone,
                most_streams=env.int(f"{prefix}MOST_STREAMS", cls.most_streams),
                trusted_proxies=env.int(f"{prefix}TRUSTED_PROXIES", 0),
            )
        except EnvError as error:
            raise BadSettings(f"the environment cannot be used: {error}") from None
        for name, url in found.service_urls.items():
            if not url.startswith(("http://", "https://")):
                raise BadSettings(f"{prefix}{name.upper()}_URL must begin with http:// or https://")
        return found
