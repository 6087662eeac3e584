"""What does not go together on a supplier's invoice is refused by the name of its field."""

from __future__ import annotations

from datetime import date

import pytest

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.supplier_invoice import SupplierInvoiceInvalid, WrittenLine, check_written
from services.finance.tests.builders import an_id, usd

DAY = date(2026, 3, 1)


def a_line(quantity: str = "2", price: str = "2.5050", currency: str = "USD") -> WrittenLine:
    return WrittenLine(an_id("line"), Quantity.of(quantity), Price.of(price, currency))


def test_an_invoice_comes_to_its_lines_each_rounded_once_and_its_tax():
    assert check_written([a_line(), a_line("3")], usd("0.90"), DAY, DAY) == usd("13.43")


@pytest.mark.parametrize(
    ("lines", "tax", "due_on", "field"),
    [
        ([a_line()], None, date(2026, 2, 28), "due_on"),
        ([a_line()], Money.of("1", "EUR"), DAY, "tax.currency"),
        ([a_line(), a_line(currency="EUR")], None, DAY, "lines.1.unit_price.currency"),
        ([a_line(), a_line("999999999999", "9999999")], None, DAY, "lines.1.quantity"),
        ([a_line()], Money(10**17, "USD"), DAY, "tax.amount"),
    ],
)
def test_what_does_not_go_together_is_named(lines, tax, due_on, field):
    with pytest.raises(SupplierInvoiceInvalid) as refusal:
        check_written(lines, tax, DAY, due_on)
    assert refusal.value.field == field
    assert refusal.value.cure
