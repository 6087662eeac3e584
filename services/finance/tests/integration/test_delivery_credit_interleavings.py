"""A delivery is asked about while its customer's standing changes, in every order of the statements of both."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.db import Database
from services.finance.domain.standing import DeliveryCheck
from services.finance.tests.integration.books import said, the_account
from services.finance.tests.integration.test_delivery_credit import (
    ask_about,
    how,
    ordered,
    set_check,
    stop,
    withdraw,
)
from services.finance.tests.integration.test_interleavings import Pair, play

pytestmark = pytest.mark.postgres


def test_a_stop_comes_as_a_delivery_is_asked_about(finance: Database) -> None:
    """Whoever is first: the last word about the note is no."""
    set_check(finance, DeliveryCheck("always"))

    def pair(number: int) -> Pair:
        stop(finance, False)
        ordered(finance, f"SO-{number}", "1.00")
        return partial(ask_about, finance, f"DN-{number}", f"SO-{number}"), partial(stop, finance)

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        assert how(finance, f"DN-{number}") == "refused"
        assert said(finance, "delivery_credit.refused")[-1]["number"] == f"DN-{number}"
        withdraw(finance, f"DN-{number}", "cancelled")

    assert play(finance, pair, check) > 5
    assert the_account(finance).open_questions == 0


def test_a_note_is_withdrawn_as_the_stop_is_lifted(finance: Database) -> None:
    set_check(finance, DeliveryCheck("always"))

    def pair(number: int) -> Pair:
        ordered(finance, f"SO-{number}", "1.00")
        ask_about(finance, f"DN-{number}", f"SO-{number}")
        stop(finance)
        return partial(withdraw, finance, f"DN-{number}", "cancelled"), partial(stop, finance, False)

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        assert (how(finance, f"DN-{number}"), the_account(finance).open_questions) == ("closed", 0)

    assert play(finance, pair, check) > 5
