"""One answer of crm holds several sections: each part of it, as if it had been asked for by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.clients.looking import Told

_NOT_SHOWN = {"code": "forbidden", "detail": "Your role does not allow this."}


def split(told: Told, names: Iterable[str]) -> dict[str, Told]:
    """Return what was said of each part; a refusal of the whole is one of every part.

    A part that is null is what crm shows nobody of the caller's role.
    """
    if told.status != 200:
        return dict.fromkeys(names, told)
    return {name: _part(told, told.data[name]) for name in names}


def _part(told: Told, data: Any) -> Told:
    return Told(403, _NOT_SHOWN, told.at) if data is None else Told(200, data, told.at)
