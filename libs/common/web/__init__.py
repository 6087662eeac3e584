"""The web edge: routes by declaration, strict reading, exact fields, problems, tokens, OpenAPI. See README.md."""

from libs.common.web import fields
from libs.common.web.app import create_service_app, document_of, drain, leaving_of
from libs.common.web.files import File
from libs.common.web.intake import Intake
from libs.common.web.noun import Noun
from libs.common.web.paging import Page, PageRequest
from libs.common.web.principal import ANY, PUBLIC, VISITORS, Principal, principal
from libs.common.web.root import start_web_process
from libs.common.web.schema import Strict
from libs.common.web.tokens import SigningKeys, TokenKeys
from libs.common.web.versions import expected_version
from libs.common.web.waiting import wait_for

__all__ = [
    "ANY",
    "PUBLIC",
    "VISITORS",
    "File",
    "Intake",
    "Noun",
    "Page",
    "PageRequest",
    "Principal",
    "SigningKeys",
    "Strict",
    "TokenKeys",
    "create_service_app",
    "document_of",
    "drain",
    "expected_version",
    "fields",
    "leaving_of",
    "principal",
    "start_web_process",
    "wait_for",
]
