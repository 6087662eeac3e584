"""What a customer is, how it is found and who may see it."""

from __future__ import annotations

import pytest

from services.crm.domain.customer import (
    KEY_LENGTH,
    require_currency,
    search_key,
    series_number,
    visible_to,
    with_changes,
)
from services.crm.domain.errors import CustomerNotFound, UnknownCurrency
from services.crm.tests.builders import JANET, NANCY, harbor_pumps


@pytest.mark.parametrize(
    ("count", "number"), [(1, "C-000001"), (999_999, "C-999999"), (1_000_000, "C-1000000")]
)
def test_the_house_series_grows_past_its_digits(count: int, number: str) -> None:
    assert series_number(count) == number


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ana Trujillo", "ana trujillo"),
        ("México D.F.", "mexico d.f."),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Ｈａｒｂｏｒ", "harbor"),
        ("港湾泵业", "港湾泵业"),
    ],
)
def test_searching_ignores_case_accents_and_width(text: str, key: str) -> None:
    assert search_key(text) == key


def test_a_key_is_bounded_however_much_a_letter_expands() -> None:
    assert len(search_key("\ufdfa" * 200)) == KEY_LENGTH


def test_a_key_stays_the_same_when_it_is_made_again() -> None:
    for text in ("México", "Straße", "ﷺ", "Ａ１", "İstanbul"):
        assert search_key(search_key(text)) == search_key(text)


def test_changes_touch_only_what_they_name() -> None:
    customer = harbor_pumps(city="Bremen", phone="030-1")
    changed = with_changes(customer, {"city": None, "active": False})
    assert changed == harbor_pumps(city=None, phone="030-1", active=False)


@pytest.mark.parametrize("field", ["number", "currency", "owner_id", "version", "id"])
def test_what_documents_carry_never_changes(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        with_changes(harbor_pumps(), {field: "X"})


def test_an_unknown_currency_is_refused_by_its_field() -> None:
    assert require_currency("CNY") == "CNY"
    with pytest.raises(UnknownCurrency) as refusal:
        require_currency("QQQ")
    assert refusal.value.field == "currency"


def test_only_the_owner_sees_it_among_those_who_see_only_their_own() -> None:
    customer = harbor_pumps()
    assert visible_to(customer, None) is customer
    assert visible_to(customer, frozenset({JANET, NANCY})) is customer
    with pytest.raises(CustomerNotFound):
        visible_to(customer, frozenset({JANET}))
    with pytest.raises(CustomerNotFound):
        visible_to(harbor_pumps(owner_id=None), frozenset({JANET}))
    with pytest.raises(CustomerNotFound):
        visible_to(None, None)
