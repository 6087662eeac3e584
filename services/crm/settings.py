"""The only reader of the environment in crm."""

from __future__ import annotations

from libs.common.settings import ServiceSettings

SERVICE = "crm"


def read_settings() -> ServiceSettings:
    """Return what the environment says about where crm runs."""
    return ServiceSettings.from_environment(service=SERVICE)
