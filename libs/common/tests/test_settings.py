"""The environment: read once, refused with the name of what is wrong, and strict in production."""

from __future__ import annotations

from pathlib import Path

import pytest

from libs.common.settings import BadSettings, ServiceSettings

GOOD = {
    "MERIDIAN_PRODUCTION": "true",
    "MERIDIAN_DATABASE_URL": "postgresql+psycopg://sales:s3cr3t-x@db/sales",
    "MERIDIAN_AMQP_URL": "amqps://sales:s3cr3t-y@broker/meridian",
    "MERIDIAN_TOKEN_KEYS_FILE": "/etc/meridian/jwks.json",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith(("MERIDIAN_", "PROMETHEUS_"))]:
        monkeypatch.delenv(name)


def _set(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_the_defaults_serve_a_fresh_machine() -> None:
    found = ServiceSettings.from_environment(service="sales")
    assert found.database_url == "sqlite:///var/sales.db"
    assert (found.company_currency, found.company_zone.key, found.production) == (
        "USD",
        "Asia/Shanghai",
        False,
    )
    assert (found.log_level, found.pool_size, found.metrics_folder) == ("INFO", 5, None)


def test_a_service_may_differ_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(
        monkeypatch, {"MERIDIAN_COMPANY_CURRENCY": "CNY", "MERIDIAN_SALES_DATABASE_URL": "sqlite:///other.db"}
    )
    sales = ServiceSettings.from_environment(service="sales")
    finance = ServiceSettings.from_environment(service="finance")
    assert (sales.database_url, sales.company_currency) == ("sqlite:///other.db", "CNY")
    assert finance.database_url == "sqlite:///var/finance.db"


def test_production_takes_what_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, GOOD)
    found = ServiceSettings.from_environment(service="sales")
    assert found.production
    assert found.token_keys_file == Path("/etc/meridian/jwks.json")
    assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("MERIDIAN_DATABASE_URL", "sqlite:///var/sales.db", "DATABASE_URL must be a PostgreSQL"),
        ("MERIDIAN_DATABASE_URL", "", "DATABASE_URL must be a PostgreSQL"),
        ("MERIDIAN_DATABASE_URL", "postgresql+psycopg://postgres:postgres@db/x", "default password"),
        ("MERIDIAN_AMQP_URL", "", "broker user of its own"),
        ("MERIDIAN_AMQP_URL", "amqp://guest:guest@broker//", "broker user of its own"),
        ("MERIDIAN_AMQP_URL", "memory://", "broker user of its own"),
        ("MERIDIAN_AMQP_URL", "amqp://sales:changeme@broker//", "default password"),
        ("MERIDIAN_TOKEN_KEYS_FILE", "keys.json", "absolute"),
        ("MERIDIAN_COMPANY_CURRENCY", "usd", "COMPANY_CURRENCY"),
        ("MERIDIAN_COMPANY_ZONE", "Mars/Olympus", "Mars/Olympus"),
        ("MERIDIAN_PRODUCTION", "perhaps", "PRODUCTION"),
        ("MERIDIAN_POOL_SIZE", "0", "POOL_SIZE"),
        ("MERIDIAN_POOL_SIZE", "many", "many"),
        ("MERIDIAN_LOG_LEVEL", "loud", "LOG_LEVEL"),
    ],
)
def test_what_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    _set(monkeypatch, GOOD | {name: value})
    with pytest.raises(BadSettings, match=complaint) as caught:
        ServiceSettings.from_environment(service="sales")
    assert "s3cr3t" not in str(caught.value)
