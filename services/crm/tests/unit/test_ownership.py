"""Whose a new customer is."""

from __future__ import annotations

import pytest

from services.crm.domain.errors import OwnerNotAllowed
from services.crm.domain.ownership import Registrar, owner_of_new
from services.crm.tests.builders import JANET, NANCY

SALESPERSON = Registrar(NANCY, assigns=False)
MANAGER = Registrar("steven.buchanan", assigns=True)


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
