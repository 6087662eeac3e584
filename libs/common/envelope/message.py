"""The envelope of every message: CloudEvents 1.0, structured JSON, stored once and sent as the same bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from libs.common.envelope.declare import MessageKind

CONTENT_TYPE = "application/cloudevents+json"
LIMIT_BYTES = 4 * 1024 * 1024
LIMIT_DEPTH = 64
_SEQUENCE_DIGITS = 12


class Undecodable(ValueError):
    """The bytes are not one of our envelopes; nothing can be done with them but to keep them and say why."""


@dataclass(frozen=True)
class Message:
    """One fact or command on its way.

    ``sequence`` counts 1, 2, 3 ... per source and ``partition_key`` (the aggregate's id), so that a reader can
    see a gap; ``correlation_id`` names the whole conversation and ``causation_id`` the message that caused this.
    """

    id: str
    type: str
    kind: MessageKind
    source: str
    time: datetime
    partition_key: str
    sequence: int
    correlation_id: str
    data: dict[str, Any] = field(repr=False)
    recorded_time: datetime
    causation_id: str | None = None
    actor: str | None = None
    traceparent: str | None = None

    def to_bytes(self) -> bytes:
        """Return the envelope as CloudEvents JSON in UTF-8, keys in a fixed order."""
        document: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "time": _stamp(self.time),
            "datacontenttype": "application/json",
            "kind": self.kind,
            "partitionkey": self.partition_key,
            "sequence": str(self.sequence).zfill(_SEQUENCE_DIGITS),
            "correlationid": self.correlation_id,
            "recordedtime": _stamp(self.recorded_time),
        }
        optional = {"causationid": self.causation_id, "actor": self.actor, "traceparent": self.traceparent}
        document.update({name: value for name, value in optional.items() if value is not None})
        document["data"] = self.data
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Message:
        """Read an envelope; ``Undecodable`` with the reason when the bytes are not one."""
        if len(raw) > LIMIT_BYTES:
            raise Undecodable(f"{len(raw)} bytes exceed the limit of {LIMIT_BYTES}")
        try:
            document = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Undecodable(f"not JSON: {error}") from None
        if not isinstance(document, dict) or document.get("specversion") != "1.0":
            raise Undecodable("not a CloudEvents 1.0 document")
        _refuse_unwritable(raw, document)
        return cls(
            id=_text(document, "id"),
            type=_text(document, "type"),
            kind=_kind(document),
            source=_text(document, "source"),
            time=_moment(document, "time"),
            partition_key=_text(document, "partitionkey"),
            sequence=_sequence(document),
            correlation_id=_text(document, "correlationid"),
            data=_data(document),
            recorded_time=_moment(document, "recordedtime"),
            causation_id=_optional_text(document, "causationid"),
            actor=_optional_text(document, "actor"),
            traceparent=_optional_text(document, "traceparent"),
        )


def _refuse_unwritable(raw: bytes, document: dict[str, Any]) -> None:
    """Refuse what could be read but not written again: it could be neither parked nor answered.

    The two looks at the raw bytes keep the careful check away from nearly every message.
    """
    deep = raw.count(b"{") + raw.count(b"[") > LIMIT_DEPTH
    if not deep and b"\\ud" not in raw.lower():
        return
    level: list[Any] = [document]
    for _ in range(LIMIT_DEPTH):
        level = [inner for item in level for inner in _inside(item)]
    if level:
        raise Undecodable(f"nested more than {LIMIT_DEPTH} deep")
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Undecodable("holds half of a surrogate pair") from None


def _inside(item: Any) -> list[Any]:
    inner = list(item.values()) if isinstance(item, dict) else item if isinstance(item, list) else []
    return [value for value in inner if isinstance(value, dict | list)]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value or len(value) > 255 or not value.isprintable():
        raise Undecodable(f"{name} must be a text of 1 to 255 printable characters")
    return value


def _optional_text(document: dict[str, Any], name: str) -> str | None:
    return None if document.get(name) is None else _text(document, name)


def _kind(document: dict[str, Any]) -> MessageKind:
    match document.get("kind", "event"):
        case "event":
            return "event"
        case "command":
            return "command"
    raise Undecodable("kind must be event or command")


def _moment(document: dict[str, Any], name: str) -> datetime:
    try:
        value = datetime.fromisoformat(_text(document, name))
        if value.tzinfo is not None:
            return value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Undecodable(f"{name} must be an RFC 3339 time") from None
    raise Undecodable(f"{name} needs its zone")


def _sequence(document: dict[str, Any]) -> int:
    text = _text(document, "sequence")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Undecodable("sequence must be digits")
    return int(text)


def _data(document: dict[str, Any]) -> dict[str, Any]:
    data = document.get("data")
    if not isinstance(data, dict):
        raise Undecodable("data must be an object")
    return data
