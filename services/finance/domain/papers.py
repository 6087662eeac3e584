"""Who the company is on the papers that finance prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Letterhead:
    """The company's name, the lines of its address, and what stands at the foot of each page."""

    name: str
    lines: tuple[str, ...] = ()
    footer: str | None = None
