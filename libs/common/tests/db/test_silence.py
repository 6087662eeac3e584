"""A database server that is gone without a word is noticed."""

from __future__ import annotations

import pytest

from libs.common.db import Database

NOTICED_WITHIN_S = 40


def test_a_silent_server_is_given_up_within_the_time_of_a_statement(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no server")
    with database.reading() as connection:
        told = connection.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
    assert int(told["tcp_user_timeout"]) <= NOTICED_WITHIN_S * 1000, "data on its way"
    silence = int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(told["keepalives_count"])
    assert silence <= NOTICED_WITHIN_S, "an answer awaited"
