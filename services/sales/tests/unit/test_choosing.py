"""Optional and alternative lines: what is a choice, and what is ordered of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from services.sales.domain.choosing import choose
from services.sales.domain.gifts import Bundle, Part
from services.sales.domain.option_errors import (
    AlternativeAlone,
    AlternativesExclude,
    NotAChoice,
    NothingCertain,
    OptionOfNothing,
    PreselectedTwice,
)
from services.sales.domain.options import Option, WantedOption, settle_options
from services.sales.domain.promoting import places
from services.sales.tests.builders import CHAI, ROPE, qty, usd
from services.sales.tests.unit.test_promoting import promotion
from services.sales.tests.unit.test_revision import a_line, a_quotation

REQUIRED, OPTIONAL = WantedOption(), WantedOption("optional")
ONE, OTHER = WantedOption("alternative", "pump"), WantedOption("alternative", "pump", preselected=True)


def test_of_a_group_the_preselected_line_is_offered_else_the_first() -> None:
    assert settle_options([REQUIRED, ONE, ONE, OPTIONAL]) == (
        None, Option("alternative", "pump", included=True), Option("alternative", "pump"), Option("optional"),
    )  # fmt: skip
    assert [option and option.included for option in settle_options([ONE, OTHER])] == [False, True]


@pytest.mark.parametrize(
    ("wanted", "error", "field"),
    [
        ([REQUIRED, ONE], AlternativeAlone, "lines.1.group"),
        ([OTHER, ONE, OTHER], PreselectedTwice, "lines.2.preselected"),
        ([OPTIONAL, OPTIONAL], NothingCertain, "lines.0.choice"),
        ([WantedOption("alternative")], OptionOfNothing, "lines.0.group"),
        ([WantedOption("optional", "pump")], OptionOfNothing, "lines.0.group"),
        ([WantedOption(preselected=True)], OptionOfNothing, "lines.0.preselected"),
    ],
)
def test_what_is_no_choice_is_refused_by_its_field(
    wanted: list[WantedOption], error: type[Exception], field: str
) -> None:
    with pytest.raises(error) as refused:
        settle_options(wanted)
    assert refused.value.field == field  # type: ignore[attr-defined]


A_OR_B_OR_C = a_quotation(
    a_line(1),
    a_line(2, amount="20.00", option=Option("alternative", "pump", included=True)),
    a_line(3, amount="35.00", option=Option("alternative", "pump")),
    a_line(4, amount="50.00", option=Option("optional")),
    a_line(5, amount="5.00", option=Option("optional", included=True)),
    total="43.00",
)


@pytest.mark.parametrize(
    ("chosen", "lines", "total"),
    [
        (None, [1, 2, 5], "43.00"),
        ((), [1, 2], "38.00"),
        ((3,), [1, 3], "53.00"),
        ((4, 3), [1, 3, 4], "103.00"),
        ((5, 2), [1, 2, 5], "43.00"),
    ],
)
def test_what_is_required_and_chosen_is_ordered_and_a_group_never_left_out(chosen, lines, total) -> None:
    ordered = choose(A_OR_B_OR_C, chosen)
    assert ([line.line_no for line in ordered.lines], ordered.total) == (lines, usd(total))


@pytest.mark.parametrize(
    ("chosen", "error", "field"),
    [
        ((4, 1), NotAChoice, "chosen.1"),
        ((9,), NotAChoice, "chosen.0"),
        ((4, 5, 4), NotAChoice, "chosen.2"),
        ((2, 3), AlternativesExclude, "chosen.1"),
    ],
)
def test_a_choice_that_is_none_is_refused_by_its_place(chosen, error, field) -> None:
    with pytest.raises(error) as refused:
        choose(A_OR_B_OR_C, chosen)
    assert refused.value.field == field


def test_without_options_there_is_nothing_to_choose() -> None:
    plain = a_quotation(a_line(1), total="18.00")
    assert choose(plain, None) is choose(plain, ()) is plain
    with pytest.raises(NotAChoice):
        choose(plain, (1,))


_SET = Bundle(1000, (Part(CHAI.id, qty(1)), Part(ROPE.id, qty(1))))
_LINES = st.lists(
    st.tuples(
        st.sampled_from([CHAI.id, ROPE.id]),
        st.integers(1, 9),
        st.sampled_from([REQUIRED, REQUIRED, OPTIONAL, ONE]),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@given(_LINES)
def test_no_choice_gets_more_sets_than_it_has(lines: list[tuple[str, int, WantedOption, bool]]) -> None:
    """Whatever is left or taken: what sets take off as quoted is never more than they would take off the order."""
    wanted = [replace(each, preselected=False) for _, _, each, _ in lines]
    try:
        options = settle_options(wanted)
    except (AlternativeAlone, NothingCertain):
        return
    stand = places([(item, qty(n)) for item, n, *_ in lines], [promotion(_SET)], options)
    quotation = a_quotation(
        *(a_line(n, option=option) for n, option in enumerate(options, 1)),
    )
    taken, groups = [], set()
    for n, (option, (*_, take)) in enumerate(zip(options, lines, strict=True), 1):
        if option is not None and take and option.group not in groups:
            taken.append(n)
            groups |= {option.group} - {None}
    ordered = [line.line_no - 1 for line in choose(quotation, taken).lines]
    in_sets = dict.fromkeys((CHAI.id, ROPE.id), 0)
    whole = dict.fromkeys((CHAI.id, ROPE.id), 0)
    for n in ordered:
        item, count, *_ = lines[n]
        in_sets[item] += int(
            _SET.off(count * 10, stand[n])
        )  # a tenth of ten a piece: one for each piece in a set
        whole[item] += count
    assert max(in_sets.values()) <= min(whole.values())


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.data())
def test_the_total_is_the_sum_of_what_is_ordered(amounts: list[int], data: st.DataObject) -> None:
    lines = [
        replace(a_line(n, option=Option("optional")), amount=Money(amount, "USD"))
        for n, amount in enumerate(amounts, 1)
    ]
    chosen = data.draw(st.sets(st.integers(1, len(lines))))
    ordered = choose(a_quotation(a_line(99), *lines), sorted(chosen))
    assert ordered.total.minor == 1800 + sum(amounts[n - 1] for n in chosen)
