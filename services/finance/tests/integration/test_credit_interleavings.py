"""Acts upon a customer's credit in every order of their statements: the limit of a group reaches all its customers."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.db import Database
from services.finance.tests.builders import TERMS, harbor_pumps, usd
from services.finance.tests.integration.books import the_account
from services.finance.tests.integration.test_interleavings import Pair, play
from services.finance.use_cases.accounts import KeepCustomer, keep_customer
from services.finance.use_cases.credit_policy import SetGroupLimit, set_group_limit

pytestmark = pytest.mark.postgres


def test_a_customer_joins_a_group_whose_limit_changes(finance: Database) -> None:
    def join(group: str | None) -> None:
        customer = KeepCustomer(**vars(harbor_pumps()) | {"group": group})
        finance.transact(lambda tx: keep_customer(tx, customer, TERMS))

    def set_limit(amount: str) -> None:
        finance.transact(
            lambda tx: set_group_limit(tx, SetGroupLimit("wholesale", "USD", usd(amount)), TERMS)
        )

    def pair(number: int) -> Pair:
        join(None)
        return partial(join, "wholesale"), partial(set_limit, f"{2000 + number}.00")

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        now = the_account(finance)
        assert (now.limit_source, now.limit) == ("group", usd(f"{2000 + number}.00"))

    assert play(finance, pair, check) > 10
