"""Tickets of the service desk."""

from __future__ import annotations

import base64
from functools import cached_property
from typing import Any

from tests.security.shelf.ground import Ground


class Tickets(Ground):
    """What customers ask of the service desk."""

    @cached_property
    def ticket(self) -> Any:
        return self.fresh_ticket()

    def fresh_ticket(self, *, resolved: bool = False) -> Any:
        body = {"customer_id": self.customer["id"], "kind": "technical", "subject": "It drips"}
        made = self.post("sid", "/tickets", body)
        if resolved:
            return self.post("sid", f"/tickets/{made['id']}/resolve", {"resolution": "Tightened"})
        return made

    def speak(self) -> None:
        """Say something on the shelf's ticket, in every room where something is said; and ask what it was worth."""
        path = f"/tickets/{self.ticket['id']}"
        picture = {"name": "leak.png", "content": "iVBORw0KGgoAAAAA"}
        self.post("sid", f"{path}/messages", {"text": "Which valve?", "attachments": [picture]})
        self.post("sid", f"{path}/notes", {"text": "The third time"})
        said = self.post("sid", f"{path}/customer-messages", {"text": "And another thing"})
        self.post("sid", f"{path}/split", {"message_ids": [said["id"]], "subject": "Another thing"})
        text = {"title": "A valve that drips", "body": "Change the seal."}
        article = self.post("sid", "/articles", {"en": text, "zh": text})
        self.post("sid", f"/articles/{article['id']}/publish", {})
        raw = f"From: ann@new.example\r\nMessage-ID: <{self.named('mail')}@x>\r\n\r\nIt drips".encode()
        self.post("sid", "/mails", {"content": base64.b64encode(raw).decode()})
        self.fresh_ticket(resolved=True)
