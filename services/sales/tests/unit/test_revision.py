"""What a revision changed, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.sales.domain.errors import QuotationClosed
from services.sales.domain.quotation import Quotation, revised_number, supersede
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.revision import compare
from services.sales.domain.taxes import LineTax
from services.sales.tests.builders import CHAI, HARBOR, NANCY, ROPE, an_id, price, qty, usd


def a_line(number: int, item=CHAI, quantity: int = 1, amount: str = "18.00", **more: object) -> QuotationLine:
    return QuotationLine(
        id=an_id(f"line {number} {item.sku} {quantity}"), line_no=number, item_id=item.id, sku=item.sku, name=item.name,
        uom=item.uom, quantity=qty(quantity), unit_price=price("18.00"), discount_bp=0, amount=usd(amount),
        promotion=usd("0.00"), trace_data=None, **more,
    )  # fmt: skip


def a_quotation(*lines: QuotationLine, total: str = "0.00", **more: object) -> Quotation:
    plain = Quotation(
        id=an_id("Q-1"), number="Q-000001", state="sent", customer_id=HARBOR.id, currency="USD",
        issued_on=date(2026, 3, 2), valid_until=date(2026, 4, 1), total=usd(total), rounding_e11=0, lines_rounded=0,
        lines=lines, created_by=NANCY,
    )  # fmt: skip
    return replace(plain, **more)


def test_lines_that_are_new_gone_and_different_are_told_and_others_are_not() -> None:
    before = a_quotation(
        a_line(1), a_line(2, ROPE, 5, "90.00"), a_line(3, quantity=3, amount="54.00"), total="162.00"
    )
    after = a_quotation(
        a_line(1), a_line(2, quantity=4, amount="72.00"), a_line(3, quantity=1), total="108.00"
    )
    found = compare(before, after)
    assert found.difference == usd("-54.00")
    assert [
        (each.change, each.sku, each.before and each.before.quantity, each.after and each.after.quantity)
        for each in found.lines
    ] == [
        ("changed", CHAI.sku, qty(3), qty(4)),
        ("added", CHAI.sku, None, qty(1)),
        ("removed", ROPE.sku, qty(5), None),
    ]


def test_a_share_of_the_documents_tax_is_no_change_and_another_rate_is() -> None:
    before, moved, other = (
        a_quotation(a_line(1, tax=LineTax("VAT", ppm, usd(amount))))
        for ppm, amount in ((130_000, "2.34"), (130_000, "2.35"), (90_000, "2.34"))
    )
    assert compare(before, moved).lines == ()
    assert [each.change for each in compare(before, other).lines] == ["changed"]


def test_the_same_again_changes_nothing() -> None:
    same = a_quotation(a_line(1), a_line(2, ROPE), total="36.00")
    assert compare(same, same).lines == ()


@pytest.mark.parametrize(
    ("state", "after"),
    [("draft", "cancelled"), ("sent", "cancelled"), ("expired", "expired"), ("declined", "declined")],
)
def test_a_superseded_quotation_is_closed_and_keeps_what_the_customer_answered(
    state: str, after: str
) -> None:
    closed = supersede(a_quotation(state=state), an_id("Q-2"))
    assert (closed.state, closed.superseded_by) == (after, an_id("Q-2"))


@pytest.mark.parametrize(
    "changes", [{"state": "accepted"}, {"state": "cancelled"}, {"superseded_by": "another"}]
)
def test_what_stands_or_was_revised_before_is_not_revised(changes: dict[str, str]) -> None:
    with pytest.raises(QuotationClosed):
        supersede(a_quotation(**changes), an_id("Q-2"))


def test_a_revision_has_the_number_of_the_first_one() -> None:
    assert revised_number("Q-000012", 2) == "Q-000012-R2"
    assert revised_number("Q-000012-R2", 3) == "Q-000012-R3"
