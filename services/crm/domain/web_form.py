"""Web forms: how strangers become leads without a login."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.crm.domain.lead_errors import FormNotFound, NobodyToReach

BY_VISITOR = "visitor"
"""Who registered a lead that came by a form; from where is in its arrival."""


@dataclass(frozen=True)
class WebForm:
    """A form on a page; its token is no secret, it only says which form it is.

    ``per_hour`` is how many may come from one address in an hour. Without ``owner_id`` the territories decide.
    """

    id: str
    token: str
    name: str
    source: str
    active: bool
    per_hour: int
    created_by: str
    created_at: datetime
    campaign_id: str | None = None
    owner_id: str | None = None
    version: int = 1

    @property
    def path(self) -> str:
        """The address below the gateway's, to which the page sends."""
        return f"/api/v1/public/web-forms/{self.token}/leads"


@dataclass(frozen=True)
class Visit:
    """From where a form was sent, as the gateway saw it."""

    address: str
    user_agent: str


def require_active(form: WebForm | None) -> WebForm:
    """Return the form that a token stands for, if it takes leads."""
    if form is None or not form.active:
        raise FormNotFound("there is no such form")
    return form


def require_reachable(email: str | None, phone: str | None) -> None:
    """Refuse a stranger who cannot be answered."""
    if email is None and phone is None:
        raise NobodyToReach("there is nobody to answer to", field="email")
