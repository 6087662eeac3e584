"""A valid request of every operation about what is said on tickets."""

from __future__ import annotations

import base64
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


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 20).decode()
FILES = [{"name": "leak.png", "content": PNG}]
TEXTS = {
    "en": {"title": "Replacing the seal", "body": "Turn it off.\nOpen the lid."},
    "zh": {"title": "更换密封圈", "body": "关闭电源。\n打开盖子。"},
}


def _mail(shelf: Shelf) -> str:
    """Return a mail of somebody whom nobody knows, as a server would hand it over."""
    sender = f"{shelf.named('ann').lower()}@new.example"
    head = f"From: Ann <{sender}>\r\nMessage-ID: <{shelf.named('mail')}@new.example>\r\n"
    return base64.b64encode(f"{head}Subject: A leak\r\n\r\nIt leaks".encode()).decode()


def _waiting(shelf: Shelf) -> dict[str, str]:
    return {"mail_id": shelf.post("sid", "/mails", {"content": _mail(shelf)})["id"]}


def _assigned(shelf: Shelf) -> Example:
    ticket = shelf.fresh_ticket()
    return Example(_waiting(shelf), {"customer_id": ticket["customer_id"], "ticket_id": ticket["id"]})


def _article(shelf: Shelf, *, published: bool = True) -> dict[str, str]:
    made = shelf.post("sid", "/articles", dict(TEXTS))
    if published:
        shelf.post("sid", f"/articles/{made['id']}/publish", {})
    return {"article_id": made["id"]}


def _solved(shelf: Shelf) -> Example:
    return Example(_open(shelf), _article(shelf))


def _with_file(shelf: Shelf) -> tuple[str, str]:
    """Return a ticket and a file that stands on it."""
    ticket_id = shelf.fresh_ticket()["id"]
    body = {"text": "See here", "attachments": FILES}
    made = shelf.post("sid", f"/tickets/{ticket_id}/messages", body)
    return ticket_id, made["attachments"][0]["id"]


def _file(shelf: Shelf) -> Example:
    ticket_id, attachment_id = _with_file(shelf)
    return Example({"ticket_id": ticket_id, "attachment_id": attachment_id})


def _public_file(shelf: Shelf) -> Example:
    ticket_id, attachment_id = _with_file(shelf)
    token = shelf.post("sid", f"/tickets/{ticket_id}/link", {"days": 30})["token"]
    return Example({"token": token, "attachment_id": attachment_id})


RATING = {"score": 5, "comment": "Quick\nand kind"}
_TICKET = document("ticket_id", lambda shelf: shelf.ticket)
TALK: dict[str, Make] = {
    "GET /api/v1/tickets/{ticket_id}/messages": _TICKET,
    "POST /api/v1/tickets/{ticket_id}/messages": _on_a_ticket(
        {"text": "Which\nvalve?", "wait_for_customer": True, "attachments": FILES}
    ),
    "POST /api/v1/tickets/{ticket_id}/customer-messages": _on_a_ticket(
        {"text": "The blue\none", "author_name": "Ann", "attachments": FILES}
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
        _token(shelf), {"text": "The blue\none", "name": "Ann", "attachments": FILES}
    ),
    "POST /api/v1/public/tickets/{token}/satisfaction": lambda shelf: Example(
        _token(shelf, resolved=True), dict(RATING)
    ),
    "GET /api/v1/tickets/{ticket_id}/attachments/{attachment_id}": _file,
    "GET /api/v1/public/tickets/{token}/attachments/{attachment_id}": _public_file,
    "GET /api/v1/mails": lambda shelf: Example(query={"state": "triage"}),
    "POST /api/v1/mails": lambda shelf: Example(body={"content": _mail(shelf)}),
    "GET /api/v1/mails/{mail_id}": lambda shelf: Example(_waiting(shelf)),
    "POST /api/v1/mails/{mail_id}/assign": _assigned,
    "POST /api/v1/mails/{mail_id}/discard": lambda shelf: Example(_waiting(shelf)),
    "GET /api/v1/articles": lambda shelf: Example(query={"state": "published"}),
    "POST /api/v1/articles": lambda shelf: Example(body=dict(TEXTS)),
    "GET /api/v1/articles/search": lambda shelf: Example(query={"q": "seal"}),
    "GET /api/v1/articles/{article_id}": lambda shelf: Example(_article(shelf), query={"no": "1"}),
    "PUT /api/v1/articles/{article_id}": lambda shelf: Example(_article(shelf), dict(TEXTS)),
    "POST /api/v1/articles/{article_id}/publish": lambda shelf: Example(_article(shelf, published=False)),
    "POST /api/v1/articles/{article_id}/retire": lambda shelf: Example(_article(shelf)),
    "GET /api/v1/tickets/{ticket_id}/suggested-articles": _TICKET,
    "POST /api/v1/tickets/{ticket_id}/solved-by": _solved,
}
