"""Where a request ends, whatever pieces it comes in; and what no two readers would agree on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.front.arrival import LONGEST_HEAD, Arrival, State
from libs.common.web.reading import MAX_BODY_BYTES

HEAD = b"POST /x HTTP/1.1\r\nHost: x\r\n"
WHOLE = (
    b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n",
    HEAD + b"Content-Length: 2\r\n\r\n{}",
    HEAD + b"content-length:0\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    HEAD + b"Transfer-Encoding: Chunked\r\n\r\n1;a=b\r\n{\r\n01\r\n}\r\n0\r\nX-Trailer: y\r\n\r\n",
)


@settings(deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_a_request_is_whole_with_its_last_byte_and_not_before(whole: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(whole) - 1), max_size=8)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    arrival = Arrival()
    states = [arrival.add(piece) for piece in pieces]
    assert states == [State.PARTIAL] * (len(pieces) - 1) + [State.WHOLE]
    assert bytes(arrival.buffer) == whole


@pytest.mark.parametrize("whole", WHOLE)
def test_the_beginning_of_the_next_request_does_no_harm(whole: bytes) -> None:
    assert Arrival().add(whole + b"GET /next") is State.WHOLE


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 2, 2\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: +1\r\n\r\n",
        b"Content-Length: 0x1\r\n\r\n",
        b"Content-Length:\r\n\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Transfer-Encoding: identity\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}}",
        b"Transfer-Encoding: chunked\r\n\r\n1\n",
        b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 9,
        b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 2_000 + b"\n",
    ],
)
def test_a_length_that_can_be_read_in_two_ways_is_malformed(rest: bytes) -> None:
    assert Arrival().add(HEAD + rest) is State.MALFORMED


def test_what_is_too_large_is_said_before_it_arrives() -> None:
    assert Arrival().add(b"GET /x HTTP/1.1\r\n" + b"a" * LONGEST_HEAD) is State.HEAD_TOO_LONG
    assert Arrival().add(HEAD + b"Content-Length: 100000000\r\n\r\n") is State.BODY_TOO_LARGE
    assert Arrival().add(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\n") is State.BODY_TOO_LARGE
    arrival = Arrival()
    assert arrival.add(HEAD + b"Transfer-Encoding: chunked\r\n\r\n") is State.PARTIAL
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    states = [arrival.add(chunk) for _ in range(20)]
    assert states[-1] is State.BODY_TOO_LARGE
    assert states.index(State.BODY_TOO_LARGE) * 0x10000 >= MAX_BODY_BYTES


def test_a_caller_who_waits_for_consent_is_seen_until_the_body_comes() -> None:
    arrival = Arrival()
    arrival.add(HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    assert arrival.awaits_consent
    arrival.add(b"{")
    assert not arrival.awaits_consent
