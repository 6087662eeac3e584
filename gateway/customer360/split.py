"""One answer of crm holds several sections: each part of it, as if it had been asked for by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.clients import crm
from gateway.clients.looking import Told
from gateway.clients.services import ServiceUnavailable

_NOT_SHOWN = {"code": "forbidden", "detail": "Your role does not allow this."}
_UNREADABLE = ServiceUnavailable(crm.NAME, "service_unreadable", "Its answer cannot be read.")


def split(told: Told, names: Iterable[str]) -> dict[str, Told | ServiceUnavailable]:
    """Return what was said of each part; a refusal of the whole is one of every part.

    A part that is null is what crm shows nobody of the caller's role; one that is not there cannot be read.
    """
    if told.status != 200:
        return dict.fromkeys(names, told)
    parts = told.data if isinstance(told.data, dict) else {}
    return {name: _part(told, parts[name]) if name in parts else _UNREADABLE for name in names}


def _part(told: Told, data: Any) -> Told:
    return Told(403, _NOT_SHOWN, told.at) if data is None else Told(200, data, told.at)
