"""What is learnt from purchases, and what is offered by it: rules that hold with the power off."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.crm.domain.buying import Bought, basket, kept
from services.crm.domain.buying_model import NOTHING, Model, as_data, from_data
from services.crm.domain.fortune import Fared, chance_bp, hit_rate_bp, kind_bp
from services.crm.domain.idea import Idea, Looked, Shelf
from services.crm.domain.learning import learn
from services.crm.domain.offers import ranked, upgrade
from services.crm.domain.potential import potential, risk_bp
from services.crm.domain.timing import running_out

TODAY = date(2026, 3, 2)


def bought(item: str, days_ago: int, quantity: int = 1, minor: int = 1000, who: str = "c") -> Bought:
    """Return a line."""
    return Bought(who, item, TODAY - timedelta(days=days_ago), quantity * 1000, minor, "USD")


def taught(*baskets: str, categories: dict[str, str | None] | None = None, **minor: int) -> Model:
    """Return what customers teach of whom each bought the letters of one basket yesterday."""
    lines = [
        bought(item, 1, minor=minor.get(item, 1000), who=f"c{place:03d}")
        for place, items in enumerate(baskets)
        for item in items
    ]
    return learn(lines, categories or {}, "USD", TODAY)


def looked(lines: list[Bought], model: Model = NOTHING, **categories: str | None) -> Looked:
    """Return what is looked at of a customer who bought these lines."""
    items = dict.fromkeys([line.item_id for line in lines], None) | categories
    return Looked(basket(lines, "USD"), model, Shelf(items, {}), TODAY)


def test_pairs_are_counted_exactly() -> None:
    model = taught(*["ab"] * 6, *["a"] * 2, *["c"] * 24)
    (pair,) = model.pairs["a"]
    assert (pair.other, pair.together, pair.of_item, pair.of_other) == ("b", 6, 8, 6)
    assert (pair.confidence, pair.lift(model.baskets)) == (0.75, 6 * 32 / (8 * 6))
    assert "c" not in model.pairs


@given(st.lists(st.text("abcdef", max_size=4), max_size=30))
def test_pairs_are_what_counting_by_hand_gives_and_survive_being_stored(baskets: list[str]) -> None:
    model = taught(*baskets)
    for item, pairs in model.pairs.items():
        for pair in pairs:
            assert pair.together == sum(item in each and pair.other in each for each in baskets)
            assert pair.of_other == sum(pair.other in each for each in baskets)
    assert from_data(json.loads(json.dumps(as_data(model)))) == model


def test_what_meets_often_only_because_both_are_popular_is_no_pair() -> None:
    model = taught(*["ab"] * 20, *["a"] * 12, *["b"] * 12, *["c"] * 6)
    assert model.pairs == {}, "of 50 baskets 32 hold the one, 32 the other: chance explains 20.5"


def test_what_he_has_is_never_named() -> None:
    model = taught(*["abc"] * 6, *["d"] * 20)
    assert [item for item, _ in ranked({"a": 1.0, "b": 1.0}, model)] == ["c"]


def test_two_purchases_say_nothing_of_ones_own_pace_but_those_of_all_do() -> None:
    mine = [bought("a", 60), bought("a", 30)]
    assert list(running_out(looked(mine))) == []
    others = [bought("a", 10 + 30 * place, who=f"c{who}") for who in range(4) for place in range(3)]
    model = learn(sorted(others, key=lambda line: line.customer_id), {}, "USD", TODAY)
    (idea,) = running_out(looked(mine, model))
    assert (idea.figures["by"], idea.figures["interval_days"]) == ("item", 30)


def test_what_hardly_anybody_buys_again_never_runs_out() -> None:
    others = [bought("a", 40, who=f"c{who:02d}") for who in range(40)]
    others += [bought("a", 10, who=f"c{who:02d}") for who in range(4)]
    model = learn(sorted(others, key=lambda line: line.customer_id), {}, "USD", TODAY)
    assert model.lore["a"].interval == 30
    assert list(running_out(looked([bought("a", 30)], model))) == []


def test_the_step_up_is_dearer_but_not_too_dear_and_many_have_it() -> None:
    kinds: dict[str, str | None] = {"a": "pump", "b": "pump", "c": "pump", "d": "hose"}
    baskets = [*["a"] * 8, *["b"] * 4, *["c"] * 6, *["d"] * 9]
    model = taught(*baskets, categories=kinds, a=1000, b=1500, c=9000, d=1500)
    assert model.dearer == {"a": "b"}
    (idea,) = upgrade(looked([bought("a", 9)], model, b="pump"))
    assert (idea.item_id, idea.because, idea.minor) == ("b", "a", 1500)


def test_a_kind_is_worth_what_became_of_it() -> None:
    assert kind_bp("upgrade", Fared()) == 1000
    assert kind_bp("upgrade", Fared(80, 40)) == 4200, "(0.1 x 20 + 40) / 100"
    assert kind_bp("upgrade", Fared(80, 0)) == 200
    assert (hit_rate_bp(Fared(3, 1)), hit_rate_bp(Fared())) == (3333, None)
    idea = Idea("upgrade", "b", 1000, 1000, 1.0, TODAY)
    assert [chance_bp(idea, Fared(), times) for times in (0, 1, 2, 9)] == [1000, 250, 62, 50]


@given(st.integers(0, 2000), st.integers(1, 200), st.integers(0, 500))
def test_who_is_away_longer_is_likelier_gone(away: int, interval: int, more: int) -> None:
    here, there = (risk_bp(NOTHING, days, interval) for days in (away, away + more))
    assert 0 <= here <= there <= 10_000


def test_the_potential_is_of_the_middle_order_at_ones_own_interval() -> None:
    lines = [bought("a", days, minor=minor) for days, minor in ((70, 500), (50, 900), (30, 700), (10, 100))]
    found = potential(basket(lines, "USD"), NOTHING, TODAY)
    assert found is not None
    assert (found.interval_days, found.by, found.order_minor) == (20, "customer", 500)
    assert found.next_on == TODAY + timedelta(days=10)
    assert potential(basket([], "USD"), NOTHING, TODAY) is None


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**9))
def test_what_is_kept_is_never_less_than_nothing_nor_worth_more_than_all(
    milli: int, given_up: int, returned: int, minor: int
) -> None:
    left, worth = kept(milli, given_up, returned, minor)
    assert 0 <= left <= milli
    assert 0 <= worth <= minor
