"""From a won opportunity to its quotation, its order and its cash, as sales and finance tell of them (R8.1)."""

from __future__ import annotations

from services.crm.tests.pipeline import ORDER, PATH, PUMP, QUOTATION, Pipeline, money, usd

LINES = [{"item_id": PUMP, "quantity": "40"}]
OTHER = "00000000-0000-7000-8000-0000000000c2"


def test_r8_1_winning_wants_a_quotation_of_the_lines_in_the_same_act(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    won = pipeline.act(made, "win").json
    assert (won["state"], won["quotation_state"], won["probability_percent"]) == ("won", "wanted", "100")
    assert pipeline.desk.told()[-2:] == ["crm.opportunity.won.v1", "crm.opportunity.quotation_wanted.v1"]
    pipeline.quoted(made)
    quoted = pipeline.now(made)
    assert (quoted["quotation_state"], quoted["quotation_id"]) == ("quoted", QUOTATION)
    assert [(each["number"], each["total"]) for each in quoted["quotations"]] == [
        ("Q-000001", usd("3900.00"))
    ]


def test_r8_1_without_lines_it_is_won_and_nothing_is_quoted(pipeline: Pipeline) -> None:
    made = pipeline.opened()
    refused = pipeline.act(made, "quote")
    assert (refused.status_code, refused.json["code"]) == (409, "nothing_to_quote")
    assert pipeline.act(made, "win").json["quotation_state"] == "none"


def test_r8_1_the_order_wins_it_and_its_cash_is_seen(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    pipeline.act(made, "quote")
    pipeline.quoted(made)
    pipeline.ordered(made)
    won = pipeline.now(made)
    assert (won["state"], won["order_id"], won["steps"][-1]["step"], won["steps"][-1]["by"]) == (
        "won",
        ORDER,
        "won",
        None,
    )
    for total in ("1000.00", "2900.00"):
        data = {"order_id": ORDER, "total": money(total)}
        pipeline.hears("finance.invoice.posted.v1", ORDER, data, sequence=int(total[0]))
    pipeline.hears(
        "finance.credit_note.posted.v1", ORDER, {"order_id": ORDER, "total": money("100.00")}, sequence=3
    )
    pipeline.hears("finance.payment.allocated.v1", "p-1", {"order_id": ORDER, "amount": money("3000.00")})
    pipeline.hears(
        "sales.order.amended.v1", ORDER, {"order_id": ORDER, "total": money("3950.00")}, sequence=2
    )
    assert pipeline.now(made)["orders"][0]["total"] == usd("3950.00")
    pipeline.hears(
        "sales.order.amended.v1", ORDER, {"order_id": ORDER, "total": money("3900.00")}, sequence=3
    )
    pipeline.hears("sales.order.completed.v1", ORDER, {"order_id": ORDER, "number": "SO-000001"}, sequence=4)
    (order,) = pipeline.now(made)["orders"]
    assert (order["total"], order["invoiced"], order["paid"], order["state"]) == (
        usd("3900.00"),
        usd("3800.00"),
        usd("3000.00"),
        "completed",
    )
    for act in ("reopen", "quote"):
        answer = pipeline.act(made, act)
        assert (answer.status_code, answer.json["code"]) == (409, "already_ordered")


def test_r8_1_money_may_be_heard_of_before_the_order(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    pipeline.hears("finance.invoice.posted.v1", ORDER, {"order_id": ORDER, "total": money("3900.00")})
    pipeline.ordered(made)
    pipeline.quoted(made)
    found = pipeline.now(made)
    assert (found["state"], found["orders"][0]["invoiced"]) == ("won", usd("3900.00"))
    assert found["quotation_id"] == QUOTATION


def test_an_order_wins_even_what_was_given_up(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    pipeline.act(made, "quote")
    pipeline.quoted(made)
    pipeline.act(made, "lose", {"reason": "no_decision"})
    pipeline.ordered(made)
    found = pipeline.now(made)
    assert (found["state"], found["lost_reason"]) == ("won", None)
    assert [step["step"] for step in found["steps"]] == ["new", "lost", "won"]


def test_an_order_of_no_opportunity_changes_none(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    data = {
        "order_id": ORDER,
        "number": "SO-1",
        "customer_id": made["customer_id"],
        "ordered_on": "2026-03-02",
    }
    pipeline.hears("sales.order.placed.v1", ORDER, data | {"total": money("1.00"), "lines": []})
    assert pipeline.now(made) == made


def test_what_sales_refuses_is_shown_and_can_be_wanted_again(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    pipeline.act(made, "quote")
    twice = pipeline.act(made, "quote")
    assert (twice.status_code, twice.json["code"]) == (409, "already_quoted")
    data = {"opportunity_id": made["id"], "code": "no_price", "detail": "there is no price for P-1"}
    pipeline.hears("sales.opportunity.not_quoted.v1", made["id"], data)
    refused = pipeline.now(made)
    assert (refused["quotation_state"], refused["quotation_refusal"]) == (
        "refused",
        "there is no price for P-1",
    )
    assert pipeline.act(made, "quote").json["quotation_state"] == "wanted"


def test_a_declined_quotation_makes_room_for_another_but_not_the_one_before(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    pipeline.act(made, "quote")
    pipeline.quoted(made)
    pipeline.quoted(made, OTHER, "Q-000001/2")
    data = {"quotation_id": QUOTATION, "number": "Q-000001"}
    pipeline.hears("sales.quotation.expired.v1", QUOTATION, data, sequence=2)
    assert pipeline.now(made)["quotation_state"] == "quoted"
    declined = {"quotation_id": OTHER, "number": "Q-000001/2", "reason": None}
    pipeline.hears("sales.quotation.declined.v1", OTHER, declined, sequence=2)
    assert pipeline.now(made)["quotation_state"] == "closed"
    assert pipeline.act(made, "quote").json["quotation_state"] == "wanted"
    assert len(pipeline.now(made)["quotations"]) == 2


def test_a_cancelled_quotation_makes_room_for_another(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    pipeline.act(made, "quote")
    pipeline.quoted(made)
    data = {"quotation_id": QUOTATION, "number": "Q-000001", "reason": "A wrong price"}
    pipeline.hears("sales.quotation.cancelled.v1", QUOTATION, data, sequence=2)
    assert pipeline.now(made)["quotation_state"] == "closed"
    assert pipeline.act(made, "quote").json["quotation_state"] == "wanted"


def test_what_is_heard_twice_counts_once(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    pipeline.ordered(made)
    message = pipeline.message(
        "finance.payment.allocated.v1", "p-9", {"order_id": ORDER, "amount": money("5.00")}
    )
    for _ in range(2):
        pipeline.receiver.receive([message])
    assert pipeline.now(made)["orders"][0]["paid"] == usd("5.00")
    assert pipeline.desk.nancy.get(PATH).json["items"][0]["state"] == "won"


def test_what_a_group_of_messages_says_of_an_order_is_written_once_and_in_full(pipeline: Pipeline) -> None:
    made = pipeline.opened(lines=LINES)
    data = {
        "order_id": ORDER,
        "number": "SO-1",
        "customer_id": made["customer_id"],
        "ordered_on": "2026-03-02",
    }
    data |= {"total": money("9.00"), "lines": [], "opportunity_id": made["id"]}
    said = [
        ("finance.invoice.posted.v1", ORDER, {"order_id": ORDER, "total": money("5.00")}, 1),
        ("sales.order.placed.v1", ORDER, data, 1),
        ("sales.order.amended.v1", ORDER, {"order_id": ORDER, "total": money("8.00")}, 2),
        ("finance.invoice.posted.v1", ORDER, {"order_id": ORDER, "total": money("3.00")}, 2),
        ("finance.payment.allocated.v1", "p-1", {"order_id": ORDER, "amount": money("8.00")}, 1),
        ("sales.order.completed.v1", ORDER, {"order_id": ORDER, "number": "SO-1"}, 3),
    ]
    messages = [pipeline.message(type_, key, each, sequence=n) for type_, key, each, n in said]
    receipt = pipeline.receiver.receive(messages)
    assert (receipt.parked, receipt.dead) == (0, 0), receipt
    (order,) = pipeline.now(made)["orders"]
    assert (order["total"], order["invoiced"], order["paid"], order["state"]) == (
        usd("8.00"),
        usd("8.00"),
        usd("8.00"),
        "completed",
    )
    pipeline.hears("finance.payment.allocated.v1", "p-2", {"order_id": ORDER, "amount": money("1.00")})
    (order,) = pipeline.now(made)["orders"]
    assert (order["paid"], order["state"]) == (usd("9.00"), "completed"), "a later sum opens nothing again"
