"""What technicians notice becomes an opportunity of the customer's salesperson, and what it earns is told (R6.5)."""

from __future__ import annotations

from typing import Any

from services.crm.tests.builders import NANCY, a_customer
from services.crm.tests.pipeline import OLD, ORDER, PATH, PUMP, Pipeline, money, usd

FINDING = "00000000-0000-7000-8000-0000000000f1"
TICKET = "00000000-0000-7000-8000-0000000000f2"


def noted(pipeline: Pipeline, customer_id: str, **changes: Any) -> Any:
    data = {
        "ticket_id": TICKET,
        "number": "T-000001",
        "finding_id": FINDING,
        "customer_id": customer_id,
        "kind": "worn",
        "note": "The seal is\nworn",
        "found_by": "sergei",
        "wanted_item_id": PUMP,
        "quantity": "3",
    }
    return pipeline.hears("service_desk.ticket.finding_noted.v1", TICKET, data | changes)


def opportunities(pipeline: Pipeline) -> list[dict[str, Any]]:
    listed = pipeline.desk.nancy.get(PATH, query_string={"source": "service"}).json["items"]
    return [pipeline.now(each) for each in listed]


def test_r6_5_what_was_noticed_is_the_salespersons_opportunity_once(pipeline: Pipeline) -> None:
    customer = a_customer(pipeline.desk.nancy, currency="USD")
    assert (noted(pipeline, customer["id"]).handled, noted(pipeline, customer["id"]).handled) == (1, 1)
    (found,) = opportunities(pipeline)
    assert (found["owner_id"], found["created_by"], found["next_step"]) == (
        NANCY,
        "sergei",
        "The seal is worn",
    )
    assert [(line["item_id"], line["quantity"]) for line in found["lines"]] == [(PUMP, "3")]
    told = pipeline.desk.messages()[-1]
    assert (told.type, told.data["finding_id"], told.data["ticket_id"]) == (
        "crm.opportunity.opened.v1",
        FINDING,
        TICKET,
    )
    tasks = pipeline.desk.nancy.get("/api/v1/activities", query_string={"owner_id": NANCY}).json["items"]
    assert [(task["kind"], task["opportunity_id"], task["body"]) for task in tasks] == [
        ("task", found["id"], "The seal is\nworn")
    ]


def test_r6_5_what_is_not_sold_so_is_left_to_the_salesperson(pipeline: Pipeline) -> None:
    customer = a_customer(pipeline.desk.nancy, currency="USD")
    noted(pipeline, customer["id"], wanted_item_id=OLD)
    (found,) = opportunities(pipeline)
    assert found["lines"] == []


def test_r6_5_a_customer_or_an_item_that_is_not_known_is_waited_for(pipeline: Pipeline) -> None:
    customer = a_customer(pipeline.desk.nancy, currency="USD")
    assert noted(pipeline, TICKET).parked == 1
    assert noted(pipeline, customer["id"], ticket_id=FINDING, wanted_item_id=TICKET).parked == 1
    assert opportunities(pipeline) == []


def test_r6_5_what_the_order_earns_without_tax_is_told_whoever_speaks_of_it_first(pipeline: Pipeline) -> None:
    customer = a_customer(pipeline.desk.nancy, currency="USD")
    noted(pipeline, customer["id"])
    (found,) = opportunities(pipeline)
    invoice = {"order_id": ORDER, "total": money("119.00"), "tax": money("19.00")}
    pipeline.hears("finance.invoice.posted.v1", ORDER, invoice)
    assert revenues(pipeline) == []
    pipeline.ordered(found)
    credit = {"order_id": ORDER, "total": money("11.90"), "tax": money("1.90")}
    pipeline.hears("finance.credit_note.posted.v1", ORDER, credit, sequence=2)
    pipeline.hears("sales.order.completed.v1", ORDER, {"order_id": ORDER, "number": "SO-1"}, sequence=2)
    assert revenues(pipeline) == [
        ("placed", money("100.00")),
        ("placed", money("90.00")),
        ("completed", money("90.00")),
    ]
    last = pipeline.desk.messages()[-1].data
    assert (last["finding_id"], last["order_id"], last["order_total"]) == (FINDING, ORDER, money("3900.00"))
    assert pipeline.now(found)["orders"][0]["invoiced"] == usd("107.10")


def test_r6_5_an_order_that_comes_of_no_finding_tells_no_revenue(pipeline: Pipeline) -> None:
    pipeline.ordered(pipeline.opened())
    pipeline.hears("finance.invoice.posted.v1", ORDER, {"order_id": ORDER, "total": money("10.00")})
    assert revenues(pipeline) == []


def revenues(pipeline: Pipeline) -> list[tuple[str, Any]]:
    return [
        (each.data["state"], each.data["revenue"])
        for each in pipeline.desk.messages()
        if each.type == "crm.opportunity.revenue_changed.v1"
    ]
