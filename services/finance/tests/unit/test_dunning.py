"""Which reminder an invoice gets next, and what the letter says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.finance.domain.dunning import DunningLevel, DunningPolicy, Overdue, PolicyInvalid, lines_of
from services.finance.domain.letters import write_letter
from services.finance.tests.builders import an_id, usd

TODAY = date(2026, 3, 2)
POLICY = DunningPolicy(
    1, (DunningLevel(7), DunningLevel(21), DunningLevel(45, stops_credit=True)), days_between=7
)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def overdue(
    days: int, level: int = 0, reminded: int | None = None, paused: date | None = None, number: int = 1
) -> Overdue:
    name = f"INV-{number:06d}"
    on = None if reminded is None else ago(reminded)
    return Overdue(an_id("invoice", name), name, f"SO-{number}", ago(days), usd("10.00"), level, on, paused)


@pytest.mark.parametrize(
    ("late", "level"),
    [
        (overdue(6), None), (overdue(7), 1), (overdue(400), 1),
        (overdue(21, 1, 7), 2), (overdue(20, 1, 13), None), (overdue(21, 1, 6), None),
        (overdue(45, 2, 30), 3), (overdue(44, 2, 30), None), (overdue(400, 3, 300), None),
        (overdue(400, paused=TODAY), None), (overdue(400, paused=ago(1)), 1),
    ],
)  # fmt: skip
def test_one_level_after_the_other_when_it_is_time(late: Overdue, level: int | None) -> None:
    assert POLICY.next_level(late, TODAY) == level


def test_a_reminder_names_all_that_was_reminded_of_and_is_still_open() -> None:
    first, again, early, paused = (
        overdue(10, number=1),
        overdue(30, 1, 3, number=2),
        overdue(2, number=3),
        overdue(90, 2, 40, paused=TODAY, number=4),
    )
    lines = lines_of(POLICY, [first, again, early, paused], TODAY)
    assert [(line.number, line.level, line.raised, line.days_overdue) for line in lines] == [
        ("INV-000002", 1, False, 30),
        ("INV-000001", 1, True, 10),
    ]
    assert lines_of(POLICY, [again, early], TODAY) == ()


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ((), "levels"),
        ((7,) * 10, "levels"),
        ((7, 7), "levels.1.after_days"),
        ((7, 21, 20), "levels.2.after_days"),
    ],
)
def test_a_policy_whose_levels_do_not_follow_is_refused(days: tuple[int, ...], field: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        DunningPolicy(1, tuple(DunningLevel(each) for each in days), 7)
    assert refused.value.field == field


def test_the_letter_speaks_the_customers_language_and_grows_firmer() -> None:
    lines = lines_of(POLICY, [overdue(10)], TODAY)
    english = [
        write_letter("en", "DUN-000001", "Harbor", level, TODAY, usd("10.00"), lines)
        for level in (1, 2, 3, 9)
    ]
    chinese = write_letter("zh", "DUN-000001", "海港泵业", 1, TODAY, usd("10.00"), lines)
    assert english[0].subject == "Reminder DUN-000001: 10.00 USD overdue"
    for part in (
        "Dear Harbor,",
        "INV-000001",
        "SO-1",
        "2026-02-20",
        "10 days overdue",
        "In total: 10.00 USD",
    ):
        assert part in english[0].body
    assert len({letter.body for letter in english}) == 3, "from level 3 on it is the last"
    assert chinese.subject == "催款函 DUN-000001：逾期 10.00 USD"
    assert "尊敬的海港泵业：" in chinese.body
    assert "逾期 10 天" in chinese.body
