"""Every hostile value, in one list; each goes into every field of every operation."""

from __future__ import annotations

from tests.security.corpus.dates import DATES
from tests.security.corpus.injections import INJECTIONS
from tests.security.corpus.numbers import NUMBERS
from tests.security.corpus.payload import Payload
from tests.security.corpus.shapes import SHAPES
from tests.security.corpus.texts import TEXTS

VALUES: tuple[Payload, ...] = tuple(
    {payload.json: payload for payload in (*NUMBERS, *TEXTS, *DATES, *SHAPES, *INJECTIONS)}.values()
)

__all__ = ["VALUES", "Payload"]
