"""Column types that read back exactly what was written, on PostgreSQL and on SQLite alike.

SQLite keeps NUMERIC as a float and has no UUID or time zone, so numbers are whole, ids are text there, and
times are stored in UTC without a zone and given one when read.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CHAR, JSON, BigInteger, DateTime, Dialect, Integer, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, UUID
from sqlalchemy.types import TypeEngine

from libs.common.quantity import Quantity

BigKey = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Currency = CHAR(3)


class Id(TypeDecorator[str]):
    """A UUID as canonical text in Python; native on PostgreSQL, text on SQLite."""

    impl = String(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the engine's own UUID type where it has one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(UUID(as_uuid=False))
        return dialect.type_descriptor(String(36))


class Utc(TypeDecorator[datetime]):
    """An aware time, kept in UTC; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep the zone where the engine knows one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone and write the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a time without a zone may not be stored")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every time that is read its zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Milli(TypeDecorator[Quantity]):
    """A ``Quantity`` as a whole number of thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Quantity | int | None, dialect: Dialect) -> int | None:
        """Write the thousandths; a plain number is taken as thousandths already."""
        return value.milli if isinstance(value, Quantity) else value

    def process_result_value(self, value: int | None, dialect: Dialect) -> Quantity | None:
        """Read thousandths back as a quantity."""
        return None if value is None else Quantity(int(value))
