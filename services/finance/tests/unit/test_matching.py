"""What a payment is meant for: by reference, by amount, by sum, else what fell due first."""

from __future__ import annotations

from datetime import date

import pytest

from libs.common.money import Money
from services.finance.domain.matching import OpenInvoice, suggest
from services.finance.tests.builders import an_id, usd


def open_invoice(number: int, amount: str, due: int = 1, currency: str = "USD") -> OpenInvoice:
    name = f"INV-{number:06d}"
    return OpenInvoice(an_id("invoice", name), name, date(2026, 3, due), Money.of(amount, currency))


def told(
    reference: str, left: str, *invoices: OpenInvoice
) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    return [
        (
            each.rule,
            each.confidence,
            [(share.invoice.number, str(share.amount.decimal)) for share in each.shares],
            str(each.rest.decimal),
        )
        for each in suggest(reference, usd(left), invoices)
    ]


@pytest.mark.parametrize(
    "words", ["INV-000007", "inv 7 thanks", "Rechnung INV7", "paid inv000007/march", "000007"]
)
def test_a_reference_that_names_an_invoice_is_believed(words: str) -> None:
    found = told(words, "50.00", open_invoice(7, "80.00", due=9), open_invoice(8, "50.00"))
    assert ("reference", "medium", [("INV-000007", "50.00")], "0.00") in found


@pytest.mark.parametrize("words", ["INV-000017", "7", "order 7", "INV", "070007"])
def test_a_reference_that_names_another_is_not(words: str) -> None:
    assert [each[0] for each in told(words, "50.00", open_invoice(7, "80.00"))] == ["oldest_first"]


def test_a_reference_that_names_all_that_is_paid_comes_first() -> None:
    found = told("INV-000002, INV-000003", "100.00", open_invoice(1, "100.00"), open_invoice(2, "60.00"),
                 open_invoice(3, "30.00"))  # fmt: skip
    assert found[0] == ("reference", "high", [("INV-000002", "60.00"), ("INV-000003", "30.00")], "10.00")
    assert found[1] == ("exact_amount", "high", [("INV-000001", "100.00")], "0.00")


def test_one_invoice_of_the_amount_is_sure_and_the_first_of_several_a_guess() -> None:
    one = told("x", "70.00", open_invoice(1, "20.00"), open_invoice(2, "70.00", due=5))
    assert one[0] == ("exact_amount", "high", [("INV-000002", "70.00")], "0.00")
    several = told("x", "70.00", open_invoice(3, "70.00", due=8), open_invoice(2, "70.00", due=5))
    assert several == [("exact_amount", "medium", [("INV-000002", "70.00")], "0.00")]


def test_the_oldest_that_sum_up_or_the_only_pair_that_does() -> None:
    oldest = told(
        "x",
        "60.00",
        open_invoice(1, "10.00"),
        open_invoice(2, "20.00", due=2),
        open_invoice(3, "30.00", due=3),
    )
    assert oldest == [
        (
            "exact_sum",
            "medium",
            [("INV-000001", "10.00"), ("INV-000002", "20.00"), ("INV-000003", "30.00")],
            "0.00",
        )
    ]
    pair = told(
        "x",
        "50.00",
        open_invoice(1, "15.00"),
        open_invoice(2, "20.00", due=2),
        open_invoice(3, "30.00", due=3),
    )
    assert pair[0] == ("exact_sum", "medium", [("INV-000002", "20.00"), ("INV-000003", "30.00")], "0.00")
    assert pair[1][:2] == ("oldest_first", "low")


def test_what_is_left_over_or_too_little_is_said() -> None:
    assert told("x", "25.00", open_invoice(1, "10.00"), open_invoice(2, "20.00", due=2)) == [
        ("oldest_first", "low", [("INV-000001", "10.00"), ("INV-000002", "15.00")], "0.00")
    ]
    assert told("x", "45.00", open_invoice(1, "10.00"))[-1][-1] == "35.00"


def test_nothing_is_suggested_for_nothing_or_in_another_currency() -> None:
    assert told("x", "0.00", open_invoice(1, "10.00")) == []
    assert told("x", "10.00") == []
    assert told("x", "10.00", open_invoice(1, "10.00", currency="EUR")) == []
