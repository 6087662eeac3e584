"""The tables as the code maps them are the tables that the migrations make."""

from __future__ import annotations

from sqlalchemy import inspect

from gateway.store.tables import metadata
from gateway.tests.conftest import MIGRATIONS
from libs.common.testing.plugin import MakeDatabase


def test_tables_and_migrations_agree(make_database: MakeDatabase) -> None:
    found = inspect(make_database("gateway", MIGRATIONS).engine)
    for table in metadata.tables.values():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}
