"""Whose a new customer is, and who decides its prices."""

from __future__ import annotations

import pytest

from services.crm.domain.errors import OwnerNotAllowed, PricingNotAllowed
from services.crm.domain.ownership import Registrar, check_pricing, owner_of_new
from services.crm.tests.builders import JANET, MANAGER, NANCY, harbor_pumps

SALESPERSON = Registrar(NANCY, assigns=False)


@pytest.mark.parametrize("wanted", [None, NANCY])
def test_a_salespersons_customer_is_their_own(wanted: str | None) -> None:
    assert owner_of_new(SALESPERSON, wanted) == NANCY


def test_a_salesperson_cannot_name_another() -> None:
    with pytest.raises(OwnerNotAllowed) as refusal:
        owner_of_new(SALESPERSON, JANET)
    assert refusal.value.field == "owner_id"


@pytest.mark.parametrize("wanted", [None, JANET])
def test_a_manager_names_anybody_or_nobody(wanted: str | None) -> None:
    assert owner_of_new(MANAGER, wanted) == wanted


@pytest.mark.parametrize("field", ["group", "region"])
def test_only_who_assigns_decides_by_which_prices_a_customer_buys(field: str) -> None:
    plain, special = harbor_pumps(), harbor_pumps(**{field: "wholesale"})
    for before, after in ((None, special), (plain, special), (special, plain)):
        check_pricing(MANAGER, before, after)
        with pytest.raises(PricingNotAllowed) as refusal:
            check_pricing(SALESPERSON, before, after)
        assert refusal.value.field == field
    check_pricing(SALESPERSON, None, plain)
    check_pricing(SALESPERSON, special, special)
