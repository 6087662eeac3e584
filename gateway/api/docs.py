"""The API's page for people, served from the installed package: nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import flask_swagger_ui
from flask import Flask, Response
from werkzeug.exceptions import NotFound

from libs.common.web.serving import to_json

_ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"
_SERVED = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "index.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui-standalone-preset.js": "text/javascript; charset=utf-8",
    "favicon-16x16.png": "image/png",
    "favicon-32x32.png": "image/png",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Meridian API</title>
  <link rel="stylesheet" href="/docs/index.css">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
  <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" sizes="32x32">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/swagger-ui-standalone-preset.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
"""
_START = """window.onload = function () {
  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    persistAuthorization: false,
    validatorUrl: null,
    tagsSorter: "alpha",
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout"
  });
};
"""


def serve_docs(app: Flask, document: Callable[[], dict[str, object]]) -> None:
    """Serve ``document``, made at the first request for it, at ``/openapi.json`` and its page at ``/docs``.

    Neither asks for a token.
    """
    text = cache(lambda: to_json(document()))
    # The common edge shows a service's document to holders of a token; the gateway's is public, as its page is.
    app.view_functions["openapi"] = lambda: Response(text(), content_type="application/json")
    app.add_url_rule("/docs", "docs", lambda: _page(_PAGE, "text/html"))
    app.add_url_rule("/docs/start.js", "docs_start", lambda: _page(_START, "text/javascript"))
    app.add_url_rule("/docs/<name>", "docs_asset", _asset)


def _page(text: str, kind: str) -> Response:
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _asset(name: str) -> Response:
    if name not in _SERVED:
        raise NotFound
    response = Response((_ASSETS / name).read_bytes(), content_type=_SERVED[name])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
