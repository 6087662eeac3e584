"""A multiplied past is one that the product could have written: the audit finds nothing, and the figures add up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from libs.common.testing.databases import postgres_url, run_as_superuser
from meridian.audit.run import audit
from meridian.company import Company
from meridian.importing.load import import_folder
from meridian.target import Target, embedded_target
from tests.performance.company import write_company
from tests.performance.growth import write_past
from tests.performance.multiply import Multiplier, as_superuser, shifted

ORDERS, COPIES = 25, 3
EARLY, LATE = b"019c0000-0000-7abc-8def-0123456789ab", b"019c0000-00ff-7abc-8def-0123456789ab"


def test_an_id_of_the_import_moves_to_an_earlier_moment_and_stays_a_uuid_of_version_7() -> None:
    span = (0x019C00000000, 0x019C000000FF)
    twin, next_twin = shifted(EARLY, 1, span), shifted(EARLY, 2, span)
    assert next_twin < twin < EARLY
    assert twin[13:] == EARLY[13:]
    assert shifted(LATE, 1, span) < EARLY
    assert (
        shifted(b"019d0000-0000-7abc-8def-0123456789ab", 1, span) == b"019d0000-0000-7abc-8def-0123456789ab"
    )


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    """A system on PostgreSQL without a broker; its messages are delivered by whoever imports."""
    plain = embedded_target(tmp_path)
    names = {store: f"meridian_multiply_{os.getpid()}_{store}" for store in plain.database_urls}
    urls = {
        store: make_url(postgres_url()).set(database=name).render_as_string(hide_password=False)
        for store, name in names.items()
    }
    for name in names.values():
        run_as_superuser(f'CREATE DATABASE "{name}"')
    try:
        found = replace(plain, database_urls=urls)
        Company(found).ensure(write_company(tmp_path / "company"), say=lambda _line: None)
        yield found
    finally:
        for name in names.values():
            run_as_superuser(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def take_past(target: Target, first: int) -> None:
    folder = target.home / f"past-{first}"
    write_past(folder, first, ORDERS, date(2026, 1, 1))
    import_folder(target, folder, passwords={}, skip_existing=False, say=lambda _line: None)


def count(target: Target, store: str, query: str) -> int:
    with target.opened() as databases, databases[store].reading() as connection:
        return int(connection.execute(text(query)).scalar_one())


@pytest.mark.postgres
@pytest.mark.parametrize("earlier", [1, 0], ids=["a past before", "nothing before"])
def test_a_multiplied_past_passes_the_audit_and_can_be_added_to(target: Target, earlier: int) -> None:
    if earlier:
        take_past(target, 100_000)  # what was there before stays as it is
    multiplier = Multiplier(as_superuser(target, postgres_url()), ORDERS)
    multiplier.before_import()
    take_past(target, 0)
    multiplier.after_import()
    multiplier.multiply(COPIES - 1)
    take_past(target, 200_000)  # the numbers go on where the copies ended
    multiplier.multiply(1)
    multiplier.close()
    wanted = (2 + earlier + COPIES) * ORDERS
    assert count(target, "sales", "SELECT count(*) FROM sales_order WHERE state = 'done'") == wanted
    assert (
        count(target, "finance", "SELECT count(DISTINCT number) FROM invoice WHERE payment_state = 'paid'")
        == wanted
    )
    assert count(target, "sales", "SELECT count(DISTINCT id) FROM sales_order_line") == wanted * 3
    assert (
        count(
            target, "sales", "SELECT count(DISTINCT event_id) FROM event_log WHERE type LIKE 'sales.order.%'"
        )
        == 2 * wanted
    )
    with target.opened() as databases:
        report = audit(databases, now=datetime.now(UTC))
    assert report.violations == 0, report.as_text()
