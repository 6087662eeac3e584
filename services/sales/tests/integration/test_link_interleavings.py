"""An answer by a link and the end of that link, in every order of their statements: one goes first."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.db import Database
from libs.common.errors import MeridianError
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.sales.domain.customer_link import Caller, LinkClosed
from services.sales.sagas.ordering import accept_by_link
from services.sales.store import links, quotations
from services.sales.tests.builders import MIGRATIONS, NANCY, TERMS, Desk
from services.sales.use_cases.answer_by_link import AnswerByLink
from services.sales.use_cases.answer_quotation import AboutQuotation
from services.sales.use_cases.link_quotation import link_quotation, revoke_link
from services.sales.use_cases.send_quotation import send_quotation

pytestmark = pytest.mark.postgres


@pytest.fixture
def desk(make_database: MakeDatabase, keys: SigningKeys) -> Desk:
    """Give sales on an engine on which two can write at once."""
    database = make_database("sales", MIGRATIONS)
    if database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    return Desk(database, keys)


def linked(database: Database, about: AboutQuotation, token: str) -> None:
    database.transact(lambda tx: send_quotation(tx, about, NANCY))
    database.transact(lambda tx: link_quotation(tx, about, token, NANCY, TERMS))


def accept(database: Database, token: str) -> object:
    command = AnswerByLink(token, "Ann", Caller("192.0.2.7", "Firefox"))
    return database.transact(lambda tx: accept_by_link(tx, command, TERMS))


def revoke(database: Database, about: AboutQuotation) -> object:
    return database.transact(lambda tx: revoke_link(tx, about, NANCY))


def test_a_link_that_was_taken_back_accepts_nothing_whatever_comes_first(desk: Desk) -> None:
    """The answer is refused exactly if the link was closed before it: no order comes of a closed link."""
    database, ends = desk.database, set()

    def one(at: int, swapped: bool) -> bool:
        about = AboutQuotation(desk.quote())
        token = f"token {about.quotation_id}"
        linked(database, about, token)
        answer, end = partial(accept, database, token), partial(revoke, database, about)
        first, second = (end, answer) if swapped else (answer, end)
        front, behind, stopped = interleaved(database, first, second, at)
        accepted, revoked = (behind, front) if swapped else (front, behind)
        assert not isinstance(revoked, MeridianError)
        quotation = database.read(lambda connection: quotations.find(connection, about.quotation_id))
        act = database.read(lambda connection: links.act_of(connection, about.quotation_id))
        assert quotation is not None
        refused = isinstance(accepted, LinkClosed)
        assert (quotation.state, act is None) == (("sent", True) if refused else ("accepted", False))
        if swapped and stopped:
            ends.add(refused)
        return stopped

    assert every_order(one) > 10
    assert True in ends, "some answer came while the link was being taken back, and was refused"
