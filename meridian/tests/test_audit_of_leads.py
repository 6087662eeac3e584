"""The audit of leads and campaigns sees each fault that it is there for."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.run import QUERIES
from services.crm.tests.builders import MIGRATIONS, Desk, a_customer
from services.crm.tests.leads import CAMPAIGNS, LEADS, a_campaign, a_lead, done
from services.crm.tests.pipeline import usd

FAULTS = {
    "I03_a_campaign_costs_the_sum_of_its_entries": "UPDATE campaign SET cost_minor = cost_minor + 1",
    "I13_a_qualified_lead_is_its_customers_opportunity": (
        "UPDATE lead SET customer_id = (SELECT id FROM customer WHERE name = 'Harbor Pumps') WHERE state = 'qualified'"
    ),
    "I13_a_merged_lead_goes_on_as_a_living_one": (
        "UPDATE activity SET lead_id = (SELECT id FROM lead WHERE state = 'merged')"
    ),
    "I13_what_is_owed_to_a_campaign_names_one": "UPDATE opportunity SET campaign_id = id",
}


def offenders(desk: Desk, name: str) -> list[str]:
    statement = (QUERIES / "crm" / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[2]
    with desk.database.reading() as connection:
        return [str(found) for found in connection.execute(text(statement)).scalars()]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_nothing_before_it(make_database: MakeDatabase, name: str) -> None:
    desk = Desk(make_database("crm", MIGRATIONS), SigningKeys.fresh())
    campaign = a_campaign(desk)
    path = f"{CAMPAIGNS}/{campaign['id']}/costs"
    cost = done(desk.steven.post(path, json={"day": "2026-03-02", "amount": usd("5.00"), "description": "x"}))
    done(desk.steven.post(f"{path}/{cost['id']}/reverse", json={"day": "2026-03-03"}))
    a_customer(desk.nancy)
    kept, gone = (a_lead(desk.nancy, campaign_id=campaign["id"]) for _ in range(2))
    done(desk.nancy.post("/api/v1/activities", json={"lead_id": gone["id"], "kind": "note", "subject": "x"}))
    done(desk.nancy.post(f"{LEADS}/{kept['id']}/merge", json={"lead_id": gone["id"]}), 200)
    done(desk.nancy.post(f"{LEADS}/{kept['id']}/qualify", json={}), 200)
    assert [each for each in FAULTS if offenders(desk, each)] == []

    desk.database.transact(lambda tx: tx.connection.execute(text(FAULTS[name])))

    assert offenders(desk, name)
