"""The environment of the gateway, and the process that it makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.app import application
from gateway.settings import SERVICES, GatewaySettings
from gateway.tests.conftest import MIGRATIONS
from libs.common.db import Database, migrate
from libs.common.settings import BadSettings


def test_the_environment_names_the_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERIDIAN_SALES_URL", "http://sales:8000")
    monkeypatch.setenv("MERIDIAN_TRUSTED_PROXIES", "1")
    settings = GatewaySettings.from_environment()
    assert (settings.service_urls["sales"], settings.trusted_proxies) == ("http://sales:8000", 1)
    assert tuple(settings.service_urls) == SERVICES


@pytest.mark.parametrize(
    ("name", "text"), [("MERIDIAN_SALES_URL", "sales:8000"), ("MERIDIAN_TRUSTED_PROXIES", "one")]
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(BadSettings, match=name):
        GatewaySettings.from_environment()


def test_in_production_the_gateway_needs_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERIDIAN_AMQP_URL", raising=False)
    monkeypatch.setenv("MERIDIAN_PRODUCTION", "true")
    monkeypatch.setenv("MERIDIAN_DATABASE_URL", "postgresql+psycopg://gateway:s3cr3t-Gv52-kRw83@db/gateway")
    monkeypatch.setenv("MERIDIAN_TOKEN_KEYS_FILE", "/run/token-keys/public.json")
    assert GatewaySettings.from_environment().database_url.startswith("postgresql")
    monkeypatch.setenv("MERIDIAN_DATABASE_URL", "sqlite:///var/gateway.db")
    with pytest.raises(BadSettings, match="DATABASE_URL"):
        GatewaySettings.from_environment()


def test_the_first_start_makes_the_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    migrate(Database(url, service="gateway"), MIGRATIONS)
    signing, public = tmp_path / "keys" / "signing.json", tmp_path / "keys" / "public.json"
    monkeypatch.setenv("MERIDIAN_GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("MERIDIAN_SIGNING_KEYS_FILE", str(signing))
    monkeypatch.setenv("MERIDIAN_TOKEN_KEYS_FILE", str(public))
    app = application()
    assert app.test_client().get("/health/ready").status_code == 200
    assert signing.stat().st_mode & 0o077 == 0
    assert '"d"' in signing.read_text()
    assert '"d"' not in public.read_text()
