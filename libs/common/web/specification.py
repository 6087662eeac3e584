"""The OpenAPI document of an application: what its nouns declare, gathered when somebody first asks for it.

To describe some sixty routes takes longer than to make the rest of an application, and most of the processes that
make one are never asked: those that work off a queue, that run a test, or that were started again after a fault.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import flask_smorest  # type: ignore[import-untyped]
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask

from libs.common.web.document import SECURITY, register_components
from libs.common.web.fields import ListOf
from libs.common.web.noun import Noun
from libs.common.web.schema import StrictField

API_VERSION = "1.0"
# Nouns are shared by all applications of a process, and what they declare is read once.
_describing = threading.Lock()


class Specification:
    """Describes the ``nouns`` of ``app``; called, it returns the document."""

    def __init__(self, app: Flask, nouns: Sequence[Noun], title: str) -> None:
        self._app = app
        self._nouns = nouns
        self._title = title
        self._spec: Any = None

    def __call__(self) -> dict[str, Any]:
        """Return the document."""
        with _describing:
            if self._spec is None:
                self._spec = self._described()
            document: dict[str, Any] = self._spec.to_dict()
            return document

    def _described(self) -> Any:
        plugin = MarshmallowPlugin()
        api = _Api(
            self._app,
            spec_kwargs={
                "title": self._title,
                "version": API_VERSION,
                "openapi_version": "3.1.0",
                "marshmallow_plugin": plugin,
                "info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
                "security": [{SECURITY: []}],
            },
        )
        assert plugin.converter is not None  # set by the line above
        plugin.converter.add_attribute_function(_describe_strict_field)  # type: ignore[no-untyped-call]
        register_components(api.spec)
        for noun in self._nouns:
            noun.register_views_in_doc(api, self._app, api.spec, name=noun.name, parameters=None)
            api.spec.tag({"name": noun.name, "description": noun.description})
        return api.spec


class _Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest without its error handler, which drops ``Allow`` and is not problem+json."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to ``problems``."""

    def _register_responses(self) -> None:
        """Leave responses to ``document``, so that the document holds only what routes use."""

    def _register_etag_headers(self) -> None:
        """Leave headers to ``document``."""

    def _register_pagination_header(self) -> None:
        """Leave paging to ``document``."""


def _describe_strict_field(
    _converter: Any, field: Any, *, ret: dict[str, Any], **_kwargs: Any
) -> dict[str, Any]:
    if isinstance(field, ListOf):
        if not ret.get("default"):
            ret.pop("default", None)  # "left out means none" need not be a list that may be sent
        return {"minItems": field.least, "maxItems": field.most}
    if not isinstance(field, StrictField):
        return {}
    found = field.openapi()
    if field.allow_none:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*kinds, "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found
