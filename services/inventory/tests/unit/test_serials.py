"""Serials by name and by range, as many as units, and what a count finds different."""

from __future__ import annotations

import pytest

from libs.common.errors import MeridianError
from services.inventory.domain.serials import (
    MOST,
    differences,
    expand,
    require_serials,
    require_total,
    require_whole_units,
)
from services.inventory.tests.builders import an_item, q

PUMP = an_item("PUMP", serial_tracked=True)


def test_a_range_is_each_of_its_serials() -> None:
    assert expand(["SN0009..SN0011", "X-7"], "serials") == ("SN0009", "SN0010", "SN0011", "X-7")
    assert expand(["A1..A1"], "serials") == ("A1",)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (["SN5..SN1"], "serial_range_invalid"),
        (["SN1..SN10"], "serial_range_invalid"),
        (["A1..B2"], "serial_range_invalid"),
        (["A..B"], "serial_range_invalid"),
        (["1..2..3"], "serial_range_invalid"),
        ([f"SN0001..SN{MOST + 1}"], "serial_range_invalid"),
        (["SN000..SN999", "X"], "serial_range_invalid"),
        (["SN1", "SN1"], "serial_named_twice"),
        (["SN1..SN3", "SN2"], "serial_named_twice"),
        (["A B"], "serial_malformed"),
        (["A/B"], "serial_malformed"),
        (["X" * 65], "serial_malformed"),
        ([""], "serial_malformed"),
    ],
)
def test_what_names_no_serials_is_refused_with_its_field(entries: list[str], code: str) -> None:
    with pytest.raises(MeridianError) as refused:
        expand(entries, "lines.0.serials")
    assert (refused.value.code, refused.value.field) == (code, "lines.0.serials")


@pytest.mark.parametrize(("quantity", "entries"), [(3, ["A1..A2"]), (1, ["A1..A2"]), (2, [])])
def test_other_than_a_serial_for_each_unit_is_refused(quantity: int, entries: list[str]) -> None:
    with pytest.raises(MeridianError) as refused:
        require_serials(PUMP, q(quantity), entries, "serials")
    assert refused.value.code == "serials_missing"


def test_a_unit_less_needs_its_serial_too_and_an_item_without_serials_takes_none() -> None:
    assert require_serials(PUMP, q(-2), ["A1..A2"], "serials") == ("A1", "A2")
    assert require_serials(an_item(), q(2), [], "serials") == ()
    with pytest.raises(MeridianError) as refused:
        require_serials(an_item(), q(1), ["A1"], "serials")
    assert refused.value.code == "serials_not_tracked"


def test_a_serial_is_a_whole_unit_and_has_no_lot() -> None:
    require_whole_units(0, lot_tracked=False, serial_tracked=True)
    require_whole_units(3, lot_tracked=True, serial_tracked=False)
    for decimals, lot_tracked in ((1, False), (0, True)):
        with pytest.raises(MeridianError) as refused:
            require_whole_units(decimals, lot_tracked=lot_tracked, serial_tracked=True)
        assert refused.value.code == "serial_needs_whole_units"


def test_a_document_names_a_bounded_number() -> None:
    require_total(5000, "lines.4.serials")
    with pytest.raises(MeridianError) as refused:
        require_total(5001, "lines.5.serials")
    assert refused.value.field == "lines.5.serials"


def test_what_a_count_misses_and_what_it_did_not_expect() -> None:
    assert differences(["A", "B", "C"], ["C", "D"]) == (("A", "B"), ("D",))
