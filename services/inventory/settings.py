"""The only reader of the environment in inventory."""

from __future__ import annotations

from libs.common.settings import ServiceSettings

SERVICE = "inventory"


def read_settings() -> ServiceSettings:
    """Return what the environment says about where inventory runs."""
    return ServiceSettings.from_environment(service=SERVICE)
