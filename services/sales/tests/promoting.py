"""Promotions defined by the manager, and quoted by the salesperson, over HTTP."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.sales.domain.proof import disagreements
from services.sales.store import quotations
from services.sales.store.tables import coupon, coupon_use
from services.sales.tests.builders import CHAI, HARBOR, Desk

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
