"""Bills of materials: exact shares, the version that holds, levels, and nothing that goes into itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.bom import FULL_BP, Bom, BomComponent, counted, in_force
from services.inventory.domain.bom_structure import MOST_LEVELS, explode, require_sound
from services.inventory.domain.production_errors import BomCycle, BomTooDeep, QuantityOutOfReach
from services.inventory.tests.builders import an_item, q

DAY = date(2026, 3, 2)


def a_bom(item: str, *parts: str, version: int = 1, since: date = DAY, **details: object) -> Bom:
    """Return a bill by which one piece of ``item`` is made of one piece each of ``parts``."""
    components = tuple(BomComponent(part, q(1)) for part in parts)
    usual: dict[str, object] = {"output": q(1), "components": components}
    return Bom(item, version, since, **(usual | details))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "output", "quantity", "scrap_bp", "decimals", "share"),
    [
        ("10", "1", "2", 0, 0, "20"),
        ("1", "3", "1", 0, 0, "1"),
        ("4", "3", "1", 0, 0, "2"),
        ("4", "3", "1", 0, 3, "1.334"),
        ("100", "1", "1", 250, 0, "103"),
        ("5", "1", "0.025", 1000, 3, "0.138"),
        ("0", "1", "1", 0, 0, "0"),
    ],
)
def test_a_share_is_exact_and_rounded_up_once(
    made: str, output: str, quantity: str, scrap_bp: int, decimals: int, share: str
) -> None:
    part = BomComponent("part", q(quantity), scrap_bp)
    bom = a_bom("whole", output=q(output), components=(part,))

    assert bom.share(part, q(made).milli, decimals) == q(share).milli


@given(
    reports=st.lists(st.integers(1, 10**7), min_size=1, max_size=6),
    output=st.integers(1, 10**7),
    quantity=st.integers(1, 10**7),
    scrap_bp=st.integers(0, FULL_BP),
    decimals=st.integers(0, 3),
)
def test_many_reports_use_up_what_one_would(
    reports: list[int], output: int, quantity: int, scrap_bp: int, decimals: int
) -> None:
    part = BomComponent("part", Quantity(quantity), scrap_bp)
    bom = a_bom("whole", output=Quantity(output), components=(part,))
    made, used = 0, 0
    for each in reports:
        made += each
        more = bom.share(part, made, decimals) - used
        assert more >= 0
        used += more
    step = 10 ** (3 - decimals)

    assert used == bom.share(part, sum(reports), decimals)
    assert used % step == 0
    exact = sum(reports) * quantity * (FULL_BP + scrap_bp)
    assert 0 <= used * output * FULL_BP - exact < step * output * FULL_BP


def test_the_version_that_began_last_holds_and_of_one_day_the_last_written() -> None:
    first = a_bom("whole", "a", version=1, since=date(2026, 1, 1))
    later = a_bom("whole", "b", version=2, since=date(2026, 6, 1))
    slip = a_bom("whole", "c", version=3, since=date(2026, 1, 1))
    versions = (first, later, slip)

    assert in_force(versions, date(2025, 12, 31)) is None
    assert in_force(versions, date(2026, 5, 31)) is slip
    assert in_force(versions, date(2026, 6, 1)) is later


def test_what_would_go_into_itself_is_refused_with_the_way() -> None:
    known = [a_bom("body", "rotor"), a_bom("rotor", "steel")]
    names = {"steel": "STEEL", "body": "BODY", "rotor": "ROTOR"}

    with pytest.raises(BomCycle) as refused:
        require_sound(a_bom("steel", "ore", "body"), known, names)

    assert refused.value.field == "components.1.item_id"
    assert refused.value.figures["path"] == "STEEL > BODY > ROTOR > STEEL"
    with pytest.raises(BomCycle):
        require_sound(a_bom("steel", "steel"), [], names)


def test_what_was_given_up_before_does_not_forbid_what_comes_after() -> None:
    once = a_bom("body", "rotor", version=1, since=date(2026, 1, 1))
    now = a_bom("body", "steel", version=2, since=date(2026, 3, 1))

    require_sound(a_bom("rotor", "body", since=date(2026, 3, 1)), [once, now], {})
    with pytest.raises(BomCycle):
        require_sound(a_bom("rotor", "body", since=date(2026, 2, 28)), [once, now], {})
    with pytest.raises(BomCycle):
        require_sound(a_bom("rotor", "body", since=date(2026, 1, 1)), [a_bom("body", "rotor", since=DAY)], {})


def test_no_more_levels_than_are_worked_out() -> None:
    chain = [a_bom(f"{level}", f"{level + 1}") for level in range(1, MOST_LEVELS)]

    require_sound(a_bom("0", "1"), chain, {})
    with pytest.raises(BomTooDeep):
        require_sound(a_bom("top", "0"), [a_bom("0", "1"), *chain], {})
    with pytest.raises(BomTooDeep):
        require_sound(a_bom(f"{MOST_LEVELS}", "ore"), [a_bom("0", "1"), *chain], {})


def test_all_levels_are_worked_out_each_rounded_to_its_unit() -> None:
    items = {
        "pump": an_item("PUMP", id="pump"),
        "rotor": an_item("ROTOR", id="rotor"),
        "steel": an_item("STEEL", id="steel", decimals=3),
    }
    rotor = a_bom("rotor", output=q(4), components=(BomComponent("steel", q(1), 500),), version=7)
    pump = a_bom("pump", components=(BomComponent("rotor", q(2)), BomComponent("steel", q("0.5"))))

    lines = explode(pump, q(3), {"rotor": rotor}, items)

    assert [(each.level, each.parent_id, each.item_id, str(each.quantity)) for each in lines] == [
        (1, "pump", "rotor", "6"),
        (2, "rotor", "steel", "1.575"),
        (1, "pump", "steel", "1.5"),
    ]
    assert [each.bom_version for each in lines] == [7, None, None]


def test_how_long_it_takes_and_how_much_more_or_less_may_come() -> None:
    bom = a_bom("pump", "rotor", output=q(10), fixed_days=2, days_per_lot=3, tolerance_bp=333)

    assert [bom.lead_days(q(each).milli) for each in (1, 10, 11)] == [5, 5, 8]
    assert (str(bom.most(q(100), 0)), str(bom.least(q(100), 0))) == ("103", "97")
    assert (str(bom.most(q(10), 0)), str(bom.least(q(10), 2))) == ("10", "9.67")


def test_more_than_can_be_counted_is_refused_and_named() -> None:
    with pytest.raises(QuantityOutOfReach) as refused:
        counted(LIMIT_MILLI + 1, "STEEL", "quantity")

    assert refused.value.field == "quantity"
