"""A declared message survives the wire; a subscriber reads its own small view of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from libs.common.envelope import Unreadable, command, declaration_of, decode, encode, event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class Part:
    part_id: str
    amount: Quantity


@event("sample.box.packed.v1", key="box_id")
@dataclass(frozen=True)
class Packed:
    box_id: str
    parts: tuple[Part, ...]
    worth: Money
    each: Price
    packed_on: date
    at: datetime
    ratio: Decimal
    sealed: bool
    labels: dict[str, str]
    note: str | None = None


PACKED = Packed(
    box_id="b1",
    parts=(Part("p1", Quantity.of("1.5")), Part("p2", Quantity.of(2))),
    worth=Money.of("12.34", "USD"),
    each=Price.of("0.0125", "USD"),
    packed_on=date(2026, 3, 2),
    at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    ratio=Decimal("0.25"),
    sealed=True,
    labels={"to": "\u5317\u4eac"},
)


def test_a_message_survives_the_wire() -> None:
    assert decode(Packed, encode(PACKED)) == PACKED


def test_money_is_minor_units_and_quantities_are_text() -> None:
    data = encode(PACKED)
    assert data["worth"] == {"minor": 1234, "currency": "USD"}
    assert data["parts"][0]["amount"] == "1.5"
    assert data["at"] == "2026-03-02T01:00:00.000000Z"


def test_a_view_reads_only_what_it_names() -> None:
    @dataclass(frozen=True)
    class View:
        box_id: str
        weight: int = 7

    assert decode(View, encode(PACKED) | {"unheard_of": 1}) == View("b1", 7)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"box_id": 7}, "box_id"),
        ({"worth": {"minor": 1.5, "currency": "USD"}}, "worth"),
        ({"worth": {"minor": True, "currency": "USD"}}, "worth"),
        ({"worth": {"minor": 1}}, "worth"),
        ({"parts": [{"part_id": "p", "amount": "NaN"}]}, "parts.0.amount"),
        ({"parts": {}}, "parts"),
        ({"ratio": "1e9"}, "ratio"),
        ({"at": "2026-03-02T01:00:00"}, "at"),
        ({"packed_on": "2026-02-30"}, "packed_on"),
        ({"sealed": 1}, "sealed"),
    ],
)
def test_a_wrong_type_is_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(Unreadable, match=named):
        decode(Packed, encode(PACKED) | change)


def test_a_missing_field_is_named() -> None:
    data = encode(PACKED)
    del data["parts"][1]["part_id"]
    with pytest.raises(Unreadable, match=r"parts\.1\.part_id is missing"):
        decode(Packed, data)


def test_names_follow_the_grammar() -> None:
    with pytest.raises(ValueError, match="fact"):
        event("sample.packed", key="box_id")
    with pytest.raises(ValueError, match="command"):
        command("Sample.Pack.v1", key="box_id")
    with pytest.raises(TypeError, match="no field"):
        event("sample.box.packed.v1", key="box")(dataclass(frozen=True)(type("Empty", (), {})))
    assert declaration_of(PACKED).type == "sample.box.packed.v1"
    with pytest.raises(TypeError, match="neither"):
        declaration_of(Part("p", Quantity.zero()))
