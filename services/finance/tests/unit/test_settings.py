"""What the environment may say about the company's terms."""

from __future__ import annotations

import pytest

from libs.common.money import Money
from libs.common.settings import BadSettings
from services.finance.settings import read_settings
from services.finance.tests.builders import usd


@pytest.fixture(autouse=True)
def _only_what_the_test_says(monkeypatch):
    for name in (
        "COMPANY_CURRENCY",
        "COMPANY_ZONE",
        "DEFAULT_CREDIT_LIMIT",
        "PAYMENT_DAYS",
        "OVERDUE_GRACE_DAYS",
    ):
        monkeypatch.delenv(f"MERIDIAN_{name}", raising=False)


def test_without_a_word_the_terms_are_the_usual_ones():
    terms = read_settings().terms
    assert (terms.default_limit, terms.payment_days, terms.overdue_grace_days) == (usd("50000"), 30, None)


def test_what_the_environment_says_counts(monkeypatch):
    monkeypatch.setenv("MERIDIAN_COMPANY_CURRENCY", "JPY")
    monkeypatch.setenv("MERIDIAN_DEFAULT_CREDIT_LIMIT", "7000000")
    monkeypatch.setenv("MERIDIAN_PAYMENT_DAYS", "0")
    monkeypatch.setenv("MERIDIAN_OVERDUE_GRACE_DAYS", "14")
    terms = read_settings().terms
    assert (terms.default_limit, terms.payment_days, terms.overdue_grace_days) == (
        Money(7000000, "JPY"),
        0,
        14,
    )


def test_no_limit_is_said_with_a_word(monkeypatch):
    monkeypatch.setenv("MERIDIAN_DEFAULT_CREDIT_LIMIT", "none")
    assert read_settings().terms.default_limit is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEFAULT_CREDIT_LIMIT", "-1"),
        ("DEFAULT_CREDIT_LIMIT", "1.001"),
        ("DEFAULT_CREDIT_LIMIT", "much"),
        ("PAYMENT_DAYS", "-1"),
        ("PAYMENT_DAYS", "thirty"),
        ("OVERDUE_GRACE_DAYS", "1.5"),
    ],
)
def test_what_cannot_be_is_named(monkeypatch, name, value):
    monkeypatch.setenv(f"MERIDIAN_{name}", value)
    with pytest.raises(BadSettings, match=name):
        read_settings()
