"""The only reader of the environment in the service desk."""

from __future__ import annotations

from pathlib import Path

from environs import Env

from libs.common.settings import ServiceSettings

SERVICE = "service_desk"


def read_settings() -> ServiceSettings:
    """Return what the environment says about where the service desk runs."""
    return ServiceSettings.from_environment(service=SERVICE)


def read_attachments_folder() -> Path | None:
    """Return the folder in which ``MERIDIAN_SERVICE_DESK_ATTACHMENTS`` says that files lie; unset: the database."""
    named = Env().str("MERIDIAN_SERVICE_DESK_ATTACHMENTS", None)
    return Path(named) if named else None
