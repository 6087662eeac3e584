"""Queries: pages that neither skip nor repeat, cursors that cannot be bent, and answers that need not be sent again."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import Invalid
from libs.common.testing.web import ApiClient
from libs.common.tests.web.sample import PARCEL
from libs.common.web.paging import decode_cursor, encode_cursor

PATH = "/api/v1/parcels"


def test_pages_follow_each_other_to_the_end(client: ApiClient) -> None:
    numbers: list[int] = []
    query = "?limit=3"
    sizes = []
    while query:
        answer = client.get(PATH + query).json
        numbers += [row["number"] for row in answer["items"]]
        sizes.append(len(answer["items"]))
        query = f"?limit=3&cursor={answer['next_cursor']}" if answer["next_cursor"] else ""
    assert numbers == [1, 2, 3, 4, 5, 6, 7]
    assert sizes == [3, 3, 1]


def test_a_page_that_is_just_full_is_the_last(client: ApiClient) -> None:
    assert client.get(f"{PATH}?limit=7").json["next_cursor"] is None


def _forged(body: str, list_name: str = "parcels.index") -> str:
    check = hashlib.sha256(f"{list_name}\n{body}".encode()).hexdigest()[:8]
    return base64.urlsafe_b64encode((check + body).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "====", "AAAA", "9" * 1000, "9" * 1001, _forged("[1]", "events.conversation"), _forged("[]"),
        _forged("{}"), _forged("[1,2]"), _forged('["a"]'), _forged("[null]"), _forged('[{"t":"x"}]'), _forged("[[1]]"),
        _forged("[1.5]"), _forged("1"), _forged("[" * 300), "é",
    ],
)  # fmt: skip
def test_a_cursor_that_is_not_of_this_list_is_refused(client: ApiClient, cursor: str) -> None:
    answer = client.get(PATH, query_string={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "cursor"


@given(st.lists(st.none() | st.integers() | st.text(), max_size=4).map(tuple))
def test_a_cursor_reads_back_the_position(position: tuple[object, ...]) -> None:
    assert decode_cursor(encode_cursor(position, "list"), "list") == position


def test_a_position_may_hold_times() -> None:
    position = (datetime(2026, 3, 2, 1, 2, 3, 456, tzinfo=UTC), date(2026, 3, 2), "id")
    assert decode_cursor(encode_cursor(position)) == position
    with pytest.raises(TypeError):
        encode_cursor((1.5,))


def test_one_changed_character_is_noticed() -> None:
    cursor = encode_cursor((12345,), "list")
    for index, character in enumerate(cursor):
        changed = cursor[:index] + ("A" if character != "A" else "B") + cursor[index + 1 :]
        if base64.urlsafe_b64decode(changed + "==") != base64.urlsafe_b64decode(cursor + "=="):
            with pytest.raises(Invalid):
                decode_cursor(changed, "list")


def test_an_unchanged_representation_is_not_sent_again(client: ApiClient) -> None:
    first = client.get(f"{PATH}/{PARCEL}")
    tag = first.headers["ETag"]
    for header in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = client.get(f"{PATH}/{PARCEL}", headers={"If-None-Match": header})
        assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", tag)
    assert client.get(f"{PATH}/{PARCEL}", headers={"If-None-Match": '"3"'}).status_code == 200


def test_a_representation_that_changed_within_a_version_is_sent(client: ApiClient) -> None:
    tag = client.get(f"{PATH}/{PARCEL}").headers["ETag"]
    client.post(PATH, json={"weight": "1"})
    assert client.get(f"{PATH}/{PARCEL}", headers={"If-None-Match": tag}).status_code == 200


def test_what_is_not_there_is_404_with_its_figures(client: ApiClient) -> None:
    other = PARCEL.replace("1", "2")
    answer = client.get(f"{PATH}/{other}")
    assert (answer.status_code, answer.json["parcel_id"]) == (404, other)


@pytest.mark.parametrize(
    "path", ["1", "00000000-0000-7000-8000-00000000000g", "9223372036854775808", "..%2f", "x/y"]
)
def test_a_path_id_that_is_no_id_is_404(client: ApiClient, path: str) -> None:
    assert client.get(f"{PATH}/{path}").status_code == 404


def test_path_ids_arrive_in_lower_case(client: ApiClient) -> None:
    upper = "00000000-0000-7000-8000-00000000000A"
    assert client.get(f"{PATH}/{upper}").json["parcel_id"] == upper.lower()
