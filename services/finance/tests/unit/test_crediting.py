"""What a credit note takes back: exact to the cent, whatever the parts, and never more than was invoiced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.credit_notes import (
    AllocationExceedsCredit,
    CreditBeforeInvoice,
    CreditNote,
    check_credit_allocation,
    require_not_before,
)
from services.finance.domain.crediting import (
    CreditableLine,
    CreditExceedsInvoice,
    CreditNoteInvalid,
    CreditPart,
    NothingToCredit,
    draft_credit,
    parts_returned,
    require_something,
    total_of,
)
from services.finance.domain.invoicing import Invoice
from services.finance.domain.payment import (
    AllocationExceedsInvoice,
    InvoiceOfAnotherCustomer,
    PaymentInvalid,
)
from services.finance.tests.builders import HARBOR, QUAY, an_id, usd

DAY = date(2026, 3, 2)


def a_line(
    quantity: str = "3", amount: str = "100.00", *, back: str = "0", credited: str = "0.00", no: int = 1
) -> CreditableLine:
    return CreditableLine(
        line_no=no,
        order_line_id=an_id("line", str(no)),
        item_id=an_id("item"),
        sku="VALVE",
        name="A+ valve",
        quantity=Quantity.of(quantity),
        amount=usd(amount),
        credited_quantity=Quantity.of(back),
        credited_amount=usd(credited),
    )


def pieces(quantity: str, no: int = 1) -> CreditPart:
    return CreditPart(no, quantity=Quantity.of(quantity))


def money(amount: str, no: int = 1) -> CreditPart:
    return CreditPart(no, amount=usd(amount))


acts = st.lists(
    st.one_of(
        st.tuples(st.just("pieces"), st.integers(1, 4000)), st.tuples(st.just("money"), st.integers(1, 4000))
    )
)


@given(milli=st.integers(1, 9000), minor=st.integers(0, 9999), acts=acts)
def test_whatever_is_credited_before_the_last_piece_takes_exactly_the_rest(milli, minor, acts):
    line = replace(a_line(), quantity=Quantity(milli), amount=Money(minor, "USD"))
    for kind, figure in acts:
        part = CreditPart(
            1, **({"quantity": Quantity(figure)} if kind == "pieces" else {"amount": Money(figure, "USD")})
        )
        fits = figure <= (line.left_quantity.milli if kind == "pieces" else line.left_amount.minor)
        try:
            (drafted,) = draft_credit([line], [part], "USD")
        except CreditExceedsInvoice:
            assert not fits
            continue
        assert fits
        line = replace(
            line,
            credited_quantity=line.credited_quantity + drafted.quantity,
            credited_amount=line.credited_amount + drafted.amount,
        )
        assert Quantity.zero() <= line.left_quantity
        assert line.left_amount.minor >= 0
    if line.left_quantity:
        (last,) = draft_credit([line], [CreditPart(1, quantity=line.left_quantity)], "USD")
        assert line.credited_amount + last.amount == line.amount


def test_goods_are_credited_at_the_price_that_is_left_after_a_reduction():
    (drafted,) = draft_credit([a_line("10", "100.00", credited="10.00")], [pieces("5")], "USD")
    assert (drafted.amount, drafted.quantity) == (usd("45.00"), Quantity.of("5"))
    (reduced,) = draft_credit([a_line()], [money("7.50")], "USD")
    assert (reduced.amount, reduced.quantity) == (usd("7.50"), Quantity.zero())


REFUSED = {
    "more pieces than invoiced": (CreditExceedsInvoice, "lines.0.quantity", [pieces("3.001")]),
    "more pieces than are left": (CreditExceedsInvoice, "lines.1.quantity", [pieces("1"), pieces("1.5", 2)]),
    "more money than is left": (CreditExceedsInvoice, "lines.0.amount", [money("50.01", 2)]),
    "no pieces": (CreditNoteInvalid, "lines.0.quantity", [pieces("0")]),
    "less than no pieces": (CreditNoteInvalid, "lines.0.quantity", [pieces("-1")]),
    "no money": (CreditNoteInvalid, "lines.0.amount.amount", [money("0.00")]),
    "less than no money": (CreditNoteInvalid, "lines.0.amount.amount", [money("-0.01")]),
    "another currency": (
        CreditNoteInvalid,
        "lines.0.amount.currency",
        [CreditPart(1, amount=Money.of("1.00", "EUR"))],
    ),
    "pieces and money": (CreditNoteInvalid, "lines.0", [CreditPart(1, Quantity.of("1"), usd("1.00"))]),
    "neither": (CreditNoteInvalid, "lines.0", [CreditPart(1)]),
    "an unknown line": (CreditNoteInvalid, "lines.0.line_no", [pieces("1", 3)]),
    "a line twice": (CreditNoteInvalid, "lines.1.line_no", [pieces("1"), money("1.00")]),
    "no lines": (CreditNoteInvalid, "lines", []),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_there_cannot_be_credited(case):
    kind, field, parts = REFUSED[case]
    lines = [a_line(), a_line("2", "100.00", back="1", credited="50.00", no=2)]
    with pytest.raises(kind) as refusal:
        draft_credit(lines, parts, "USD")
    assert refusal.value.field == field
    assert refusal.value.cure


def test_a_gift_gives_nothing_to_credit():
    drafted = draft_credit([a_line(amount="0.00")], [pieces("1")], "USD")
    assert total_of(drafted, "USD") == usd("0.00")
    with pytest.raises(NothingToCredit):
        require_something(drafted, "USD")
    require_something(draft_credit([a_line()], [pieces("1")], "USD"), "USD")


def test_goods_that_came_back_are_credited_but_for_what_was_credited_by_hand():
    lines = [a_line("3"), a_line("5", back="4", no=2), a_line("1", back="1", no=3)]
    returned = {line.order_line_id: Quantity.of("2") for line in lines}
    assert parts_returned(lines, returned) == (pieces("2"), pieces("1", 2))
    assert parts_returned(lines, {}) == ()


def a_note(left: str = "50.00") -> CreditNote:
    return CreditNote("n", "CN-1", "i", HARBOR, DAY, usd("50.00"), usd(left), "Damaged")


def an_invoice(open_: str = "80.00", customer_id: str = HARBOR) -> Invoice:
    return Invoice("i", "INV-1", "o", "d", customer_id, DAY, DAY, usd("80.00"), usd(open_), "conversation")


def test_what_is_left_of_a_credit_note_settles_the_same_customers_invoices_only():
    check_credit_allocation(a_note(), an_invoice(), usd("50.00"))
    for refusal, note, invoice, amount in (
        (AllocationExceedsCredit, a_note("9.99"), an_invoice(), usd("10.00")),
        (AllocationExceedsInvoice, a_note(), an_invoice("9.99"), usd("10.00")),
        (InvoiceOfAnotherCustomer, a_note(), an_invoice(customer_id=QUAY), usd("1.00")),
        (PaymentInvalid, a_note(), an_invoice(), usd("0.00")),
        (PaymentInvalid, a_note(), an_invoice(), Money.of("1.00", "EUR")),
    ):
        with pytest.raises(refusal) as refused:
            check_credit_allocation(note, invoice, amount)
        assert refused.value.field
        assert refused.value.cure


def test_a_credit_note_is_not_older_than_its_invoice():
    require_not_before(an_invoice(), DAY)
    with pytest.raises(CreditBeforeInvoice, match="INV-1"):
        require_not_before(an_invoice(), date(2026, 3, 1))
