"""Optional and alternative lines over HTTP: offered, counted, chosen, ordered, approved, and watched by the audit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from services.sales.tests.approving import FLOWS, decide, flow, step
from services.sales.tests.builders import CHAI, ROPE, Desk
from services.sales.tests.integration.test_quotations_api import URL, body, line, problem, usd
from services.sales.tests.integration.test_taxes import set_taxes

AUDIT = Path(__file__).parents[4] / "meridian" / "audit" / "queries" / "sales"
CHOICES = (
    line(),
    line(quantity="20", choice="alternative", group="size"),
    line(quantity="50", choice="alternative", group="size"),
    line(item_id=ROPE.id, quantity="30", choice="optional"),
)


def offer(desk: Desk, *lines: dict[str, Any], sent: bool = True) -> Any:
    answer = desk.nancy.post(URL, json=body(*(lines or CHOICES)))
    assert answer.status_code == 201, answer.json
    return desk.nancy.post(f"{URL}/{answer.json['id']}/send").json if sent else answer.json


def accept(desk: Desk, quotation: Any, **chosen: Any) -> Any:
    return desk.nancy.post(f"{URL}/{quotation['id']}/accept", json=chosen)


def test_r3_1_the_customer_chooses_and_gets_exactly_that(desk: Desk):
    quotation = offer(desk)
    assert quotation["total"] == usd("540.00"), (
        "10 and 20 pieces: the first of the group counts, the rope does not"
    )
    assert [(each["choice"], each["group"], each["included"]) for each in quotation["lines"]] == [
        ("required", None, True),
        ("alternative", "size", True),
        ("alternative", "size", False),
        ("optional", None, False),
    ]
    order = accept(desk, quotation, chosen=[4, 3]).json
    assert [(each["line_no"], each["quantity"]) for each in order["lines"]] == [
        (1, "10"),
        (3, "50"),
        (4, "30"),
    ]
    assert (order["total"], order["exact_total"]) == (usd("1090.00"), "1089.999")
    reserved = desk.last_command("inventory.reserve_stock.v1").data["lines"]
    assert [each["item_id"] for each in reserved] == [CHAI.id, CHAI.id, ROPE.id]
    assert desk.nancy.get(f"{URL}/{quotation['id']}").json["total"] == quotation["total"], "the offer stands"
    assert offenders(desk) == {}


def test_without_a_choice_the_offer_is_ordered(plain_desk: Desk):
    order = accept(plain_desk, offer(plain_desk)).json
    assert ([each["line_no"] for each in order["lines"]], order["total"]) == ([1, 2], usd("540.00"))
    assert offenders(plain_desk) == {}


@pytest.mark.parametrize("prices", ["exclusive", "inclusive"])
def test_r4_5_the_tax_of_what_was_chosen_is_rounded_anew_and_the_audit_agrees(desk: Desk, prices: str):
    set_taxes(desk.client("fay.finance", "finance"), prices=prices, rounding="document")
    quotation = offer(
        desk, line(item_id=ROPE.id, quantity="1"), line(item_id=ROPE.id, quantity="1", choice="optional")
    )
    order = accept(desk, quotation, chosen=[2]).json
    taxes = [[each["tax"]["amount"] for each in document["lines"]] for document in (quotation, order)]
    if prices == "exclusive":
        assert taxes == [[usd("0.04"), usd("0.04")], [usd("0.04"), usd("0.05")]]
    assert order["tax"] == usd("0.09" if prices == "exclusive" else "0.08")
    assert offenders(desk) == {}


WRONG_CHOICES = (
    ([1], "not_a_choice", "chosen.0"),
    ([4, 4], "not_a_choice", "chosen.1"),
    ([2, 3], "alternatives_exclude", "chosen.1"),
    ([0], "invalid", "chosen.0"),
    (["4"], "invalid", "chosen.0"),
)
NO_OPTIONS = (
    (line(choice="alternative"), "option_of_nothing", "lines.1.group"),
    (line(choice="alternative", group="size"), "alternative_alone", "lines.1.group"),
    (line(group="size"), "option_of_nothing", "lines.1.group"),
    (line(preselected=True), "option_of_nothing", "lines.1.preselected"),
    (line(choice="perhaps"), "invalid", "lines.1.choice"),
)


def test_a_wrong_choice_changes_nothing(plain_desk: Desk):
    quotation = offer(plain_desk)
    before = plain_desk.said()
    for chosen, code, field in WRONG_CHOICES:
        assert problem(accept(plain_desk, quotation, chosen=chosen), 422) == (code, field)
    state = plain_desk.nancy.get(f"{URL}/{quotation['id']}").json["state"]
    assert (plain_desk.said(), state) == (before, "sent")


def test_what_is_no_option_is_refused(plain_desk: Desk):
    for wrong, code, field in NO_OPTIONS:
        assert problem(plain_desk.nancy.post(URL, json=body(line(), wrong)), 422) == (code, field)


def test_a_revision_says_that_a_line_became_optional(plain_desk: Desk):
    first = offer(plain_desk, line(), line(item_id=ROPE.id))
    revised = plain_desk.nancy.post(
        f"{URL}/{first['id']}/revise",
        json={"lines": [line(), line(item_id=ROPE.id, choice="optional")]},
    ).json
    found = plain_desk.nancy.get(f"{URL}/{revised['id']}/changes").json
    ((change),) = found["lines"]
    assert (change["before"]["choice"], change["after"]["choice"]) == ("required", "optional")
    assert found["difference"] == usd("-3.33")


def test_r3_2_a_choice_above_what_needs_no_approval_needs_one(desk: Desk):
    assert desk.mike.post(FLOWS, json=flow(step())).status_code == 201
    quotation = offer(desk)
    assert quotation["state"] == "sent", "540 needs nobody"
    refused = accept(desk, quotation, chosen=[3, 4])
    assert problem(refused, 409) == ("choice_needs_approval", "chosen")
    assert (refused.json["flows"], refused.json["total"]) == (["Big or cheap"], usd("1090.00"))
    assert accept(desk, quotation, chosen=[4]).status_code == 201, "549.999 needs nobody either"


def test_what_was_approved_may_be_chosen_within_the_flows_that_approved_it(desk: Desk):
    desk.mike.post(FLOWS, json=flow(step()))
    very_big = {"field": "total", "comparison": "at_least", "amount": usd("3000.00")}
    desk.mike.post(FLOWS, json=flow(step(), name="Very big", cases=[{"clauses": [very_big]}]))
    lines = (
        line(quantity="100"),
        line(quantity="10", choice="optional"),
        line(quantity="99", choice="optional"),
    )
    quotation = offer(desk, *lines)
    decide(desk.client("mia", "sales_manager"), quotation)
    assert problem(accept(desk, quotation, chosen=[3]), 409) == ("choice_needs_approval", "chosen")
    assert accept(desk, quotation, chosen=[2]).json["total"] == usd("1830.00")
    assert offenders(desk) == {}


def test_a_draft_is_approved_by_what_is_chosen(plain_desk: Desk):
    plain_desk.mike.post(FLOWS, json=flow(step()))
    draft = offer(plain_desk, sent=False)
    assert problem(accept(plain_desk, draft, chosen=[3, 4]), 409)[0] == "approval_needed"
    assert accept(plain_desk, draft).status_code == 201


def test_two_choices_at_once_become_one_order(desk: Desk):
    quotation, barrier = offer(desk), Barrier(2)

    def act(n: int) -> int:
        barrier.wait()
        return accept(desk, quotation, chosen=[[4], [3]][n]).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, range(2))) == [201, 409]
    assert offenders(desk) == {}


def offenders(desk: Desk) -> dict[str, int]:
    """Return what the audit finds, by check."""
    return {name: count for name, count in desk.database.read(_asked).items() if count}


def _asked(connection: Any) -> dict[str, int]:
    queries = {path.stem: text(path.read_text(encoding="utf-8")) for path in sorted(AUDIT.glob("I03_*.sql"))}
    return {name: len(connection.execute(query).all()) for name, query in queries.items()}


BROKEN = (
    (
        "UPDATE sales_order_line SET tax_minor = tax_minor + 1 WHERE line_no = 3",
        {"I03_order_is_the_sum_of_its_lines", "I03_order_line_is_the_quoted_line"},
    ),
    ("UPDATE quotation SET total_minor = total_minor + 1", {"I03_quotation_is_the_sum_of_its_offer"}),
    (
        "INSERT INTO quotation_choice SELECT quotation_id, 2, line_id FROM quotation_option WHERE included",
        {"I03_quotation_becomes_one_order", "I03_what_was_chosen_is_ordered"},
    ),
    (
        "UPDATE quotation_option SET included = NOT included WHERE kind = 'optional'",
        {"I03_quotation_is_the_sum_of_its_offer"},
    ),
    (
        "DELETE FROM sales_order_line WHERE line_no = 3",
        {"I03_order_is_the_sum_of_its_lines", "I03_what_was_chosen_is_ordered"},
    ),
)


class Undone(Exception):
    """Takes back what was broken."""


def test_the_audit_sees_a_choice_that_is_not_what_was_ordered(desk: Desk):
    accept(desk, offer(desk), chosen=[4, 3])

    def break_it(tx: Any) -> None:
        tx.connection.execute(text(statement))
        found.append({name for name, count in _asked(tx.connection).items() if count})
        raise Undone

    for statement, expected in BROKEN:
        found: list[set[str]] = []
        with pytest.raises(Undone):
            desk.database.transact(break_it)
        assert found[-1] == expected, statement
    assert offenders(desk) == {}
