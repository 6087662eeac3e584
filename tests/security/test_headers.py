"""Whatever is asked, the answer carries the headers that protect a browser, and shows nothing of the inside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.examples import EXAMPLES
from tests.security.matrix import Matrix
from tests.security.operations import Operation
from tests.security.served import Served
from tests.security.wire import Answer

PROTECTING = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
BROWSER_LOGIN = "POST /api/v1/auth/session "
COOKIE = "none; HttpOnly; SameSite=Strict"
"""What stands for a refused login, which sets no cookie."""

TELLING = ("werkzeug", "python", "flask", "gunicorn/", "waitress/")
STRANGER = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}


@pytest.fixture(scope="module")
def matrix(target: Served) -> Iterator[Matrix]:
    asking = Matrix(target.system)
    yield asking
    asking.wire.close()


def _assert_protected(what: str, answer: Answer) -> None:
    for name, value in PROTECTING.items():
        assert answer.headers.get(name) == value, f"{what}: {name} is {answer.headers.get(name)}"
    assert "default-src 'none'" in answer.headers["content-security-policy"], what
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], what
    assert "cache-control" in answer.headers, what
    assert not any(name.startswith("access-control-") for name in answer.headers), what
    if what.startswith(BROWSER_LOGIN):
        assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers.get("set-cookie", COOKIE).split("; ")), (
            what
        )
    else:
        assert "set-cookie" not in answer.headers, what
    assert not any(word in answer.headers.get("server", "").lower() for word in TELLING), what


def test_every_operation_answers_with_the_headers(matrix: Matrix, described: list[Operation]) -> None:
    for operation in described:
        example = EXAMPLES[operation.name](matrix.shelves["own"])
        for role in ("anonymous", "warehouse", "admin"):
            _assert_protected(f"{operation.name} as {role}", matrix.ask(operation, example, role))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/docs"),
        ("GET", "/docs/start.js"),
        ("GET", "/docs/none.js"),
        ("GET", "/openapi.json"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
        ("GET", "/metrics"),
        ("GET", "/nothing"),
        ("GET", "/api/v1/nothing"),
        ("GET", "/api/v1/events?correlation_id=x"),
        ("DELETE", "/api/v1/orders"),
        ("OPTIONS", "/api/v1/orders"),
        ("OPTIONS", "/api/v1/auth/login"),
        ("TRACE", "/api/v1/orders"),
        ("BREW", "/api/v1/orders"),
        ("GET", "/api/v1/orders/%00"),
        ("GET", "/docs/../../etc/passwd"),
        ("GET", "/docs/..%2f..%2fetc%2fpasswd"),
    ],
)
def test_every_address_answers_with_the_headers(matrix: Matrix, method: str, path: str) -> None:
    answer = matrix.wire.send(method, path, matrix.credentials("admin") | STRANGER)
    _assert_protected(f"{method} {path}", answer)
    assert answer.status < 500
    assert b"root:" not in answer.body
    assert b"Traceback" not in answer.body


def test_a_debugger_is_not_there(matrix: Matrix) -> None:
    for path in ("/console", "/?__debugger__=yes&cmd=resource&f=style.css", "/api/v1/?__debugger__=yes"):
        answer = matrix.wire.send("GET", path, matrix.credentials("admin"))
        assert b"debugger" not in answer.body.lower()
