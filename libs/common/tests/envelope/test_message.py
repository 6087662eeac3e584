"""The envelope is CloudEvents JSON; anything else is refused with the reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from libs.common.envelope import Message, Undecodable

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MESSAGE = Message(
    id="00000000-0000-7000-8000-000000000001",
    type="sample.box.packed.v1",
    kind="event",
    source="sample",
    time=AT,
    recorded_time=AT,
    partition_key="b1",
    sequence=7,
    correlation_id="c1",
    causation_id="m0",
    actor="ann",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    data={"box_id": "b1"},
)


def test_an_envelope_survives_the_wire() -> None:
    assert Message.from_bytes(MESSAGE.to_bytes()) == MESSAGE


def test_the_sequence_sorts_as_text() -> None:
    assert json.loads(MESSAGE.to_bytes())["sequence"] == "000000000007"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"\x80\x04pickle", "not JSON"),
        (b"[]", "not a CloudEvents"),
        (b"[" * 100_000, "not JSON"),
        (b'{"specversion":"0.3"}', "not a CloudEvents"),
        (b'{"specversion":"1.0","type":"x"}', "id must be"),
        (b"x" * (4 * 1024 * 1024 + 1), "exceed"),
    ],
)
def test_foreign_bytes_are_refused_with_a_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(Undecodable, match=reason):
        Message.from_bytes(raw)


@pytest.mark.parametrize(
    ("name", "value"),
    [("sequence", "-1"), ("sequence", "\u0661"), ("time", "yesterday"), ("time", "2026-03-02T01:00:00"),
     ("kind", "wish"), ("data", []), ("partitionkey", None), ("correlationid", "x" * 256), ("actor", 7)],
)  # fmt: skip
def test_each_attribute_is_checked(name: str, value: object) -> None:
    document = json.loads(MESSAGE.to_bytes()) | {name: value}
    with pytest.raises(Undecodable):
        Message.from_bytes(json.dumps(document).encode())
