"""Promotions and coupons over HTTP: defined, tried, had, used, given back; what is invoiced is what was promised."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from libs.common.db import Database
from libs.common.errors import MeridianError
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.sales.domain.order import Order
from services.sales.domain.proof import disagreements
from services.sales.reports.proof import lines_that_disagree
from services.sales.store import orders, promotions, quotations
from services.sales.store.tables import coupon, coupon_use, quotation_line
from services.sales.tests.builders import (
    CHAI,
    HARBOR,
    MIGRATIONS,
    MIKE,
    ROPE,
    TERMS,
    TOKYO,
    UNKNOWN,
    Desk,
    Others,
)
from services.sales.tests.integration.test_price_lists import in_group
from services.sales.tests.integration.test_quotations_api import problem
from services.sales.tests.integration.test_races import THREADS, at_once
from services.sales.use_cases.accept_quotation import AcceptQuotation, accept_quotation
from services.sales.use_cases.answer_quotation import AboutQuotation

URL = "/api/v1/promotions"
QUOTATIONS = "/api/v1/quotations"


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def body(**changes: Any) -> dict[str, Any]:
    gift = (
        {} if {"amount_off", "free_units", "bundle"} & changes.keys() else {"percent_off": {"percent": "10"}}
    )
    return {"name": "Spring", "currency": "USD"} | gift | changes


def define(desk: Desk, **changes: Any) -> dict[str, Any]:
    answer = desk.mike.post(URL, json=body(**changes))
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def ask(desk: Desk, *lines: tuple[str, str], **more: Any) -> Any:
    wanted = [{"item_id": item_id, "quantity": quantity} for item_id, quantity in lines or ((CHAI.id, "10"),)]
    return desk.nancy.post(QUOTATIONS, json={"customer_id": HARBOR.id, "lines": wanted} | more)


def quote(desk: Desk, *lines: tuple[str, str], **more: Any) -> dict[str, Any]:
    answer = ask(desk, *lines, **more)
    assert answer.status_code == 201, answer.json
    stored = desk.database.read(lambda connection: quotations.find(connection, answer.json["id"]))
    assert stored is not None
    assert [list(disagreements(line)) for line in stored.lines] == [[]] * len(stored.lines)
    return dict(answer.json)


def had(line: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["promotion"], each["outcome"], each["off"]) for each in line["price_trace"]["promotions"]]


def accept(desk: Desk, quotation: dict[str, Any]) -> Any:
    return desk.nancy.post(f"{QUOTATIONS}/{quotation['id']}/accept", json={})


def uses(desk: Desk, code: str = "SPRING") -> tuple[int, int, int]:
    """Return how often the coupon counts as used, and how many uses are written down and not given back."""
    with desk.database.reading() as connection:
        counted = connection.execute(select(coupon.c.used).where(coupon.c.code == code)).scalar_one()
        rows = connection.execute(select(coupon_use).where(coupon_use.c.code == code)).all()
    return int(counted), len([row for row in rows if row.given_back_at is None]), len(rows)


def test_r3_1_a_promotion_takes_off_what_it_says_and_the_line_says_why(desk: Desk):
    made = define(desk, percent_off={"percent": "12.5", "items": [CHAI.id], "min_quantity": "5"}, priority=7)
    assert (made["revision"], made["kind"], made["percent_off"]) == (
        1,
        "percent_off",
        {"percent": "12.50", "items": [CHAI.id], "min_quantity": "5"},
    )
    assert made == desk.nancy.get(f"{URL}/{made['id']}").json

    quotation = quote(desk, (CHAI.id, "10"), (ROPE.id, "3"), (CHAI.id, "4"))

    first, rope, few = quotation["lines"]
    assert (first["promotion"], first["amount"], first["exact_amount"]) == (
        money("22.50"),
        money("157.50"),
        "157.50",
    )
    assert [had(line) for line in (first, rope, few)] == [
        [("Spring", "applied", "22.50")],
        [],
        [("Spring", "condition_not_met", "0.00")],
    ]
    assert quotation["total"] == money("230.50")
    assert quotation["exact_total"] == "230.4999"


def test_r3_1_what_was_promised_is_ordered_and_told_to_the_unit(desk: Desk):
    define(desk, percent_off={"percent": "33.33"})
    quotation = quote(desk, (CHAI.id, "7"), (ROPE.id, "0.55"))

    order = accept(desk, quotation).json

    lines = [(line["amount"], line["promotion"], line["exact_amount"]) for line in order["lines"]]
    assert lines == [(line["amount"], line["promotion"], line["exact_amount"]) for line in quotation["lines"]]
    assert lines[0] == (money("84.00"), money("42.00"), "84.00")  # 126.00 less 33.33 % is 84.0042
    assert (order["total"], order["exact_total"]) == (quotation["total"], quotation["exact_total"])
    (placed,) = [message for message in desk.messages() if message.type == "sales.order.placed.v1"]
    told = placed.data["lines"]
    assert [line["amount"]["minor"] for line in told] == [8400, 12]
    assert [line["promotion"]["minor"] for line in told] == [4200, 6]


@pytest.mark.parametrize(
    ("gift", "amounts"),
    [
        ({"amount_off": {"amount": money("5.00")}}, ["49.00", "0.00"]),
        ({"free_units": {"buy": "2", "free": "1", "items": [CHAI.id]}}, ["36.00", "1.00"]),
        (
            {"bundle": {"percent": "50", "parts": [{"item_id": CHAI.id, "quantity": "2"},
                                                    {"item_id": ROPE.id, "quantity": "3"}]}},
            ["36.00", "0.50"],
        ),
    ],
)  # fmt: skip
def test_r3_1_amounts_off_free_units_and_bundles(desk: Desk, gift, amounts):
    made = define(desk, **gift)
    assert made[made["kind"]] is not None

    quotation = quote(desk, (CHAI.id, "3"), (ROPE.id, "3"))

    assert [line["amount"]["amount"] for line in quotation["lines"]] == amounts


def test_a_promotion_is_for_whom_it_names_and_by_priority(desk: Desk):
    in_group(desk)
    define(desk, name="Web", channel="web", priority=1)
    define(desk, name="Wholesale", customer_group="wholesale", percent_off={"percent": "50"}, priority=2)
    define(desk, name="Alone", customer_id=HARBOR.id, exclusive=True, percent_off={"percent": "1"})
    define(desk, name="Tokyo", customer_id=TOKYO.id)
    define(desk, name="Over", valid_until="2026-03-01")

    (line,) = quote(desk, channel="phone")["lines"]

    assert had(line) == [
        ("Wholesale", "applied", "90.00"),
        ("Web", "other_channel", "0.00"),
        ("Alone", "beside_exclusive", "0.00"),
    ]


def test_on_a_price_that_a_manager_set_comes_no_promotion(desk: Desk):
    define(desk)
    line = {"item_id": CHAI.id, "quantity": "1", "unit_price": money("10.00")}

    made = desk.mike.post(QUOTATIONS, json={"customer_id": HARBOR.id, "lines": [line]}).json["lines"][0]

    assert (made["amount"], had(made)) == (money("10.00"), [("Spring", "price_was_set", "0.00")])


def test_the_next_revision_takes_the_place_and_documents_keep_theirs(desk: Desk):
    first = define(desk)
    before = quote(desk)
    second = define(desk, percent_off={"percent": "20"})

    assert (second["revision"], desk.mike.get(f"{URL}/{first['id']}").json["superseded_by"]) == (
        2,
        second["id"],
    )
    assert quote(desk)["total"] == money("144.00")
    assert desk.nancy.get(f"{QUOTATIONS}/{before['id']}").json["total"] == money("162.00")
    assert [row["revision"] for row in desk.mike.get(URL).json["items"]] == [2]
    both = desk.mike.get(URL, query_string={"superseded": "true", "name": "Spring"}).json["items"]
    assert [row["revision"] for row in both] == [2, 1]


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (
            body(free_units={"buy": "1", "free": "1"}, percent_off={"percent": "1"}),
            "gift_not_one",
            "percent_off",
        ),
        ({"name": "Spring", "currency": "USD"}, "gift_not_one", "percent_off"),
        (body(percent_off={"percent": "0"}), "gift_of_nothing", "percent_off.percent"),
        (body(percent_off={"percent": "101"}), None, "percent_off.percent"),
        (body(percent_off={"percent": "1", "items": [UNKNOWN]}), "unknown_item", "percent_off.items.0"),
        (
            body(amount_off={"amount": {"amount": "5", "currency": "JPY"}}),
            "currency_differs",
            "amount_off.amount",
        ),
        (body(amount_off={"amount": money("-5")}), None, "amount_off.amount.amount"),
        (body(free_units={"buy": "0", "free": "1"}), None, "free_units.buy"),
        (
            body(bundle={"percent": "5", "parts": [{"item_id": CHAI.id, "quantity": "1"}]}),
            None,
            "bundle.parts",
        ),
        (body(customer_id=UNKNOWN), "unknown_customer", "customer_id"),
        (body(max_uses=5), "uses_without_coupon", "max_uses"),
        (body(coupon="spring", max_uses=5), None, "coupon"),
        (body(valid_from="2026-03-02", valid_until="2026-03-01"), "dates_reversed", "valid_until"),
        (body(priority=-1), None, "priority"),
        (body(revision=3), None, "revision"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_changes_nothing(desk: Desk, wrong, code, field):
    found = problem(desk.mike.post(URL, json=wrong), 422)

    assert found[1] == field
    assert code in (None, found[0])
    assert desk.mike.get(URL).json["items"] == []


def test_a_salesperson_reads_but_does_not_define(desk: Desk):
    own = define(desk, customer_id=HARBOR.id)

    assert desk.nancy.post(URL, json=body()).status_code == 403
    assert desk.nancy.get(f"{URL}/{own['id']}").status_code == 200
    assert desk.janet.get(f"{URL}/{own['id']}").status_code == 404
    assert [row["name"] for row in desk.nancy.get(URL).json["items"]] == ["Spring"]
    assert desk.janet.get(URL).json["items"] == []
    assert desk.client("clerk", "warehouse").get(URL).status_code == 403
    assert desk.mike.get(f"{URL}/{UNKNOWN}").status_code == 404


def test_a_coupon_is_for_who_bears_it_and_shown_to_nobody_else(desk: Desk):
    define(desk, coupon="SPRING", max_uses=2)

    plain, special = quote(desk), quote(desk, coupon="SPRING")

    assert (plain["total"], had(plain["lines"][0]), plain["coupon"]) == (money("180.00"), [], None)
    assert (special["total"], special["coupon"]) == (money("162.00"), "SPRING")
    assert uses(desk) == (0, 0, 0), "it is used when the quotation is accepted"
    found = desk.mike.get(URL, query_string={"coupon": "SPRING"}).json["items"]
    assert [(row["max_uses"], row["used"]) for row in found] == [(2, 0)]


@pytest.mark.parametrize(
    ("coupon_given", "status", "code"),
    [("NOWHERE", 422, "unknown_coupon"), ("ROPES", 422, "coupon_without_effect")],
)
def test_a_coupon_that_is_none_or_does_nothing_is_refused(desk: Desk, coupon_given, status, code):
    define(desk, name="Ropes", coupon="ROPES", percent_off={"percent": "10", "items": [ROPE.id]})

    assert problem(ask(desk, coupon=coupon_given), status) == (code, "coupon")
    assert desk.said() == []


def test_a_coupon_is_used_by_acceptance_and_no_more_often_than_it_may_be(desk: Desk):
    define(desk, coupon="SPRING", max_uses=1)
    first, second = quote(desk, coupon="SPRING"), quote(desk, coupon="SPRING")

    assert accept(desk, first).status_code == 201
    assert uses(desk) == (1, 1, 1)
    refused = accept(desk, second)
    assert problem(refused, 409) == ("coupon_used_up", "coupon")
    assert desk.nancy.get(f"{QUOTATIONS}/{second['id']}").json["state"] == "draft"
    assert uses(desk) == (1, 1, 1)
    assert problem(ask(desk, coupon="SPRING"), 409)[0] == "coupon_used_up"
    lines = {"lines": [{"item_id": CHAI.id, "quantity": "10"}]}
    kept = desk.nancy.post(f"{QUOTATIONS}/{second['id']}/revise", json=lines)
    assert problem(kept, 409)[0] == "coupon_used_up"
    without = desk.nancy.post(f"{QUOTATIONS}/{second['id']}/revise", json=lines | {"coupon": None}).json
    assert (without["coupon"], without["total"]) == (None, money("180.00"))
    assert accept(desk, without).status_code == 201


def test_a_revision_keeps_the_coupon(desk: Desk):
    define(desk, coupon="SPRING")
    lines = {"lines": [{"item_id": CHAI.id, "quantity": "20"}]}

    revised = desk.nancy.post(f"{QUOTATIONS}/{quote(desk, coupon='SPRING')['id']}/revise", json=lines).json

    assert (revised["coupon"], revised["total"]) == ("SPRING", money("324.00"))


def ordered(desk: Desk, document: dict[str, Any]) -> Order:
    """Accept a quotation and return the order that came of it."""
    order_id = accept(desk, document).json["id"]
    found = desk.database.read(lambda connection: orders.find(connection, order_id))
    assert found is not None
    return found


def test_a_cancelled_order_gives_its_coupon_back_once(desk: Desk):
    define(desk, coupon="SPRING", max_uses=1)
    order = ordered(desk, quote(desk, coupon="SPRING"))
    others = Others(desk, order)
    others.play("reserved", "granted")
    desk.cancel(order)
    assert uses(desk) == (1, 1, 1), "until nothing is held for the order it may still go on"
    others.play("stock_released", "credit_released", "stock_released")

    assert desk.look(order).state == "cancelled"
    assert uses(desk) == (0, 0, 1)
    assert accept(desk, quote(desk, coupon="SPRING")).status_code == 201
    assert uses(desk) == (1, 1, 2)


def test_an_order_that_is_closed_short_has_used_its_coupon(desk: Desk):
    define(desk, coupon="SPRING", max_uses=1)
    order = ordered(desk, quote(desk, coupon="SPRING"))
    others = Others(desk, order)
    others.play("reserved", "granted")
    desk.cancel(order)
    desk.hear(others.shipped(4, full=False))
    others.play("stock_released", "credit_released", "stock_released")

    assert desk.look(order).lines[0].given_up
    assert uses(desk) == (1, 1, 1)


def test_a_promotion_keeps_its_code_and_a_code_its_promotion(desk: Desk):
    define(desk, coupon="SPRING", max_uses=3)
    for document in [quote(desk, coupon="SPRING") for _ in range(2)]:
        accept(desk, document)

    def refused(**changes: Any) -> tuple[str, str | None]:
        return problem(desk.mike.post(URL, json=body(**changes)), 409)

    assert refused(name="Other", coupon="SPRING") == ("coupon_taken", "coupon")
    assert refused(coupon="AUTUMN") == ("coupon_changed", "coupon")
    assert refused() == ("coupon_changed", "coupon")
    assert refused(coupon="SPRING", max_uses=1) == ("fewer_than_used", "max_uses")
    assert [row["revision"] for row in desk.mike.get(URL).json["items"]] == [1]
    assert define(desk, coupon="SPRING", max_uses=2)["used"] == 2
    assert problem(ask(desk, coupon="SPRING"), 409)[0] == "coupon_used_up"
    define(desk, coupon="SPRING")
    assert accept(desk, quote(desk, coupon="SPRING")).status_code == 201


def test_promotions_are_tried_with_the_prices(desk: Desk):
    define(desk, coupon="SPRING", percent_off={"percent": "10", "items": [ROPE.id]})
    wanted = {"customer_id": HARBOR.id, "lines": [{"item_id": ROPE.id, "quantity": "30"}]}

    tried = desk.nancy.post("/api/v1/price-policies/try", json=wanted | {"coupon": "SPRING"}).json

    assert (tried["lines"][0]["promotion"], tried["total"]) == (money("1.00"), money("9.00"))
    assert had(tried["lines"][0]) == [("Spring", "applied", "1.00")]
    chai = {"lines": [{"item_id": CHAI.id, "quantity": "1"}]}
    useless = desk.nancy.post("/api/v1/price-policies/try", json=wanted | chai | {"coupon": "SPRING"})
    assert useless.json["total"] == money("18.00"), "a trial shows why nothing is taken off"
    assert uses(desk) == (0, 0, 0)


@pytest.fixture
def crowd(make_database: MakeDatabase, keys: SigningKeys) -> Desk:
    """Give sales with a connection for everybody."""
    return Desk(make_database("sales", MIGRATIONS, pool_size=THREADS), keys)


def test_twenty_accept_at_once_and_as_many_have_the_coupon_as_there_are_uses(crowd: Desk):
    define(crowd, coupon="SPRING", max_uses=7)
    documents = [quote(crowd, coupon="SPRING") for _ in range(THREADS)]

    answers = at_once(lambda n: accept(crowd, documents[n]))

    assert Counter(answer.status_code for answer in answers) == {201: 7, 409: THREADS - 7}
    assert uses(crowd) == (7, 7, 7)


@pytest.mark.postgres
def test_the_last_use_in_every_order_of_two_who_want_it(desk: Desk):
    if desk.database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    rounds = iter(range(1000))

    def one(at: int, swapped: bool) -> bool:
        code = f"LAST-{next(rounds)}"
        define(desk, name=code, coupon=code, max_uses=1)
        documents = [quote(desk, coupon=code) for _ in range(2)]
        acts = [partial(_accepted, desk.database, document["id"]) for document in documents]
        first, second = reversed(acts) if swapped else acts
        *outcomes, stopped = interleaved(desk.database, first, second, at)
        assert sorted(isinstance(outcome, MeridianError) for outcome in outcomes) == [False, True]
        assert uses(desk, code) == (1, 1, 1)
        return stopped

    assert every_order(one) > 10


@pytest.mark.postgres
def test_the_last_use_is_had_once_and_given_back_once_with_nothing_else_to_wait_for(desk: Desk):
    """Two who accept wait for each other's order number already: here the coupon's own statements decide."""
    if desk.database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    rounds = iter(range(1000))
    placed = [desk.order() for _ in range(2)]

    def one(at: int, swapped: bool) -> bool:
        code = f"LAST-{next(rounds)}"
        define(desk, name=code, coupon=code, max_uses=1)
        uses_of = [partial(_use, desk.database, code, order.id) for order in placed]
        first, second = reversed(uses_of) if swapped else uses_of
        *outcomes, stopped = interleaved(desk.database, first, second, at)
        assert sorted(map(str, outcomes)) == ["False", "True"]
        assert uses(desk, code) == (1, 1, 1)
        back = partial(_give_back, desk.database, _who_has(desk, code))
        *outcomes, again = interleaved(desk.database, back, back, at)
        assert sorted(map(str, outcomes)) == [code, "None"]
        assert uses(desk, code) == (0, 0, 1)
        desk.database.transact(lambda tx: tx.connection.execute(delete(coupon_use)))
        return stopped or again

    assert every_order(one) > 4


def _who_has(desk: Desk, code: str) -> str:
    """Return the order that uses the coupon."""
    query = select(coupon_use.c.order_id).where(coupon_use.c.code == code)
    return str(desk.database.read(lambda connection: connection.execute(query).scalar_one()))


def _use(database: Database, code: str, order_id: str) -> object:
    return database.transact(lambda tx: promotions.use_coupon(tx, code, order_id))


def _give_back(database: Database, order_id: str) -> object:
    return database.transact(lambda tx: promotions.give_coupon_back(tx, order_id)) or "None"


def _accepted(database: Database, quotation_id: str) -> object:
    command = AcceptQuotation(AboutQuotation(quotation_id), MIKE)
    return database.transact(lambda tx: accept_quotation(tx, command, TERMS))


def test_a_line_that_is_not_what_its_trace_says_is_found(desk: Desk):
    define(desk)
    (line,) = quote(desk)["lines"]
    assert desk.database.read(lambda connection: list(lines_that_disagree(connection))) == []

    for changes, wrong in (
        ({"amount_minor": 16_199}, "amount"),
        ({"promotion_minor": 1801}, "promotion"),
        ({"discount_bp": 1}, "discount_bp"),
        ({"unit_price_e4": 170_000}, "unit_price"),
        ({"quantity_milli": 9000}, "quantity"),
    ):
        statement = update(quotation_line).values(**changes)
        with pytest.raises(_Undo):
            desk.database.transact(
                partial(_look_and_undo, statement=statement, expected=[f"{line['id']} ({wrong})"])
            )


class _Undo(Exception):
    """Ends a transaction that shall leave nothing."""


def _look_and_undo(tx: Any, statement: Any, expected: list[str]) -> None:
    tx.connection.execute(statement)
    assert list(lines_that_disagree(tx.connection)) == expected
    raise _Undo
