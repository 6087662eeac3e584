"""A valid request of every operation about what is said on tickets."""

from __future__ import annotations

from typing import Any

from tests.security.example import Example, Make, document
from tests.security.shelf import Shelf


def _open(shelf: Shelf) -> dict[str, str]:
    return {"ticket_id": shelf.fresh_ticket()["id"]}


def _resolved(shelf: Shelf) -> dict[str, str]:
    return {"ticket_id": shelf.fresh_ticket(resolved=True)["id"]}


def _on_a_ticket(body: Any) -> Make:
    return lambda shelf: Example(_open(shelf), dict(body))


def _linked(shelf: Shelf, *, resolved: bool = False) -> Any:
    return shelf.post("sid", f"/tickets/{shelf.fresh_ticket(resolved=resolved)['id']}/link", {"days": 30})


def _token(shelf: Shelf, *, resolved: bool = False) -> dict[str, str]:
    return {"token": _linked(shelf, resolved=resolved)["token"]}


def _split(shelf: Shelf) -> Example:
    ticket = _open(shelf)
    path = f"/tickets/{ticket['ticket_id']}/customer-messages"
    message = shelf.post("sid", path, {"text": "And another thing"})
    return Example(ticket, {"message_ids": [message["id"]], "subject": "Another thing", "kind": "billing"})


def _merge(shelf: Shelf) -> Example:
    return Example(_open(shelf), {"into_ticket_id": shelf.fresh_ticket()["id"]})


def _figures(_shelf: Shelf) -> Example:
    return Example(query={"since": "2020-01-01", "until": "2199-12-31", "queue": "finance", "by": "month"})


RATING = {"score": 5, "comment": "Quick\nand kind"}
_TICKET = document("ticket_id", lambda shelf: shelf.ticket)
TALK: dict[str, Make] = {
    "GET /api/v1/tickets/{ticket_id}/messages": _TICKET,
    "POST /api/v1/tickets/{ticket_id}/messages": _on_a_ticket(
        {"text": "Which\nvalve?", "wait_for_customer": True}
    ),
    "POST /api/v1/tickets/{ticket_id}/customer-messages": _on_a_ticket(
        {"text": "The blue\none", "author_name": "Ann"}
    ),
    "GET /api/v1/tickets/{ticket_id}/notes": _TICKET,
    "POST /api/v1/tickets/{ticket_id}/notes": _on_a_ticket({"text": "Third\ntime"}),
    "GET /api/v1/tickets/{ticket_id}/relations": _TICKET,
    "POST /api/v1/tickets/{ticket_id}/merge": _merge,
    "POST /api/v1/tickets/{ticket_id}/split": _split,
    "POST /api/v1/tickets/{ticket_id}/link": _on_a_ticket({"days": 30}),
    "GET /api/v1/tickets/{ticket_id}/link": lambda shelf: Example({"ticket_id": _linked(shelf)["ticket_id"]}),
    "DELETE /api/v1/tickets/{ticket_id}/link": lambda shelf: Example(
        {"ticket_id": _linked(shelf)["ticket_id"]}
    ),
    "GET /api/v1/tickets/{ticket_id}/satisfaction": lambda shelf: Example(_resolved(shelf)),
    "POST /api/v1/tickets/{ticket_id}/satisfaction": lambda shelf: Example(_resolved(shelf), dict(RATING)),
    "GET /api/v1/satisfaction": _figures,
    "GET /api/v1/public/tickets/{token}": lambda shelf: Example(_token(shelf)),
    "GET /api/v1/public/tickets/{token}/messages": lambda shelf: Example(_token(shelf)),
    "POST /api/v1/public/tickets/{token}/messages": lambda shelf: Example(
        _token(shelf), {"text": "The blue\none", "name": "Ann"}
    ),
    "POST /api/v1/public/tickets/{token}/satisfaction": lambda shelf: Example(
        _token(shelf, resolved=True), dict(RATING)
    ),
}
