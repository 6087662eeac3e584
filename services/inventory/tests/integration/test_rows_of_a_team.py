"""Who sees what is about whose customers: a salesperson his own, a leader also those of who is in his teams now."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from libs.common.ids import derived_id
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.tests.builders import HARBOR_PUMPS, Shop, line_id, order_id
from services.inventory.tests.integration.test_messages import Others

KEYS = SigningKeys.fresh()
ANN, BOSS = "ann", "margaret"
NORTH = derived_id("team", "North")
OTIF = "figures/on-time-in-full?from=2026-02-01&to=2026-04-30"
LISTS = (
    "deliveries", "reservations", "returns", f"deliveries?order_id={order_id(1)}",
    f"returns?customer_id={HARBOR_PUMPS}",
)  # fmt: skip


class Company:
    """Harbor Pumps, Ann's customer, with an order that left and of which something came back."""

    def __init__(self, shop: Shop) -> None:
        self.app = create_app(shop.database, KEYS.verifier())
        self.others = Others(shop)
        valve, main = shop.item(), shop.warehouse()
        shop.customer(owner_id=ANN)
        shop.book(main, (valve, 10))
        note = shop.shipped(1, (valve, 5))
        asked = shop.ask_back(note, (line_id(1, 1), 1))
        self.shipped = note.id
        self.ones = (
            f"deliveries/{note.id}", f"deliveries/{note.id}/fulfilment", f"returns/{asked.id}",
            f"customers/{HARBOR_PUMPS}/delivery-summary",
        )  # fmt: skip
        self.ann, self.boss, self.bob = (self.client(name) for name in (ANN, BOSS, "bob"))

    def client(self, name: str) -> FlaskClient:
        return api_client(self.app, KEYS, roles=["sales"], subject=name)

    def team(self, version: int, *members: str, manager: str | None = BOSS) -> None:
        told = {"team_id": NORTH, "name": "North", "version": version, "members": list(members)}
        told |= {"manager_id": manager}
        assert self.others.say(self.others.message("crm.sales_team.defined.v1", told, "team_id")).parked == 0


@pytest.fixture
def company(shop: Shop) -> Company:
    return Company(shop)


def rows(who: FlaskClient, path: str) -> Any:
    answer = who.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def codes(who: FlaskClient, company: Company) -> set[int]:
    return {who.get(f"/api/v1/{path}").status_code for path in company.ones}


def test_a_leader_sees_in_every_list_what_his_member_sees_and_nobody_else_does(company: Company) -> None:
    for path in LISTS:
        assert (len(rows(company.ann, path)), rows(company.boss, path)) == (1, []), path
    company.team(1, ANN)
    for path in LISTS:
        assert rows(company.boss, path) == rows(company.ann, path), path
        assert rows(company.bob, path) == [], path
    company.team(2)
    assert [rows(company.boss, path) for path in LISTS] == [[]] * len(LISTS)


def test_single_documents_and_figures_agree_with_the_lists(company: Company) -> None:
    def figure(who: FlaskClient) -> Any:
        answer = who.get(f"/api/v1/{OTIF}")
        assert answer.status_code == 200, answer.json
        return answer.json

    nobodys = figure(company.boss)
    assert (codes(company.ann, company), codes(company.boss, company)) == ({200}, {404})
    company.team(1, ANN)
    assert (codes(company.boss, company), figure(company.boss)) == ({200}, figure(company.ann))
    company.team(2, ANN, manager=None)
    assert (codes(company.boss, company), figure(company.boss)) == ({404}, nobodys)


def test_a_leader_acts_for_his_team(company: Company) -> None:
    body = {
        "delivery_id": company.shipped,
        "reason": "Too large",
        "lines": [{"order_line_id": line_id(1, 1), "quantity": "1"}],
    }
    assert company.boss.post("/api/v1/returns", json=body).status_code == 404
    company.team(1, ANN)
    asked = company.boss.post("/api/v1/returns", json=body)
    assert asked.status_code == 201, asked.json


def test_a_handed_over_customer_leaves_the_leader_of_who_had_him(company: Company) -> None:
    company.team(1, ANN)
    gone = {"customer_id": HARBOR_PUMPS, "owner_id": "bob", "previous_owner_id": ANN}
    company.others.say(company.others.message("crm.customer.owner_changed.v1", gone, "customer_id"))
    assert (rows(company.boss, "deliveries"), codes(company.boss, company)) == ([], {404})
    company.team(2, ANN, "bob")
    assert codes(company.boss, company) == {200}


def test_an_older_word_and_the_same_again_change_nothing(company: Company) -> None:
    for version, members, seen in ((5, [ANN], 1), (4, [], 1), (5, [ANN], 1), (6, [], 0)):
        company.team(version, *members)
        assert len(rows(company.boss, "deliveries")) == seen
