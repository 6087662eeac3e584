"""Which happenings open tickets by themselves, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, expected_version, fields, principal
from services.service_desk.domain.cause import SHORT, Intake
from services.service_desk.reports.intake import intake_now
from services.service_desk.use_cases.open_by_itself import define_intake

intake = Noun("ticket_intake", "/api/v1/ticket-intake", description="What opens tickets by itself")


class IntakeIn(Strict):
    """What opens tickets from now on."""

    late_delivery = fields.Flag(
        required=True, metadata={"description": "An order whose promised day passed."}
    )
    short_shipment = fields.Choice(
        *SHORT,
        required=True,
        metadata={"description": "missing: not where it was only left behind on purpose."},
    )
    bad_return = fields.Flag(required=True, metadata={"description": "A return of which something is scrap."})


class IntakeOut(IntakeIn):
    """What opens tickets; version 0 comes with the product."""

    version = fields.CountField()


@intake.query("/", answer=IntakeOut, roles=ANY, summary="Show what opens tickets by itself")
def show(connection: Connection) -> Intake:
    """Show what opens tickets by itself."""
    return intake_now(connection)


@intake.command(
    "PUT",
    "/",
    body=IntakeIn,
    answer=IntakeOut,
    roles=("sales_manager",),
    summary="Say what opens tickets by itself",
)
def put(tx: Transaction, body: dict[str, Any]) -> Intake:
    """Set what opens tickets from now on."""
    return define_intake(tx, Intake(**body), principal().subject, expected_version())
