"""The audit of what is said on tickets sees each fault that it is there for."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.run import QUERIES
from services.service_desk.tests.builders import HARBOR, MIGRATIONS, OTHERS, Desk
from services.service_desk.tests.integration.test_articles import written
from services.service_desk.tests.integration.test_mail import MAILS, a_mail, take
from services.service_desk.tests.talking import RESOLVED, a_new_ticket, act, done, said, two_customers

FAULTS = {
    "I13_a_merged_ticket_is_closed_and_holds_nothing": (
        "UPDATE ticket_message SET ticket_id = origin_ticket_id WHERE text = 'The blue one'"
    ),
    "I13_a_word_stands_on_a_ticket_of_its_customer": (
        "UPDATE ticket SET customer_id = :others WHERE id IN "
        "(SELECT other_id FROM ticket_relation WHERE tie = 'merged_into')"
    ),
    "I13_who_is_asked_has_a_resolved_ticket": (
        "UPDATE ticket SET state = 'open', resolution = NULL, resolved_on = NULL, resolved_at = NULL "
        "WHERE state = 'resolved'"
    ),
    "I13_a_follower_follows_what_is_closed": (
        "UPDATE ticket SET state = 'resolved', closed_at = NULL WHERE id IN "
        "(SELECT other_id FROM ticket_relation WHERE tie = 'follows')"
    ),
    "I13_a_taken_mail_is_a_word_on_its_ticket": "UPDATE ticket_message SET way = 'desk' WHERE way = 'mail'",
    "I13_only_what_is_published_is_found": "UPDATE article SET state = 'retired' WHERE state = 'published'",
}


def offenders(desk: Desk, name: str) -> list[str]:
    statement = (QUERIES / "service_desk" / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[2]
    with desk.database.reading() as connection:
        return [str(found) for found in connection.execute(text(statement)).scalars()]


def a_busy_desk(desk: Desk) -> None:
    kept, gone, asked, ended = (a_new_ticket(two_customers(desk))["id"] for _ in range(4))
    said(desk, gone)
    act(desk, gone, "merge", {"into_ticket_id": kept})
    act(desk, asked, "resolve", RESOLVED)
    act(desk, ended, "resolve", RESOLVED)
    act(desk, ended, "close")
    said(desk, ended)
    written(desk)
    waiting = take(desk, a_mail())
    done(desk.sergei.post(f"{MAILS}/{waiting['id']}/assign", json={"customer_id": HARBOR}))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_nothing_before_it(make_database: MakeDatabase, name: str) -> None:
    desk = Desk(make_database("service_desk", MIGRATIONS), SigningKeys.fresh())
    a_busy_desk(desk)
    assert [each for each in FAULTS if offenders(desk, each)] == []

    fault = text(FAULTS[name])
    named = {"others": OTHERS} if ":others" in FAULTS[name] else {}
    desk.database.transact(lambda tx: tx.connection.execute(fault, named))

    assert offenders(desk, name)
