"""What an answer to a hostile request must be, and what it must never be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from tests.security.operations import Operation, Spot
from tests.security.wire import Answer

SLOWEST_S = 5.0
PROBLEM = "application/problem+json"
MEMBERS = {"type", "title", "status", "detail", "code", "errors"}
FORBIDDEN = (
    "5xx",
    "no answer",
    "over 5 s",
    "rows changed after a refusal",
    "refusal without problem+json",
    "refusal that names no field or cure",
    "inside shown",
    "accepted against its own schema",
    "stored otherwise than sent",
    "undocumented status",
)
INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|sqlalchemy|sqlite3|psycopg|werkzeug|marshmallow|OperationalError|DataError"
    r"|SELECT .* FROM",
)
NAMED = {400, 413, 415, 422, 428}


@dataclass(frozen=True)
class Fault:
    """One forbidden outcome, and what it takes to see it again."""

    kind: str
    request: str
    told: str


def judge(operation: Operation, spot: Spot, payload_json: str, answer: Answer) -> list[tuple[str, str]]:
    """Return what is forbidden about ``answer``, as kind and explanation."""
    found = list(_manner(answer))
    if 400 <= answer.status < 500:
        found += _refusal(spot, answer)
    elif 200 <= answer.status < 300:
        found += _acceptance(operation, spot, payload_json, answer)
    elif answer.status == 304 or 0 <= answer.status < 100:
        pass
    elif answer.status < 500:
        found.append(("undocumented status", f"redirected: {answer.status}"))
    documented = operation.described["responses"]
    if answer.status and str(answer.status) not in documented and answer.status not in (405, 429):
        found.append(("undocumented status", str(answer.status)))
    return found


def _manner(answer: Answer) -> list[tuple[str, str]]:
    found = []
    if answer.status == 0:
        found.append(("no answer", "the connection was closed"))
    if answer.status >= 500:
        found.append(("5xx", f"{answer.status} {answer.body[:200]!r}"))
    if answer.seconds > SLOWEST_S:
        found.append(("over 5 s", f"{answer.seconds:.1f} s"))
    return found


def _refusal(spot: Spot, answer: Answer) -> list[tuple[str, str]]:
    problem = answer.json()
    if (
        not answer.content_type.startswith(PROBLEM)
        or not isinstance(problem, dict)
        or not problem.keys() >= MEMBERS
    ):
        return [
            ("refusal without problem+json", f"{answer.status} {answer.content_type} {answer.body[:200]!r}")
        ]
    found = []
    shown = INSIDE.search(_without_echo(problem))
    if shown:
        found.append(("inside shown", shown[0]))
    if answer.status in NAMED and not _names(spot, problem["errors"]):
        found.append(("refusal that names no field or cure", f"{answer.status} {problem['errors']}"[:400]))
    return found


def _without_echo(problem: dict[str, Any]) -> str:
    """Return what the server says of itself; a field's name may be the caller's own text."""
    return json.dumps([problem["title"], problem["detail"].partition(": ")[2], problem["code"]])


def _names(spot: Spot, errors: list[dict[str, Any]]) -> bool:
    """Tell whether the errors name the attacked field, or the whole that could not be read, each with a cure."""
    if not errors or not all(
        error.get("message") and error.get("cure") and error.get("field") for error in errors
    ):
        return False
    wholes = {"body", "query", "path"}
    first = str(spot.pointer[0]) if spot.pointer else "body"
    return any(error["field"] in wholes or _touches(error["field"], first, spot.name) for error in errors)


def _touches(named: str, first: str, full: str) -> bool:
    return named == first or named.startswith(f"{first}.") or full.endswith(named) or first == "body"


def _acceptance(operation: Operation, spot: Spot, payload_json: str, answer: Answer) -> list[tuple[str, str]]:
    if spot.where in ("header", "path") or spot.schema == {}:
        return []
    if not payload_json and spot.pointer and isinstance(spot.pointer[-1], int):
        return []  # nothing in the place of a list's only element is an empty list
    try:
        value = json.loads(payload_json)
    except (ValueError, RecursionError):
        return [("accepted against its own schema", "the body is no JSON")]
    if spot.where == "query":
        value = _of_query(spot, value)
    schema = {**spot.schema, "components": operation.document["components"]}
    wrong = next(Draft202012Validator(schema).iter_errors(value), None)
    if wrong is not None:
        return [("accepted against its own schema", wrong.message[:200])]
    return _kept(operation, spot, value, answer) if operation.writes and spot.where == "body" else []


def _of_query(spot: Spot, value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value)
    kind = spot.schema.get("type")
    if kind == "integer" and re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    return text == "true" if kind == "boolean" and text in ("true", "false") else text


# Fields that are tidied on purpose: two spellings of one user, or of one transfer, must not be two.
_TIDIED: dict[tuple[str, str], Callable[[str], str]] = {
    ("POST /api/v1/users", "username"): str.lower,
    ("POST /api/v1/payments", "reference"): lambda text: " ".join(text.split()),
    ("POST /api/v1/supplier-invoices", "reference"): lambda text: " ".join(text.split()),
    ("POST /api/v1/supplier-payments", "reference"): lambda text: " ".join(text.split()),
}
# What these answer with bears the names of what they take, and means something else: the whole payment's amount.
_ANSWERED_WITH_ANOTHER = frozenset({"POST /api/v1/payments/{payment_id}/allocations"})


def _kept(operation: Operation, spot: Spot, value: Any, answer: Answer) -> list[tuple[str, str]]:
    """Compare the field in the answer, where it shows one, with what was sent."""
    if operation.name in _ANSWERED_WITH_ANOTHER:
        return []
    shown: Any = answer.json()
    for part in spot.pointer:
        if isinstance(part, int):
            shown = shown[part] if isinstance(shown, list) and len(shown) > part else None
        else:
            shown = shown.get(part) if isinstance(shown, dict) else None
        if shown is None:
            return []
    tidy = _TIDIED.get((operation.name, spot.name), str)
    if isinstance(value, str) and isinstance(shown, str) and not _same(tidy(value), shown):
        return [("stored otherwise than sent", f"{value[:60]!a} became {shown[:60]!a}")]
    return []


def _same(sent: str, shown: str) -> bool:
    """Text must come back as it was; a decimal may come back with more or fewer zeros behind its point."""
    if sent == shown:
        return True
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", sent) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", shown):
        from decimal import Decimal

        return Decimal(sent) == Decimal(shown)
    return False
