"""The web console: files that were built before, served as they are, and one page for every address of its own."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_NOT_BUILT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Meridian</title></head>
<body>
  <h1>The console is not built</h1>
  <p>Run <code>make console</code> and start again. The API works without it: <a href="/docs">/docs</a>.</p>
  <p lang="zh-CN">控制台尚未构建。请运行 <code>make console</code> 后重新启动；API 照常可用。</p>
</body>
</html>
"""
_YEAR = "public, max-age=31536000, immutable"
"""Of files whose name changes with what is in them, so they never have to be asked for again."""

_HOUR = "public, max-age=3600"
mimetypes.add_type("application/manifest+json", ".webmanifest")
AREAS = (
    "login",
    "customers",
    "leads",
    "opportunities",
    "quotations",
    "orders",
    "items",
    "returns",
    "approvals",
    "warehouse",
    "finance",
    "service",
    "figures",
    "admin",
)
"""The first part of every address of the console; whatever is not one of them is the API's."""


def serve_console(app: Flask, folder: Path) -> None:
    """Serve what was built into ``folder``: its page at ``/`` and below the addresses of its areas.

    An address of the API that is not there stays a problem document; it never becomes the console's page.
    """
    app.add_url_rule("/", "home", lambda: _page(folder))
    for area in AREAS:
        app.add_url_rule(f"/{area}", f"console_{area}", lambda: _page(folder))
        app.add_url_rule(f"/{area}/<path:_rest>", f"console_{area}_below", lambda _rest: _page(folder))
    app.add_url_rule(
        "/assets/<path:name>", "console_asset", lambda name: _below(folder / "assets", name, _YEAR)
    )
    app.add_url_rule(
        "/icons/<path:name>", "console_icons", lambda name: _below(folder / "icons", name, _HOUR)
    )
    for name in ("icon.svg", "manifest.webmanifest"):
        app.add_url_rule(f"/{name}", f"console_{name}", lambda name=name: _file(folder / name, _HOUR))
    app.add_url_rule("/worker.js", "console_worker", lambda: _worker(folder))


def _page(folder: Path) -> Response:
    index = folder / "index.html"
    text = index.read_text(encoding="utf-8") if index.is_file() else _NOT_BUILT
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-cache"
    # The warehouse reads codes with the camera; nothing else of the device is anybody's business.
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return response


def _worker(folder: Path) -> Response:
    """Serve the service worker, which keeps the console offline; the policy it comes with is its own."""
    response = _file(folder / "worker.js", "no-cache")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
    )
    return response


def _below(folder: Path, name: str, caching: str) -> Response:
    """Serve a file of a folder, and none outside it."""
    path = safe_join(str(folder), name)
    if path is None:
        raise NotFound
    return _file(Path(path), caching)


def _file(path: Path, caching: str) -> Response:
    """Serve a file, packed where the build packed it and the browser can unpack it."""
    if not path.is_file():
        raise NotFound
    packed = path.with_name(f"{path.name}.gz")
    gzip = packed.is_file() and request.accept_encodings.quality("gzip") > 0
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = Response((packed if gzip else path).read_bytes(), content_type=kind)
    response.headers["Cache-Control"] = caching
    response.headers["Vary"] = "Accept-Encoding"
    if gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response
