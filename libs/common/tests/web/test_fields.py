"""Every strict field: the one way of writing that it takes, and the many that it refuses (D7-D14 and kin)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from libs.common.web import Strict, fields
from libs.common.web.problems import EdgeError
from libs.common.web.reading import parse_json
from libs.common.web.schema import complaints

USD = '"currency": "USD"'
AN_ID = "0190a0b0-0000-7000-8000-000000000001"


def _schema(field: Any) -> Any:
    return type("Probe", (Strict,), {"f": field})()


def _load(field: Any, raw: str) -> Any:
    return _schema(field).load(parse_json(b'{"f": ' + raw.encode() + b"}"))["f"]


def _refusal(field: Any, raw: str) -> dict[str, Any]:
    """The first complaint, whether the reader or the field made it."""
    with pytest.raises((ValidationError, EdgeError)) as caught:
        _load(field, raw)
    error = caught.value
    if isinstance(error, ValidationError):
        return next(complaints(error.messages))
    assert isinstance(error, EdgeError)
    assert error.status in (400, 422)
    return {"field": error.field, "message": error.detail, "cure": error.cure}


NUMBERS_NO_FIELD_TAKES = [
    "NaN", "Infinity", "-Infinity", "1e1000000", "1E5",
    "1.5e0", '"NaN"', '"sNaN"', '"Infinity"', '"1e1000000"',
    '"1e3000000"', '"1E5"', '"1_000"', '"１２"', '"\\u0661"', '" 1"', '"1 "', '"1\\n"',
    '"\\t1"', '"+1"', '"-0"', '"-0.0"',
    "-0.0", "-0", "1.5", "0.1",
    '""', '"."', '"1."', '".5"', '"01"', '"0x10"', '"1,000"', '"1,5"', '"1/2"', '"²"', '"٣"',
    '"1.2.3"', '"--1"', "true", "false", "[]", "{}", "[1]", "9223372036854775808", "1" + "0" * 400,
    '"' + "9" * 400 + '"', '"' + "9" * 40 + '.5"', '"1\\u0000"', '"\\ud800"', '"１.５"', '"1\\u200b"', '"1\\ufeff"',
]  # fmt: skip
NUMERIC_FIELDS = {
    "quantity": (fields.QuantityField(zero=True, negative=True), "{}"),
    "percent": (fields.PercentField(), "{}"),
    "money": (fields.MoneyField(negative=True), '{{"amount": {}, ' + USD + "}}"),
    "price": (fields.PriceField(negative=True), '{{"amount": {}, ' + USD + "}}"),
}


@pytest.mark.parametrize("kind", sorted(NUMERIC_FIELDS))
@pytest.mark.parametrize("raw", NUMBERS_NO_FIELD_TAKES, ids=lambda raw: raw[:24])
def test_no_exact_field_takes(kind: str, raw: str) -> None:
    field, shape = NUMERIC_FIELDS[kind]
    found = _refusal(field, shape.format(raw))
    assert found["message"]
    assert found["field"].startswith(("f", "body"))


@pytest.mark.parametrize(
    ("field", "raw", "expected"),
    [
        (fields.QuantityField(), '"12.5"', Quantity(12_500)),
        (fields.QuantityField(), "12", Quantity(12_000)),
        (fields.QuantityField(), '"0.001"', Quantity(1)),
        (fields.QuantityField(zero=True), "0", Quantity(0)),
        (fields.QuantityField(negative=True), '"-2"', Quantity(-2_000)),
        (fields.QuantityField(), '"999999999999.999"', Quantity(999_999_999_999_999)),
        (fields.MoneyField(), f'{{"amount": "12.34", {USD}}}', Money(1234, "USD")),
        (fields.MoneyField(), '{"amount": "100", "currency": "JPY"}', Money(100, "JPY")),
        (fields.MoneyField(), '{"amount": "1.234", "currency": "KWD"}', Money(1234, "KWD")),
        (fields.MoneyField(negative=True), f'{{"amount": "-0.01", {USD}}}', Money(-1, "USD")),
        (fields.MoneyField(), f'{{"amount": "999999999999999.99", {USD}}}', Money(10**17 - 1, "USD")),
        (fields.PriceField(), f'{{"amount": "14.0001", {USD}}}', Price(140001, "USD")),
        (fields.PercentField(), '"0"', Decimal(0)),
        (fields.PercentField(), '"12.25"', Decimal("12.25")),
        (fields.PercentField(), '"100.00"', Decimal(100)),
        (fields.IdField(), f'"{AN_ID}"', AN_ID),
        (fields.Text(max=5), '"naïve"', "naïve"),
        (fields.Text(max=9, multiline=True), '"a\\n\\tb"', "a\n\tb"),
        (fields.Text(max=1), '"😀"', "😀"),
        (fields.Text(max=5, least=0), '""', ""),
        (fields.Choice("red", "blue"), '"blue"', "blue"),
        (fields.CountField(), "0", 0),
        (fields.CountField(least=-3), "-2", -2),
        (fields.Flag(), "true", True),
        (fields.DateField(), '"2024-02-29"', date(2024, 2, 29)),
        (fields.UtcField(), '"2026-03-02T09:00:00+08:00"', datetime(2026, 3, 2, 1, tzinfo=UTC)),
        (
            fields.UtcField(),
            '"2026-03-02T01:00:00.123456Z"',
            datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=UTC),
        ),
        (fields.ListOf(fields.CountField(), most=3), "[1, 2]", [1, 2]),
        (fields.IdField(allow_none=True), "null", None),
    ],
)
def test_takes_what_it_describes(field: Any, raw: str, expected: object) -> None:
    found = _load(field, raw)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("field", "raw", "where"),
    [
        (fields.QuantityField(), "0", "f"),
        (fields.QuantityField(), '"0.000"', "f"),
        (fields.QuantityField(), "-1", "f"),
        (fields.QuantityField(), '"-1"', "f"),
        (fields.QuantityField(), '"1.2345"', "f"),
        (fields.QuantityField(), '"1000000000000"', "f"),
        (fields.QuantityField(), "1000000000000", "f"),
        (fields.QuantityField(), "null", "f"),
        (fields.MoneyField(), f'{{"amount": "-0.01", {USD}}}', "f.amount"),
        (fields.MoneyField(zero=False), f'{{"amount": "0.00", {USD}}}', "f.amount"),
        (fields.MoneyField(), f'{{"amount": "1.005", {USD}}}', "f.amount"),
        (fields.MoneyField(), f'{{"amount": 1, {USD}}}', "f.amount"),
        (fields.MoneyField(), f'{{"amount": 1.5, {USD}}}', "f.amount"),
        (fields.MoneyField(), f'{{"amount": null, {USD}}}', "f.amount"),
        (fields.MoneyField(), f'{{"amount": "1000000000000000", {USD}}}', "f.amount"),
        (fields.MoneyField(), '{"amount": "100.5", "currency": "JPY"}', "f.amount"),
        (fields.MoneyField(), '{"amount": "999999999999999.999", "currency": "KWD"}', "f.amount"),
        (fields.MoneyField(), '{"amount": "1", "currency": "usd"}', "f.currency"),
        (fields.MoneyField(), '{"amount": "1", "currency": "ZZZ"}', "f.currency"),
        (fields.MoneyField(), '{"amount": "1", "currency": ["USD"]}', "f.currency"),
        (fields.MoneyField(), '{"amount": "1"}', "f"),
        (fields.MoneyField(), f'{{"amount": "1", {USD}, "rate": "2"}}', "f"),
        (fields.MoneyField(), '"1.00 USD"', "f"),
        (fields.MoneyField(), '["1.00", "USD"]', "f"),
        (fields.PriceField(), f'{{"amount": "1.00001", {USD}}}', "f.amount"),
        (fields.PriceField(), f'{{"amount": "-0.01", {USD}}}', "f.amount"),
        (fields.PercentField(), '"100.01"', "f"),
        (fields.PercentField(), '"101"', "f"),
        (fields.PercentField(), '"-1"', "f"),
        (fields.PercentField(), '"0.001"', "f"),
        (fields.PercentField(), "10", "f"),
        (fields.IdField(), f'"{AN_ID.upper()}"', "f"),
        (fields.IdField(), f'"{{{AN_ID}}}"', "f"),
        (fields.IdField(), f'"urn:uuid:{AN_ID}"', "f"),
        (fields.IdField(), f'"{AN_ID.replace("-", "")}"', "f"),
        (fields.IdField(), f'"{AN_ID} "', "f"),
        (fields.IdField(), "9223372036854775808", "f"),
        (fields.IdField(), '"1 OR 1=1"', "f"),
        (fields.Text(max=3), '"four"', "f"),
        (fields.Text(max=3), '""', "f"),
        (fields.Text(max=3), '" a"', "f"),
        (fields.Text(max=3), '"a\\u00a0"', "f"),
        (fields.Text(max=3), '"a\\nb"', "f"),
        (fields.Text(max=3), '"a\\u2028b"', "f"),
        (fields.Text(max=3), '"a\\u0000"', "f"),
        (fields.Text(max=3, multiline=True), '"a\\u0007"', "f"),
        (fields.Text(max=3), '"a\\udc00"', "f"),
        (fields.Text(max=3), '"a\\u0085"', "f"),
        (fields.Text(max=3), "12", "f"),
        (fields.Text(max=3), "1.5", "f"),
        (fields.Text(max=3), "true", "f"),
        (fields.Text(max=9, pattern="[a-z]+"), '"abc1"', "f"),
        (fields.Choice("red"), '"RED"', "f"),
        (fields.Choice("red"), '["red"]', "f"),
        (fields.CountField(), "1.0", "f"),
        (fields.CountField(), "1.5", "f"),
        (fields.CountField(), "1e3", "f"),
        (fields.CountField(), '"1"', "f"),
        (fields.CountField(), "true", "f"),
        (fields.CountField(), "-1", "f"),
        (fields.CountField(), "2147483648", "f"),
        (fields.CountField(), "1" * 400, "f"),
        (fields.Flag(), "1", "f"),
        (fields.Flag(), '"true"', "f"),
        (fields.Flag(), "null", "f"),
        (fields.DateField(), '"2026-02-30"', "f"),
        (fields.DateField(), '"0000-01-01"', "f"),
        (fields.DateField(), '"9999-12-31"', "f"),
        (fields.DateField(), '"20260101"', "f"),
        (fields.DateField(), '"2026-W01-1"', "f"),
        (fields.DateField(), '"2026-1-1"', "f"),
        (fields.DateField(), '"２０２６-01-01"', "f"),
        (fields.DateField(), '"2026-01-01T00:00:00Z"', "f"),
        (fields.DateField(), "20260101", "f"),
        (fields.UtcField(), '"2026-03-02T01:00:00"', "f"),
        (fields.UtcField(), '"2026-03-02 01:00:00Z"', "f"),
        (fields.UtcField(), '"2026-03-02T25:00:00Z"', "f"),
        (fields.UtcField(), '"2026-03-02T01:00:00+99:99"', "f"),
        (fields.UtcField(), '"2026-03-02T01:00:60Z"', "f"),
        (fields.UtcField(), '"0001-01-01T00:00:00+23:59"', "f"),
        (fields.UtcField(), "1767225600", "f"),
        (fields.ListOf(fields.CountField()), "[]", "f"),
        (fields.ListOf(fields.CountField(), most=2), "[1, 2, 3]", "f"),
        (fields.ListOf(fields.CountField()), '{"0": 1}', "f"),
        (fields.ListOf(fields.CountField()), '"12"', "f"),
        (fields.ListOf(fields.CountField()), "[1, -1]", "f.1"),
    ],
)
def test_refuses_and_says_where_and_what_to_do(field: Any, raw: str, where: str) -> None:
    found = _refusal(field, raw)
    assert found["field"] == where
    assert found["message"]
    assert found["cure"]


class Line(Strict):
    quantity = fields.QuantityField(required=True)


class Order(Strict):
    lines = fields.ListOf(Line, most=500, required=True)


def test_a_fault_deep_inside_is_named_by_its_path() -> None:
    with pytest.raises(ValidationError) as caught:
        Order().load({"lines": [{"quantity": "1"}, {"quantity": "-1", "price": 3}]})
    assert {fault["field"] for fault in complaints(caught.value.messages)} == {
        "lines.1.quantity",
        "lines.1.price",
    }


def test_a_list_that_is_too_long_is_refused_before_its_items_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[object] = []
    monkeypatch.setattr(fields.QuantityField, "_deserialize", lambda *args, **kwargs: looked_at.append(args))
    with pytest.raises(ValidationError, match="500"):
        Order().load({"lines": [{"quantity": "x"}] * 501})
    assert looked_at == []


def test_something_other_than_an_object_is_refused() -> None:
    values: list[Any] = [[], "x", 3, None]
    for value in values:
        with pytest.raises(ValidationError):
            Order().load(value)


@given(st.text(max_size=40))
def test_whatever_text_a_quantity_takes_reads_back_the_same(text: str) -> None:
    try:
        found = _schema(fields.QuantityField(zero=True, negative=True)).load({"f": text})["f"]
    except ValidationError:
        return
    assert Decimal(text) * 1000 == found.milli
    assert text.isascii()


@given(st.integers(-(10**17), 10**17), st.sampled_from(["USD", "JPY", "KWD"]))
def test_money_that_is_written_reads_back_the_same(minor: int, currency: str) -> None:
    probe = _schema(fields.MoneyField(negative=True))
    written = probe.dump({"f": Money(minor, currency)})
    digits = len(written["f"]["amount"].lstrip("-").partition(".")[0])
    if digits <= 15:
        assert probe.load(json.loads(json.dumps(written)))["f"] == Money(minor, currency)


def test_answers_are_written_in_one_way() -> None:
    shape = {
        "money": fields.MoneyField(), "price": fields.PriceField(), "quantity": fields.QuantityField(),
        "percent": fields.PercentField(), "on": fields.DateField(), "at": fields.UtcField(), "none": fields.IdField(),
    }  # fmt: skip
    moment = datetime(2026, 3, 2, 1, tzinfo=UTC)
    written = type("Shape", (Strict,), shape)().dump(
        {
            "money": Money(-5, "USD"), "price": Price(140000, "USD"), "quantity": Quantity(12_500),
            "percent": Decimal("15.50"), "on": moment.date(), "at": moment, "none": None,
        }
    )  # fmt: skip
    assert written == {
        "money": {"amount": "-0.05", "currency": "USD"}, "price": {"amount": "14.00", "currency": "USD"},
        "quantity": "12.5", "percent": "15.50", "on": "2026-03-02", "at": "2026-03-02T01:00:00Z", "none": None,
    }  # fmt: skip
