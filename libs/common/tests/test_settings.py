"""The environment: read once, refused with the name of what is wrong, and strict in production."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from libs.common.settings import BadSettings, ServiceSettings

GOOD = {
    "MERIDIAN_PRODUCTION": "true",
    "MERIDIAN_DATABASE_URL": "postgresql+psycopg://sales:s3cr3t-Vx81-qLm27@db/sales",
    "MERIDIAN_AMQP_URL": "amqps://sales:s3cr3t-Yw60-hTn94@broker/meridian",
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
    assert (found.log_level, found.pool_size, found.metrics_folder) == ("INFO", 10, None)


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
        ("MERIDIAN_DATABASE_URL", "postgresql+psycopg://sales:changeme@db/x", "default password"),
        ("MERIDIAN_DATABASE_URL", "postgresql+psycopg://sales:Meridian-Postgres-1@db/x", "default password"),
        ("MERIDIAN_DATABASE_URL", "postgresql+psycopg://sales:0123456789012345@db/x", "default password"),
        (
            "MERIDIAN_DATABASE_URL",
            "postgresql+psycopg://sales:aaaaaaaaaaaaaaaaaaaaaaaa@db/x",
            "default password",
        ),
        ("MERIDIAN_DATABASE_URL", "postgresql+psycopg://m_sales:m_sales_m_sales_1@db/x", "default password"),
        ("MERIDIAN_DATABASE_URL", "postgresql+psycopg://sales:kZ7wq2Lx9pB@db/x", "fewer than 16 characters"),
        ("MERIDIAN_DATABASE_URL", "postgresql+psycopg://sales@db/x", "no password"),
        ("MERIDIAN_DATABASE_URL", "postgresql+psycopg://postgres:qTz81-Vx7wLm27@db/x", "administrator"),
        ("MERIDIAN_AMQP_URL", "", "broker user of its own"),
        ("MERIDIAN_AMQP_URL", "amqp://guest:guest@broker//", "broker user of its own"),
        ("MERIDIAN_AMQP_URL", "memory://", "broker user of its own"),
        ("MERIDIAN_AMQP_URL", "amqp://guest:qTz81-Vx7wLm27-kp@broker//", "broker user of its own"),
        ("MERIDIAN_AMQP_URL", "amqp://broker//", "broker user of its own"),
        ("MERIDIAN_AMQP_URL", "amqp://sales:changeme@broker//", "default password"),
        ("MERIDIAN_AMQP_URL", "amqp://sales:%63hangeme%63hangeme@broker//", "default password"),
        ("MERIDIAN_AMQP_URL", "amqp://sales:kZ7wq2Lx9pB@broker//", "fewer than 16 characters"),
        ("MERIDIAN_AMQP_URL", "amqp://sales@broker//", "no password"),
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


def test_a_certificate_or_a_password_file_takes_the_place_of_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for instead in ("sslcert=/run/secrets/sales.crt", "passfile=/run/secrets/pgpass"):
        _set(monkeypatch, GOOD | {"MERIDIAN_DATABASE_URL": f"postgresql+psycopg://sales@db/sales?{instead}"})
        assert ServiceSettings.from_environment(service="sales").production


def test_the_passwords_that_we_make_are_good_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(200):
        password = secrets.token_urlsafe(24)
        _set(monkeypatch, GOOD | {"MERIDIAN_AMQP_URL": f"amqp://meridian_sales:{password}@broker/meridian"})
        assert ServiceSettings.from_environment(service="sales").production


def test_keys_that_others_could_add_to_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keys = tmp_path / "jwks.json"
    keys.write_text("{}", encoding="utf-8")
    _set(monkeypatch, GOOD | {"MERIDIAN_TOKEN_KEYS_FILE": str(keys)})
    keys.chmod(0o666)
    with pytest.raises(BadSettings, match="may be written by others"):
        ServiceSettings.from_environment(service="sales")
    keys.chmod(0o644)
    assert ServiceSettings.from_environment(service="sales").token_keys_file == keys


def test_a_secret_may_be_a_file_of_the_service_or_of_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own, common = tmp_path / "sales", tmp_path / "all"
    own.write_text("sqlite:///sales-of-its-own.db\n", encoding="utf-8")
    common.write_text("amqp://x:y@broker/m\n", encoding="utf-8")
    _set(
        monkeypatch,
        {"MERIDIAN_SALES_DATABASE_URL_FILE": str(own), "MERIDIAN_AMQP_URL_FILE": str(common)},
    )
    found = ServiceSettings.from_environment(service="sales")
    assert (found.database_url, found.amqp_url) == ("sqlite:///sales-of-its-own.db", "amqp://x:y@broker/m")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "cannot be read"), (b" \n", "is empty"), (b"\xff\xfe", "cannot be read")],
)
def test_a_file_that_gives_no_secret_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    file = tmp_path / "url"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("MERIDIAN_AMQP_URL_FILE", str(file))
    with pytest.raises(BadSettings, match=f"MERIDIAN_AMQP_URL_FILE names a file that {complaint}"):
        ServiceSettings.from_environment(service="sales")


def test_a_secret_that_stands_in_two_places_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, GOOD | {"MERIDIAN_DATABASE_URL_FILE": "/run/secrets/url"})
    with pytest.raises(BadSettings, match="are both set"):
        ServiceSettings.from_environment(service="sales")
