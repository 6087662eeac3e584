"""The console as files: the page at every address of its own, assets for ever, and a plain word when there is none."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from gateway.tests.conftest import MIGRATIONS, House, build
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<div id="app"></div>', encoding="utf-8")
    (tmp_path / "assets" / "main-1a2b.js").write_text("run()", encoding="utf-8")
    (tmp_path / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(b"run()"))
    (tmp_path / "worker.js").write_text("keep()", encoding="utf-8")
    (tmp_path / "manifest.webmanifest").write_text("{}", encoding="utf-8")
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "icon-192.png").write_bytes(b"png")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return tmp_path


@pytest.fixture
def built(sqlite_databases: TestDatabases, clock: ManualClock, folder: Path) -> House:
    return build(sqlite_databases.make("gateway", MIGRATIONS, clock=clock), clock, console_folder=folder)


@pytest.fixture
def not_built(sqlite_databases: TestDatabases, clock: ManualClock, tmp_path: Path) -> House:
    absent = tmp_path / "absent"
    return build(sqlite_databases.make("gateway", MIGRATIONS, clock=clock), clock, console_folder=absent)


@pytest.mark.parametrize("path", ["/", "/login", "/customers", "/orders/1b2c", "/finance/invoices?x=1"])
def test_every_address_of_the_console_is_its_page(built: House, path: str) -> None:
    answer = built.app.test_client().get(path)

    assert answer.status_code == 200
    assert 'id="app"' in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_page_runs_nothing_but_its_own_files(built: House) -> None:
    policy = built.app.test_client().get("/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe-eval" not in policy
    assert "camera=(self)" in built.app.test_client().get("/").headers["Permissions-Policy"]
    assert "http" not in policy


def test_an_asset_is_kept_for_ever_and_packed_for_who_can_unpack_it(built: House) -> None:
    client = built.app.test_client()
    plain = client.get("/assets/main-1a2b.js")
    packed = client.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"})

    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.data == b"run()"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "javascript" in packed.content_type


def test_the_worker_is_asked_for_anew_and_may_reach_nothing_but_us(built: House) -> None:
    worker = built.app.test_client().get("/worker.js")

    assert worker.headers["Cache-Control"] == "no-cache"
    assert "javascript" in worker.content_type
    assert worker.headers["Content-Security-Policy"].startswith("default-src 'none'; connect-src 'self';")


def test_the_console_can_be_installed(built: House) -> None:
    client = built.app.test_client()

    assert client.get("/manifest.webmanifest").content_type.startswith("application/manifest+json")
    assert client.get("/icons/icon-192.png").content_type == "image/png"
    assert client.get("/icons/../secret.txt").status_code == 404


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/../secret.txt", "/assets/%2e%2e/secret.txt", "/assets/"]
)
def test_what_was_not_built_is_not_there(built: House, path: str) -> None:
    answer = built.app.test_client().get(path)

    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/nothing", "/openapi.jso"])
def test_an_address_of_nobody_never_becomes_the_page(built: House, path: str) -> None:
    answer = built.app.test_client().get(path)

    assert answer.status_code in (401, 404)
    assert answer.content_type == "application/problem+json"


def test_without_a_build_the_page_says_so_and_the_api_answers(not_built: House) -> None:
    answer = not_built.app.test_client().get("/")

    assert answer.status_code == 200
    assert "make console" in answer.text
    assert "控制台" in answer.text
    assert not_built.client("admin").get("/api/v1/auth/me").status_code == 200
