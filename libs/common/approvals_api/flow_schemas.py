"""How flows are written and shown: their clauses, cases and steps, with the fields of the documents of a mount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from libs.common.approvals.conditions import COMPARISONS, GIVEN_AS, MOST
from libs.common.approvals.flow import HIGHEST_LEVEL, LONGEST_HOURS
from libs.common.approvals_api.mount import Mount
from libs.common.approvals_api.views import OTHERWISE, ApproverOut
from libs.common.web import Strict, fields

MOST_TRIED = 1000
USUALLY_TRIED = 100
OWN_OR_NOT = r"([a-z]+\.)?(fields\.)?[a-z][a-z0-9_]*"
_COMPARISONS = tuple(dict.fromkeys(name for names in COMPARISONS.values() for name in names))


class ApproverIn(Strict):
    """A person by his id, whoever has a role, or the superior of the one who asks (``level`` 1: the direct one)."""

    kind = fields.Choice("role", "user", "superior", required=True)
    name = fields.Text(max=64, metadata={"description": "The person or the role."})
    level = fields.CountField(
        least=1, most=HIGHEST_LEVEL, metadata={"description": "Of a superior; left out: 1."}
    )


class FlowStepIn(Strict):
    """A question: any, all or a number of different people answer it; equal stages are asked at the same time."""

    name = fields.Text(max=120, required=True)
    stage = fields.CountField(least=1, most=MOST, load_default=1)
    approvers = fields.ListOf(ApproverIn, most=MOST, required=True)
    needs = fields.Choice("any", "all", "number", load_default="any")
    number = fields.CountField(least=1, most=MOST, metadata={"description": "With needs=number: how many."})
    escalate_after_hours = fields.CountField(least=1, most=LONGEST_HOURS, allow_none=True)
    escalate_to = fields.Text(
        max=64, allow_none=True, metadata={"description": "The role that is asked too."}
    )
    otherwise = fields.Text(max=64, allow_none=True, metadata=OTHERWISE)


class FlowStepOut(Strict):
    """A question to its approvers."""

    name = fields.Text(max=120)
    stage = fields.CountField(least=1)
    approvers = fields.ListOf(ApproverOut)
    needs = fields.Choice("any", "all", "number")
    people_needed = fields.CountField(least=1, attribute="people")
    escalate_after_hours = fields.CountField(least=1, allow_none=True)
    escalate_to = fields.Text(max=64, allow_none=True)
    otherwise = fields.Text(max=64, allow_none=True, metadata=OTHERWISE)


@dataclass(frozen=True)
class FlowSchemas:
    """The schemas of a mount."""

    wanted: type[Strict]
    tried: type[Strict]
    shown: type[Strict]
    filters: type[Strict]


def _value_fields(mount: Mount, **options: Any) -> dict[str, Any]:
    """Return the fields in which values are given, of those kinds that documents of the mount have."""
    every: dict[str, Any] = {
        "amount": fields.MoneyField(**options),
        "percent": fields.PercentField(**options),
        "flag": fields.Flag(**options),
        "number": fields.NumberField(**options),
        "day": fields.DateField(**options),
    }
    used = set(every) if mount.has_own else {GIVEN_AS[kind] for kind in mount.fields.values()}
    return {name: field for name, field in every.items() if name in used}


def _fact(mount: Mount, **options: Any) -> fields.Field[Any]:
    """Return the field that names a fact; which of those there are that a company added is data."""
    if not mount.has_own:
        return fields.Choice(*mount.fields, **options)
    told = {"description": "One of approval-fields, such as total or fields.risk."}
    return fields.Text(max=64, pattern=OWN_OR_NOT, metadata=told, **options)


def _named(mount: Mount, **options: Any) -> dict[str, Any]:
    return {
        "field": _fact(mount, **options),
        "comparison": fields.Choice(*_COMPARISONS, **options),
    }


def _clauses(mount: Mount) -> tuple[type[Strict], type[Strict]]:
    given = (
        _named(mount, required=True)
        | _value_fields(mount)
        | {"texts": fields.ListOf(fields.Text(max=64), most=200)}
    )
    shown = _named(mount) | _value_fields(mount, allow_none=True)
    shown["texts"] = fields.ListOf(fields.Text(max=64), allow_none=True)
    return (
        _made("ClauseIn", Strict, "A comparison; of the values just the one that suits the field is given.", given),
        _made("ClauseOut", Strict, "A comparison; of the values just the one that suits the field is not null.", shown),
    )  # fmt: skip


def _made(name: str, base: type[Strict], says: str, more: dict[str, Any]) -> type[Strict]:
    return type(name, (base,), {"__doc__": says, "__module__": __name__, **more})


def _cases(mount: Mount) -> tuple[type[Strict], type[Strict]]:
    clause_in, clause_out = _clauses(mount)

    class CaseIn(Strict):
        """Comparisons that must all hold; without any it always does."""

        clauses = fields.ListOf(clause_in, least=0, most=MOST, required=True)

    class CaseOut(Strict):
        """Comparisons that must all hold."""

        clauses = fields.ListOf(clause_out, least=0)

    return CaseIn, CaseOut


def _of_document(mount: Mount, **options: Any) -> dict[str, Any]:
    return {"document": fields.Choice(*mount.documents, **options)} if mount.names_document else {}


def flow_schemas(mount: Mount) -> FlowSchemas:
    """Return how flows for the documents of a mount are written, tried, shown and looked for."""
    case_in, case_out = _cases(mount)

    class FlowOfKindIn(Strict):
        name = fields.Text(max=120, required=True)
        active = fields.Flag(load_default=True, metadata={"description": "False: it asks nobody any more."})
        cases = fields.ListOf(case_in, most=MOST, required=True)
        steps = fields.ListOf(FlowStepIn, most=MOST, required=True)

    class FlowOfKindOut(Strict):
        id = fields.IdField()
        name = fields.Text(max=120)
        revision = fields.CountField(least=1)
        active = fields.Flag()
        cases = fields.ListOf(case_out)
        steps = fields.ListOf(FlowStepOut)
        created_by = fields.Text(max=64)

    class FilterOfKind(Strict):
        name = fields.Text(max=120)
        superseded = fields.Flag(metadata={"description": "Show superseded revisions too."})

    wanted = _made(
        "FlowIn",
        FlowOfKindIn,
        "A new flow, or the next revision of the one of this name; it applies to a document in any of its cases.",
        _of_document(mount, required=True),
    )
    last = {"last": fields.CountField(least=1, most=MOST_TRIED, load_default=USUALLY_TRIED)}
    return FlowSchemas(
        wanted,
        _made("TrialIn", wanted, "A flow, and on how many of the last documents it is tried.", last),
        _made("FlowOut", FlowOfKindOut, "A revision of a flow.", _of_document(mount)),
        _made("FlowFilter", FilterOfKind, "What to look for.", _of_document(mount)),
    )
