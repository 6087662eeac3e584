"""What may be said of a field, by whom, and what stands in or must be there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from libs.common.errors import MeridianError
from libs.common.forms import Field, Form, Option, Words, facts, fill, shown
from libs.common.forms.faults import FieldInvalid, FieldNotYours, FieldsRefused
from libs.common.forms.values import Misfit, ordinal, read, word
from libs.common.money import Money

W = Words("x", "某")
DAY = date(2026, 3, 1)
TEXT, SIZE = Field("text", W, "text", longest=20), Field("size", W, "number", scale=2)
PRICE, DUE = Field("price", W, "money"), Field("due", W, "date")
HOT = Field("hot", W, "flag")
RISK = Field("risk", W, "choice", options=(Option("low", W), Option("old", W, retired=True)))
FORM = Form("parcel", 3, (TEXT, SIZE, PRICE, DUE, HOT, RISK))
USD = {"amount": "12.5", "currency": "USD"}


@pytest.mark.parametrize(
    ("field", "given", "stored"),
    [
        (TEXT, "=1+1", "=1+1"),
        (TEXT, "@SUM(A1)", "@SUM(A1)"),
        (TEXT, "+86 10", "+86 10"),
        (TEXT, "<script>", "<script>"),
        (SIZE, "12.5", "12.50"),
        (SIZE, "-0", "0.00"),
        (SIZE, "-3.01", "-3.01"),
        (PRICE, USD, "12.50 USD"),
        (PRICE, {"amount": "12", "currency": "JPY"}, "12 JPY"),
        (DUE, "2024-02-29", "2024-02-29"),
        (HOT, False, "false"),
        (RISK, "low", "low"),
    ],
)
def test_equal_values_are_equal_texts(field: Field, given: Any, stored: str) -> None:
    assert read(field, given) == stored


@pytest.mark.parametrize(
    ("field", "given"),
    [
        (TEXT, "x" * 21), (TEXT, ""), (TEXT, " x"), (TEXT, "a\x00b"), (TEXT, "a\nb"), (TEXT, "a\u2028b"), (TEXT, 5),
        (TEXT, ["a"]), (TEXT, {"a": "b"}), (TEXT, True), (TEXT, "x" * 10_000), (TEXT, "\ud800"),
        (SIZE, 12), (SIZE, True), (SIZE, "12.501"), (SIZE, "1e5"), (SIZE, "NaN"), (SIZE, "1" * 13), (SIZE, "٣"),
        (SIZE, " 1"), (SIZE, "1,5"), (SIZE, "01"), (SIZE, "="), (SIZE, "1\n"),
        (PRICE, "12"), (PRICE, {"amount": "1"}), (PRICE, {"amount": 1, "currency": "USD"}), (PRICE, USD | {"x": "y"}),
        (PRICE, USD | {"currency": "QQQ"}), (PRICE, USD | {"amount": "0.001"}), (PRICE, USD | {"currency": ["USD"]}),
        (DUE, "2026-02-29"), (DUE, "20260301"), (DUE, "2026-03-01T00:00:00Z"), (DUE, "1899-12-31"), (DUE, 20260301),
        (HOT, "true"), (HOT, 1), (RISK, "old"), (RISK, "Low"), (RISK, ["low"]), (RISK, {}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_a_cure(field: Field, given: Any) -> None:
    with pytest.raises(Misfit) as misfit:
        read(field, given)
    assert misfit.value.cure


def test_what_is_shown_is_what_was_given_and_rules_compare_values() -> None:
    given = {"text": "t", "size": "1.50", "price": {"amount": "12.50", "currency": "USD"}, "hot": True}
    said = fill(FORM, None, given, ("sales",), DAY).values
    assert shown(FORM, said, ("sales",)) == given
    assert facts(FORM, said, "customer.") == {
        "customer.fields.text": "t",
        "customer.fields.size": Decimal("1.50"),
        "customer.fields.price": Money.of("12.50", "USD"),
        "customer.fields.hot": True,
    }


def test_null_clears_what_is_left_out_stays_and_the_version_is_noted() -> None:
    after = fill(FORM, {"text": "a", "size": "1.00"}, {"size": None, "hot": True}, ("sales",), DAY)
    assert (after.values, after.version) == ({"text": "a", "hot": "true"}, 3)


def refused(error: MeridianError) -> list[str | None]:
    return [each.field for each in error.reasons or (error,)]


def test_all_that_does_not_fit_is_refused_at_once_by_its_key() -> None:
    with pytest.raises(FieldsRefused) as refusal:
        fill(FORM, {}, {"size": "x", "nowhere": "y", "hot": 1}, ("sales",), DAY)
    assert refused(refusal.value) == ["fields.size", "fields.nowhere", "fields.hot"]


def with_fields(*fields: Field) -> Form:
    return replace(FORM, fields=fields)


def test_what_is_required_is_asked_for_from_its_day_on_of_those_whose_it_is() -> None:
    form = with_fields(replace(TEXT, required_from=DAY, edited_by=("sales",)))
    assert fill(form, None, {}, ("sales",), date(2026, 2, 28)).values == {}
    assert fill(form, None, {}, ("finance",), DAY).values == {}
    assert fill(form, None, {}, ("sales",), DAY, in_full=False).values == {}
    assert fill(with_fields(replace(form.fields[0], retired=True)), None, {}, ("sales",), DAY).values == {}
    for before in (None, {}):
        with pytest.raises(FieldInvalid) as refusal:
            fill(form, before, {}, ("sales",), DAY)
        assert refusal.value.field == "fields.text"


def test_a_default_stands_in_for_a_new_document_only() -> None:
    form = with_fields(replace(TEXT, default="none", required_from=DAY))
    assert fill(form, None, {}, ("sales",), DAY).values == {"text": "none"}
    assert fill(form, None, {"text": "a"}, ("sales",), DAY).values == {"text": "a"}
    assert fill(form, {}, {}, ("sales",), DAY, in_full=False).values == {}


def test_a_role_fills_in_and_sees_what_is_its_own() -> None:
    form = with_fields(replace(TEXT, edited_by=("finance",)), replace(SIZE, seen_by=("finance",)))
    said = {"text": "a", "size": "1.00"}
    with pytest.raises(FieldNotYours) as refusal:
        fill(form, said, {"text": "b"}, ("sales",), DAY)
    assert refusal.value.field == "fields.text"
    with pytest.raises(FieldInvalid, match="there is no field size"):
        fill(form, said, {"size": "1.00"}, ("sales",), DAY)
    assert fill(form, said, {"text": "a"}, ("sales",), DAY).values == said, "sent back as it was read"
    assert shown(form, said, ("sales",)) == {"text": "a"}
    assert shown(form, said, ("admin",)) == said
    assert fill(form, said, {"text": "b", "size": "2"}, ("finance",), DAY).values == {
        "text": "b",
        "size": "2.00",
    }


def test_what_is_retired_stays_said_and_is_said_no_more() -> None:
    form = with_fields(replace(TEXT, retired=True), RISK)
    said = {"text": "a", "risk": "old"}
    assert fill(form, said, {"text": "a", "risk": "old"}, ("sales",), DAY).values == said
    assert shown(form, said, ("sales",)) == said
    for given in ({"text": "b"}, {"risk": "low", "text": "b"}):
        with pytest.raises(FieldInvalid, match="retired"):
            fill(form, said, given, ("sales",), DAY)
    assert fill(form, said, {"text": None, "risk": "low"}, ("sales",), DAY).values == {"risk": "low"}


def test_an_index_keeps_short_words_and_the_order_of_what_has_one() -> None:
    assert word("short") == "short"
    assert len(word("x" * 2000)) <= 64
    assert word("风" * 65) != word("风" * 66)
    assert ordinal("number", "-1.5") == -1_500_000
    assert ordinal("number", "9" * 12 + ".999999") < 2**63  # type: ignore[operator]
    assert ordinal("money", "12.50 USD") == 1250
    assert ordinal("date", "2026-03-01") == date(2026, 3, 1).toordinal()
    assert ordinal("text", "12") is None
