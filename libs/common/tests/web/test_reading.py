"""What is refused before any schema sees it, each by its own status, and never by a fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.testing.web import ApiClient
from libs.common.web.problems import EdgeError
from libs.common.web.reading import MAX_BODY_BYTES, parse_json
from libs.common.web.schema import InexactNumber

PATH = "/api/v1/parcels"


@pytest.mark.parametrize(
    ("raw", "status", "field"),
    [
        (b"", 400, "body"),
        (b"{", 400, "body"),
        (b"{'a': 1}", 400, "body"),
        (b'{"a": 1,}', 400, "body"),
        (b'{"a": NaN}', 400, "body"),
        (b'{"a": -Infinity}', 400, "body"),
        (b'{"a": 01}', 400, "body"),
        (b'{"a": 1} x', 400, "body"),
        (b'{"a": "\x01"}', 400, "body"),
        (b"\xef\xbb\xbf{}", 400, "body"),
        (b'{"a": "\xff"}', 400, "body"),
        (b'{"a": "\xed\xa0\x80"}', 400, "body"),
        ('{"a": 1}'.encode("utf-16"), 400, "body"),
        (b'{"qty": -5, "qty": 1}', 400, "body"),
        (b'{"a": {"b": 1, "b": 1}}', 400, "body"),
        (b"[" * 65 + b"]" * 65, 400, "body"),
        (b"[" * 1000 + b"]" * 1000, 400, "body"),
        (b"[" * 100_000, 400, "body"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, 400, "body"),
        (b'{"a": "\\u0000"}', 422, "a"),
        (b'{"a": {"b": ["x", "\\ud800"]}}', 422, "a.b.1"),
        (b'{"a\\u0000": 1}', 422, "body"),
        (b'{"lines": [' + b"1," * 10_000 + b"1]}", 422, "lines"),
        (b'{"a": {' + b",".join(b'"k%d":0' % n for n in range(1_001)) + b"}}", 422, "a"),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else str(value),
)
def test_unclean_json_is_refused(raw: bytes, status: int, field: str) -> None:
    with pytest.raises(EdgeError) as caught:
        parse_json(raw)
    assert (caught.value.status, caught.value.field) == (status, field)
    assert caught.value.cure


def test_bounds_are_inclusive() -> None:
    assert parse_json(b"[" * 64 + b"]" * 64)
    assert len(parse_json(b"[" + b"1," * 9_999 + b"1]")) == 10_000
    assert parse_json(b'{"a": 999999999999999999}') == {"a": 999999999999999999}


@pytest.mark.parametrize("number", ["1.5", "1e5", "1e1000000", "-0", "-0.0", "1" + "0" * 18, "9" * 5000])
def test_numbers_that_are_not_exact_stay_text(number: str) -> None:
    found = parse_json(f"[{number}]".encode())[0]
    assert isinstance(found, InexactNumber)
    assert found.text == number


def _read(raw: bytes) -> Any:
    """The value, or the status of the refusal."""
    try:
        return parse_json(raw)
    except EdgeError as error:
        return error.status


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150)
@given(_values)
def test_clean_json_reads_as_the_standard_reader_reads_it(value: object) -> None:
    raw = json.dumps(value).encode()
    assert _read(raw) in (value, 422)


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_no_bytes_are_a_fault(raw: bytes) -> None:
    found = _read(raw)
    assert not isinstance(found, int) or found in (400, 422) or raw.strip() == str(found).encode()


def test_one_byte_too_many_is_413(client: ApiClient) -> None:
    padding = MAX_BODY_BYTES - len(b'{"weight":"1","note":""}')
    fitting = b'{"weight":"1","note":"' + b"x" * padding + b'"}'
    assert client.post(PATH, data=fitting, content_type="application/json").status_code == 422
    answer = client.post(PATH, data=fitting + b" ", content_type="application/json")
    assert answer.status_code == 413
    assert answer.json["code"] == "too_large"
    assert answer.json["errors"][0].keys() == {"field", "message", "cure"}
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/json; charset=gbk",
        "",
        "json",
    ],
)
def test_another_type_is_415(client: ApiClient, content_type: str) -> None:
    answer = client.post(PATH, data=b'{"weight": "1"}', content_type=content_type)
    assert answer.status_code == 415
    assert answer.json["errors"][0]["field"] == "Content-Type"
    assert answer.json["errors"][0]["cure"]


def test_an_address_with_a_line_break_is_refused_with_a_cure(client: ApiClient) -> None:
    answer = client.get(f"{PATH}/a%0Ab")
    assert answer.status_code == 400
    assert answer.json["errors"][0].keys() == {"field", "message", "cure"}


def test_a_compressed_body_is_415(client: ApiClient) -> None:
    headers = {"Content-Encoding": "gzip"}
    answer = client.post(PATH, data=b"{}", content_type="application/json", headers=headers)
    assert answer.status_code == 415


def test_an_absent_body_names_the_fields_that_it_should_have(client: ApiClient) -> None:
    answer = client.post(PATH)
    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {"field": "weight", "message": "Missing data for required field.", "cure": "Send this field."}
    ]


def test_a_body_where_none_is_expected_is_refused(client: ApiClient) -> None:
    path = f"{PATH}/00000000-0000-7000-8000-000000000001/fail/not_found"
    assert client.post(path, json={"a": 1}).status_code == 422
    assert client.post(path, json={}).status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("nope=1", 422, "nope"),
        ("state=lost", 422, "state"),
        ("state=sent&state=packed", 422, "state"),
        ("at_least=1e3", 422, "at_least"),
        ("at_least=-0", 422, "at_least"),
        ("at_least=%EF%BC%91", 422, "at_least"),
        ("at_least=9999999999999999999", 422, "at_least"),
        ("fragile=yes", 422, "fragile"),
        ("fragile=True", 422, "fragile"),
        ("state=%00", 422, "state"),
        ("state=%ff", 400, "query"),
        ("state=%zz", 400, "query"),
        ("limit=0", 422, "limit"),
        ("limit=201", 422, "limit"),
        ("limit=1e9", 422, "limit"),
        ("limit=", 422, "limit"),
        ("cursor=x", 422, "cursor"),
        ("cursor=", 422, "cursor"),
        ("state=" + "x" * 9000, 414, None),
    ],
)
def test_queries_are_read_as_strictly(client: ApiClient, query: str, status: int, field: str | None) -> None:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == status
    assert field is None or answer.json["errors"][0]["field"] == field
    assert answer.json["errors"][0]["cure"]


def test_good_filters_pass(client: ApiClient) -> None:
    answer = client.get(f"{PATH}?state=sent&fragile=true&at_least=5&limit=200")
    assert [row["number"] for row in answer.json["items"]] == [5, 6, 7]


@pytest.mark.parametrize("path", ["00000000-0000-7000-8000-000000000001", "me"])
def test_a_query_without_filters_takes_no_parameter(client: ApiClient, path: str) -> None:
    answer = client.get(f"{PATH}/{path}?limit=1")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "limit"


def test_a_command_takes_no_query(client: ApiClient) -> None:
    answer = client.post(f"{PATH}?dry_run=true", json={"weight": "1"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "dry_run"


@pytest.mark.parametrize("path", ["/api/v1/parcels/%00", "/api/v1/parcels/%ff", "/api/v1/parcels/%0d%0aX: y"])
def test_paths_with_control_characters_are_refused(client: ApiClient, path: str) -> None:
    assert client.get(path).status_code == 400
