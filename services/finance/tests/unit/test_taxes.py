"""The tax of parts: never negative, and all parts together exactly the order's, forth and back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.crediting import CreditableLine, CreditPart, draft_credit
from services.finance.domain.invoicing import OrderLine, draft_invoice
from services.finance.domain.ledger import credit_note_entry, invoice_entry
from services.finance.domain.roles import OUTPUT_TAX, RECEIVABLES, REVENUE
from services.finance.domain.taxes import LineTax, totals_by_rate
from services.finance.tests.builders import HARBOR, SHIPPED_ON, an_order, an_order_line, usd

quantities = st.lists(st.integers(1, 5000), min_size=1, max_size=8)


def taxed(line: OrderLine, minor: int) -> OrderLine:
    return replace(line, tax=LineTax("VAT13", 130_000, Money(minor, "USD")))


@given(parts=quantities, amount=st.integers(0, 10**9), tax=st.integers(0, 10**8))
def test_r4_5_the_invoices_of_an_order_are_its_tax_to_the_unit(parts: list[int], amount: int, tax: int):
    line = taxed(an_order_line(str(Quantity(sum(parts))), str(Money(amount, "USD").decimal)), tax)
    invoiced = Money(0, "USD")
    for part in parts:
        draft = draft_invoice(an_order(line), [(line.order_line_id, Quantity(part))])
        assert draft.tax.minor >= 0
        assert draft.total == draft.lines[0].amount + draft.tax
        invoiced += draft.tax
        line = replace(
            line,
            invoiced_quantity=line.invoiced_quantity + Quantity(part),
            invoiced_amount=line.invoiced_amount + draft.lines[0].amount,
            invoiced_tax=invoiced,
        )
    assert draft.order_fully_invoiced
    assert invoiced == Money(tax, "USD")


@given(parts=quantities, amount=st.integers(0, 10**9), tax=st.integers(0, 10**8), lowered=st.integers(0, 100))
def test_r4_5_a_full_return_takes_back_all_of_the_tax(parts: list[int], amount: int, tax: int, lowered: int):
    line = CreditableLine(
        line_no=1,
        order_line_id="line",
        item_id="item",
        sku="VALVE",
        name="Valve",
        quantity=Quantity(sum(parts)),
        amount=Money(amount, "USD"),
        credited_quantity=Quantity(0),
        credited_amount=Money(0, "USD"),
        tax=LineTax("VAT13", 130_000, Money(tax, "USD")),
        credited_tax=Money(0, "USD"),
    )
    asked = [CreditPart(1, quantity=Quantity(part)) for part in parts]
    if 0 < lowered <= amount:
        asked.insert(0, CreditPart(1, amount=Money(lowered, "USD")))
    for part in asked:
        (credited,) = draft_credit([line], [part], "USD")
        assert credited.tax_amount.minor >= 0
        line = replace(
            line,
            credited_quantity=line.credited_quantity + credited.quantity,
            credited_amount=line.credited_amount + credited.amount,
            credited_tax=(line.credited_tax or Money(0, "USD")) + credited.tax_amount,
        )
    assert (line.credited_amount, line.credited_tax) == (line.amount, line.tax_amount)


def test_r4_5_an_entry_says_the_tax_of_each_rate_and_none_of_nothing():
    net = an_order_line("1", "100.00")
    lines = (
        taxed(net, 1300),
        replace(net, tax=LineTax("VAT6", 60_000, usd("6.00"))),
        replace(net, tax=LineTax("VAT0", 0, usd("0.00"))),
    )
    taxes = totals_by_rate(lines)
    assert [(each.code, str(each.percent), each.net, each.tax) for each in taxes] == [
        ("VAT13", "13", usd("100.00"), usd("13.00")),
        ("VAT6", "6", usd("100.00"), usd("6.00")),
        ("VAT0", "0", usd("100.00"), usd("0.00")),
    ]
    entry = invoice_entry("i", "INV-1", HARBOR, SHIPPED_ON, usd("319.00"), taxes)
    assert entry is not None
    assert [(each.account, each.debit, each.credit, each.tax_code) for each in entry.postings] == [
        (RECEIVABLES, usd("319.00"), usd("0"), None),
        (REVENUE, usd("0"), usd("300.00"), None),
        (OUTPUT_TAX, usd("0"), usd("13.00"), "VAT13"),
        (OUTPUT_TAX, usd("0"), usd("6.00"), "VAT6"),
    ]
    back = credit_note_entry("c", "CN-1", HARBOR, SHIPPED_ON, usd("19.00"), usd("300.00"), taxes)
    assert [(each.account, each.debit, each.tax_ppm) for each in back.postings if each.debit] == [
        (REVENUE, usd("300.00"), None),
        (OUTPUT_TAX, usd("13.00"), 130_000),
        (OUTPUT_TAX, usd("6.00"), 60_000),
    ]
