"""The audit sees an approval that is not as it must be, each way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.db import Database
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.run import QUERIES
from services.sales.tests.approving import QUOTATIONS, decide, define, waiting
from services.sales.tests.builders import MIGRATIONS, Desk

CHECKS = sorted([*QUERIES.glob("every/I15_*.sql"), *QUERIES.glob("sales/I15_*.sql")])
ABOVE = [{"kind": "superior", "level": 1}, {"kind": "superior", "level": 3}]


@pytest.fixture
def desk(make_database: MakeDatabase) -> Desk:
    """Give sales with an approval in every state."""
    desk = Desk(make_database("sales", MIGRATIONS), SigningKeys.fresh())
    define(desk)
    mia = desk.client("mia", "sales_manager")
    define(desk, {"name": "Above", "approvers": ABOVE, "otherwise": "finance"}, name="Superiors")
    boss_of = desk.client("nora", "sales_manager", superiors=("boss", "top"))
    waiting(desk, by=boss_of)
    define(desk, name="Superiors", active=False)
    waiting(desk)
    decide(mia, waiting(desk, discount_percent="12.5"))
    decide(mia, waiting(desk), "reject", comment="no")
    back = waiting(desk)
    desk.nancy.post(f"/api/v1/approvals/{back['approval_id']}/withdraw", json={})
    declined = waiting(desk)
    desk.nancy.post(f"{QUOTATIONS}/{declined['id']}/decline", json={})
    return desk


def offenders(database: Database) -> dict[str, int]:
    """Return how many each check finds, of those that find any."""

    def ask(path: Path) -> int:
        query = text(path.read_text(encoding="utf-8"))
        with database.reading() as connection:
            return len(connection.execute(query).all())

    return {path.stem.removeprefix("I15_"): found for path in CHECKS if (found := ask(path))}


BROKEN = {
    "UPDATE quotation SET state = 'draft' WHERE state = 'pending_approval'": "what_waits_is_asked_for",
    "UPDATE approval SET state = 'lapsed', ended_at = requested_at WHERE state = 'waiting'": "what_waits_is_asked_for",
    "UPDATE quotation SET total_minor = total_minor + 1 WHERE state = 'sent'": "what_was_sent_is_what_was_approved",
    "UPDATE quotation_line SET discount_bp = discount_bp + 1": "what_was_sent_is_what_was_approved",
    "UPDATE quotation SET state = 'sent' WHERE state = 'draft'": "what_was_sent_is_what_was_approved",
    "UPDATE approval_step SET approved_at = NULL": "an_approval_ends_by_its_steps",
    "UPDATE approval_step SET approved_at = opened_at": "an_approval_ends_by_its_steps",
    "UPDATE approval SET state = 'withdrawn' WHERE state = 'rejected'": "an_approval_ends_by_its_steps",
    "INSERT INTO approval_barred (approval_id, person) SELECT id, 'mia' FROM approval WHERE state = 'approved'": (
        "nobody_approved_his_own"
    ),
    "UPDATE approval_approver SET name = 'zoe' WHERE level = 1": "a_superior_is_one_of_who_asked",
    "UPDATE approval_approver SET level = 2 WHERE level = 1": "a_superior_is_one_of_who_asked",
    "UPDATE approval_approver SET level = 2 WHERE level = 3": "a_superior_is_one_of_who_asked",
    "INSERT INTO approval_barred (approval_id, person) SELECT approval_id, 'boss' FROM approval_superior "
    "WHERE person = 'boss'": "a_superior_is_one_of_who_asked",
}


def test_what_is_sound_is_found_sound(desk: Desk) -> None:
    assert len(CHECKS) == 6
    states = desk.database.read(
        lambda connection: connection.execute(text("SELECT DISTINCT state FROM approval")).scalars().all()
    )
    assert sorted(states) == ["approved", "lapsed", "rejected", "waiting", "withdrawn"]
    assert offenders(desk.database) == {}


@pytest.mark.parametrize(("statement", "check"), BROKEN.items())
def test_what_is_broken_is_named(desk: Desk, statement: str, check: str) -> None:
    def act(tx: Any) -> None:
        tx.connection.execute(text(statement))

    desk.database.transact(act)
    assert check in offenders(desk.database)
