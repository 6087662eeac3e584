"""What is the same for all customers that are looked at at one time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.crm.domain.buying_model import Model
from services.crm.domain.fortune import Fared
from services.crm.domain.idea import Kind, Shelf


@dataclass(frozen=True)
class Ground:
    """What was learnt, what is sold, how each kind fared, and the company's day."""

    model: Model
    shelf: Shelf
    fared: Mapping[Kind, Fared]
    today: date
    zone: ZoneInfo
