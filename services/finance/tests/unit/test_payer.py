"""Whose money it is: sure only where one trace leads to one customer and no other trace to another."""

from __future__ import annotations

import pytest

from services.finance.domain.payer import Payer, named_invoices, rank


def payer(name: str, by) -> Payer:
    return Payer(name, f"C-{name}", name, by, "low")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Invoice INV-000123 of March", "INV-000123"),
        ("inv 123, thanks", "INV-000123"),
        ("pays INV#0000123.", "INV-000123"),
        ("RE/2024-17 paid", "RE/2024-17"),
    ],
)
def test_invoices_are_found_however_they_are_spelled(text: str, named: str):
    assert named in named_invoices(text)


def test_a_longer_number_is_another_invoice():
    assert "INV-000123" not in named_invoices("INV-0001234 INVOICE")
    assert named_invoices("thank you") == []


def test_one_trace_to_one_customer_is_sure_and_to_several_is_not():
    assert rank([payer("a", "reference")], [], [])[0].confidence == "high"
    assert {each.confidence for each in rank([payer("a", "reference"), payer("b", "reference")], [], [])} == {
        "medium"
    }
    assert rank([], [], [payer("a", "name")])[0].confidence == "medium"


def test_two_traces_that_disagree_make_nobody_sure():
    found = rank([payer("a", "reference")], [payer("b", "account")], [])
    assert [(each.customer_id, each.confidence) for each in found] == [("a", "medium"), ("b", "medium")]


def test_each_customer_stands_once_by_the_best_trace():
    found = rank([payer("a", "reference")], [payer("a", "account")], [payer("a", "name"), payer("b", "name")])
    assert [(each.customer_id, each.by, each.confidence) for each in found] == [
        ("a", "reference", "high"),
        ("b", "name", "low"),
    ]
