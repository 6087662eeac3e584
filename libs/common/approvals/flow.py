"""A flow: which documents wait for whom. Data with a revision; what runs keeps the one that it began with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from libs.common.approvals.conditions import MOST, Case, Facts, any_holds, clause_data, clause_from
from libs.common.approvals.faults import FlowInvalid

Needs = Literal["any", "all", "number"]
HIGHEST_LEVEL = 10
"""How far above somebody a superior is asked at most."""
LONGEST_HOURS = 24 * 365
_SIZES = f"Give at least one and at most {MOST}, or make two flows of it."


@dataclass(frozen=True)
class Approver:
    """Somebody who may decide on a step: a person, whoever has a role, or the superior of the one who asks.

    A superior is named by his level (``name`` is "1" for the direct one), and becomes a person, or the role that stands
    in for him, when the approval is asked for; ``level`` then says why that one is asked. One that an escalation
    ``added`` stands in for each of the others.
    """

    kind: Literal["role", "user", "superior"]
    name: str
    added: bool = False
    level: int | None = None

    @property
    def shown_level(self) -> int | None:
        """Of which level the superior is whom the flow names, or as whom that one is asked."""
        return int(self.name) if self.kind == "superior" else self.level


@dataclass(frozen=True)
class Step:
    """A question to its approvers: any of them, all of them, or a ``number`` of different people answers it.

    Steps of one ``stage`` are asked at the same time, those of the next when all of it are approved. After
    ``escalate_after`` without an answer the role ``escalate_to`` is asked too. The role ``otherwise`` is asked in place
    of a superior whom the one who asks does not have.
    """

    name: str
    stage: int
    approvers: tuple[Approver, ...]
    needs: Needs = "any"
    number: int = 1
    escalate_after: timedelta | None = None
    escalate_to: str | None = None
    otherwise: str | None = None

    @property
    def named(self) -> tuple[Approver, ...]:
        """Those whom the flow itself names."""
        return tuple(approver for approver in self.approvers if not approver.added)

    @property
    def people(self) -> int:
        """How many different people must say yes."""
        return {"any": 1, "all": len(self.named), "number": self.number}[self.needs]


@dataclass(frozen=True)
class Flow:
    """Who must approve which documents of the kind ``document``; one that is not ``active`` asks nobody any more."""

    id: str
    document: str
    name: str
    revision: int
    cases: tuple[Case, ...]
    steps: tuple[Step, ...]
    active: bool = True
    created_by: str = ""

    def applies(self, facts: Facts) -> bool:
        """Tell whether a document that says ``facts`` needs this."""
        return self.active and any_holds(self.cases, facts)


def check_flow(cases: Sequence[Case], steps: Sequence[Step], roles: Iterable[str]) -> None:
    """Refuse a flow that could not be carried out, naming the field; clauses are checked as they are read."""
    known = frozenset(roles)
    _check_length(len(cases), "cases")
    for index, case in enumerate(cases):
        if len(case.clauses) > MOST:
            raise FlowInvalid(
                f"a case has at most {MOST} clauses", field=f"cases.{index}.clauses", cure=_SIZES
            )
    _check_length(len(steps), "steps")
    _check_stages(steps)
    for index, step in enumerate(steps):
        _check_step(f"steps.{index}", step, known)


def _check_length(length: int, field: str) -> None:
    if not 1 <= length <= MOST:
        raise FlowInvalid(f"a flow has 1 to {MOST} {field}", field=field, cure=_SIZES)


def _check_stages(steps: Sequence[Step]) -> None:
    stages = {step.stage for step in steps}
    for index, step in enumerate(steps):
        if step.stage < 1 or (step.stage > 1 and step.stage - 1 not in stages):
            raise FlowInvalid(
                f"there is no stage {step.stage - 1} before stage {step.stage}",
                field=f"steps.{index}.stage",
                cure="Number the stages 1, 2, 3 without a gap.",
            )


def _check_step(where: str, step: Step, known: frozenset[str]) -> None:
    _check_approvers(where, step.approvers, known)
    only_people = all(approver.kind != "role" for approver in step.approvers)
    most = len(step.approvers) if only_people else MOST
    if step.needs == "number" and not 1 <= step.number <= most:
        raise FlowInvalid(
            f"{step.number} people are needed, {most} can be",
            field=f"{where}.number",
            cure=f"Give 1 to {most}.",
        )
    if (step.escalate_after is None) != (step.escalate_to is None):
        raise FlowInvalid(
            "an escalation has a time and a role",
            field=f"{where}.escalate_to",
            cure="Give both escalate_after_hours and escalate_to, or neither.",
        )
    _check_escalation(where, step, known)
    _check_otherwise(f"{where}.otherwise", step, known)


def _check_approvers(where: str, approvers: Sequence[Approver], known: frozenset[str]) -> None:
    if not 1 <= len(approvers) <= MOST:
        raise FlowInvalid(f"a step has 1 to {MOST} approvers", field=f"{where}.approvers", cure=_SIZES)
    seen: set[Approver] = set()
    for index, approver in enumerate(approvers):
        if approver.kind == "role":
            _check_role(approver.name, f"{where}.approvers.{index}.name", known)
        if approver.kind == "superior":
            _check_level(approver, f"{where}.approvers.{index}.level")
        if approver in seen:
            raise FlowInvalid(
                f"{approver.name} is named twice",
                field=f"{where}.approvers.{index}.name",
                cure="Name each once.",
            )
        seen.add(approver)


def _check_escalation(where: str, step: Step, known: frozenset[str]) -> None:
    if step.escalate_to is None or step.escalate_after is None:
        return
    _check_role(step.escalate_to, f"{where}.escalate_to", known)
    if Approver("role", step.escalate_to) in step.approvers:
        raise FlowInvalid(
            f"{step.escalate_to} is asked from the beginning",
            field=f"{where}.escalate_to",
            cure="Name another role, or leave the escalation out.",
        )
    if not timedelta(0) < step.escalate_after <= timedelta(hours=LONGEST_HOURS):
        raise FlowInvalid(
            "that is no time to wait",
            field=f"{where}.escalate_after_hours",
            cure=f"Give 1 to {LONGEST_HOURS} hours.",
        )


def _check_level(approver: Approver, field: str) -> None:
    if approver.name not in {str(level) for level in range(1, HIGHEST_LEVEL + 1)}:
        raise FlowInvalid(
            f"there is no superior of level {approver.name}",
            field=field,
            cure=f"Give 1 for the direct superior, at most {HIGHEST_LEVEL}.",
        )


def _check_otherwise(field: str, step: Step, known: frozenset[str]) -> None:
    asks_superior = any(approver.kind == "superior" for approver in step.approvers)
    if not asks_superior:
        if step.otherwise is not None:
            raise FlowInvalid(
                "no superior is asked whom a role could stand in for",
                field=field,
                cure="Leave otherwise out, or name a superior among the approvers.",
            )
        return
    if step.otherwise is None:
        raise FlowInvalid(
            "who has no superior would wait for ever", field=field, cure="Name the role that is asked then."
        )
    _check_role(step.otherwise, field, known)
    if step.otherwise == step.escalate_to:
        raise FlowInvalid(
            f"{step.otherwise} may be asked from the beginning",
            field=field,
            cure="Name another role, or another one for the escalation.",
        )


def _check_role(name: str, field: str, known: frozenset[str]) -> None:
    if name not in known:
        raise FlowInvalid(f"there is no role {name}", field=field, cure=f"Choose one of: {sorted(known)}.")


def to_data(cases: Sequence[Case], steps: Sequence[Step]) -> dict[str, Any]:
    """Return what a flow says as plain data, to be stored with its revision."""
    return {
        "cases": [[clause_data(clause) for clause in case.clauses] for case in cases],
        "steps": [step_data(step) for step in steps],
    }


def step_data(step: Step) -> dict[str, Any]:
    """Return a step as plain data."""
    after = step.escalate_after
    return {
        "name": step.name,
        "stage": step.stage,
        "approvers": [{"kind": approver.kind, "name": approver.name} for approver in step.named],
        "needs": step.needs,
        "number": step.number,
        "escalate_after_hours": None if after is None else int(after.total_seconds()) // 3600,
        "escalate_to": step.escalate_to,
        "otherwise": step.otherwise,
    }


def step_from(data: Mapping[str, Any]) -> Step:
    """Read a stored step."""
    hours = data["escalate_after_hours"]
    return Step(
        name=data["name"],
        stage=data["stage"],
        approvers=tuple(Approver(each["kind"], each["name"]) for each in data["approvers"]),
        needs=data["needs"],
        number=data["number"],
        escalate_after=None if hours is None else timedelta(hours=hours),
        escalate_to=data["escalate_to"],
        otherwise=data.get("otherwise"),
    )


def from_data(data: Mapping[str, Any]) -> tuple[tuple[Case, ...], tuple[Step, ...]]:
    """Read the stored cases and steps of a flow."""
    cases = tuple(Case(tuple(clause_from(clause) for clause in case)) for case in data["cases"])
    return cases, tuple(step_from(step) for step in data["steps"])
