"""A service that sends parcels: the smallest thing that has every kind of route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Connection, select

from libs.common.db import Database, Transaction, next_number
from libs.common.db.numbering import number_series
from libs.common.envelope import event
from libs.common.errors import Forbidden, Invalid, Later, NotFound, Refused, VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.web import (
    ANY,
    PUBLIC,
    Noun,
    Page,
    PageRequest,
    SigningKeys,
    Strict,
    create_service_app,
    expected_version,
    fields,
    principal,
)

PARCEL = "00000000-0000-7000-8000-000000000001"


@event("sample.parcel.sent.v1", key="parcel_id")
@dataclass(frozen=True)
class ParcelSent:
    parcel_id: str
    weight: str


class OverWeight(Refused):
    code = "over_weight"


class LineIn(Strict):
    item_id = fields.IdField(required=True)
    quantity = fields.QuantityField(required=True)


class ParcelIn(Strict):
    weight = fields.QuantityField(required=True)
    value = fields.MoneyField()
    note = fields.Text(max=100)
    lines = fields.ListOf(LineIn, most=50)


class ParcelOut(Strict):
    id = fields.IdField()
    number = fields.CountField()
    state = fields.Choice("packed", "sent")
    version = fields.CountField()


class ParcelFilter(Strict):
    state = fields.Choice("packed", "sent")
    fragile = fields.Flag()
    at_least = fields.CountField(most=1000)


class MeOut(Strict):
    subject = fields.Text(max=120)
    name = fields.Text(max=200)
    owner_only = fields.Flag()


def sent_so_far(connection: Connection) -> int:
    statement = select(number_series.c.last).where(number_series.c.series == "parcels")
    return int(connection.execute(statement).scalar() or 0)


def sample_noun() -> Noun:  # noqa: C901 -- one route of each kind
    """A new noun with every kind of route."""
    parcels = Noun("parcels", "/api/v1/parcels", description="Parcels")

    @parcels.command(
        "POST",
        "/",
        body=ParcelIn,
        answer=ParcelOut,
        status=201,
        roles=("sales", "warehouse"),
        location="/api/v1/parcels/{id}",
        wait=lambda database, answer: database.read(sent_so_far) >= 2,
        reload=lambda connection, answer: {**answer, "state": "sent", "version": 2},
    )
    def send(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
        weight = body.pop("weight")
        if weight.milli > 30_000:
            next_number(tx, "parcels")
            raise OverWeight(
                "Too heavy.",
                field="weight",
                cure="Send two.",
                limit=Money.of("30", "USD"),
                weight=weight,
            )
        number = next_number(tx, "parcels")
        parcel_id = tx.new_id()
        publish(tx, ParcelSent(parcel_id, str(weight)), correlation_id="conversation")
        return {"id": parcel_id, "number": number, "state": "packed", "version": 1}

    @parcels.command("PATCH", "/<uuid:parcel_id>", answer=ParcelOut, roles=("sales",), if_match="required")
    def stamp(tx: Transaction, parcel_id: str) -> dict[str, Any]:
        if expected_version() != 3:
            raise VersionMismatch("Somebody else changed it.", cure="Read it again.", version=3)
        return {"id": parcel_id, "number": next_number(tx, "parcels"), "state": "sent", "version": 4}

    @parcels.command("DELETE", "/<uuid:parcel_id>", roles=("admin",))
    def drop(tx: Transaction, parcel_id: str) -> None:
        next_number(tx, "dropped")

    @parcels.command("POST", "/<uuid:parcel_id>/fail/<kind>", roles=ANY)
    def fail(tx: Transaction, parcel_id: str, kind: str) -> None:
        failures = {
            "invalid": Invalid("No.", field="weight", cure="Yes."),
            "not_found": NotFound("No."),
            "forbidden": Forbidden("No."),
            "later": Later("No."),
            "bug": RuntimeError("secret internals at /srv/app.py"),
            "currencies": None,
        }
        if kind == "currencies":
            Money.of("1", "USD") + Money.of("1", "EUR")
        error = failures[kind]
        assert error is not None
        raise error

    @parcels.query("/", answer=ParcelOut, roles=ANY, filters=ParcelFilter, paged=True)
    def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
        first = filters.get("at_least", 1)
        if page.after is not None:
            (last,) = page.after
            first = last + 1
        rows = [_row(number) for number in range(first, 8)][: page.limit + 1]
        return Page.of(rows, page, key=lambda row: (row["number"],))

    @parcels.query("/<uuid:parcel_id>", answer=ParcelOut, roles=ANY)
    def show(connection: Connection, parcel_id: str) -> dict[str, Any]:
        if parcel_id != PARCEL:
            raise NotFound("There is no such parcel.", parcel_id=parcel_id)
        return {"id": parcel_id, "number": sent_so_far(connection), "state": "packed", "version": 3}

    @parcels.query("/me", answer=MeOut, roles=ANY)
    def me(connection: Connection) -> object:
        return principal()

    @parcels.query("/open", answer=ParcelOut, roles=PUBLIC)
    def opened(connection: Connection) -> dict[str, Any]:
        return _row(1)

    return parcels


def _row(number: int) -> dict[str, Any]:
    return {"id": PARCEL, "number": number, "state": "packed", "version": 1}


def sample_app(database: Database, keys: SigningKeys) -> Flask:
    """The application of the sample service."""
    return create_service_app("sample", database, [sample_noun()], keys=keys.verifier(), title="Sample")
