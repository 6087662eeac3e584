"""The only reader of the environment in the service desk."""

from __future__ import annotations

from libs.common.settings import ServiceSettings

SERVICE = "service_desk"


def read_settings() -> ServiceSettings:
    """Return what the environment says about where the service desk runs."""
    return ServiceSettings.from_environment(service=SERVICE)
