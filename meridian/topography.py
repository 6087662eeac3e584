"""Which services there are and where their migrations lie; the one list that the whole system is built from."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("crm", "sales", "inventory", "finance", "service_desk")
GATEWAY = "gateway"
STORES = (*SERVICES, GATEWAY)


def migrations_of(store: str) -> Path:
    """Return the folder of the migrations of a service or of the gateway."""
    folder = ROOT / "gateway" if store == GATEWAY else ROOT / "services" / store
    return folder / "migrations"
