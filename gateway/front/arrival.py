"""A request while its bytes come in: is it whole, too large, or ambiguous in its length? Pure: no socket, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from libs.common.web.reading import MAX_BODY_BYTES

LONGEST_HEAD = 64 * 1024
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"[0-9]{1,12}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_CHUNK_BEGINS = re.compile(rb"([0-9A-Fa-f]{1,8}[ \t]*(;[^\r\n]*)?\r?)?")
_LONGEST_LINE = 1024
_SPARE = 64 * 1024
"""How much more than a body of the largest size its chunks may take."""


class State(Enum):
    """How far a request has come."""

    PARTIAL = "partial"
    WHOLE = "whole"
    MALFORMED = "malformed"
    """Two readers could disagree on where it ends: both length and chunks, two lengths, a chunk that is none."""

    HEAD_TOO_LONG = "head too long"
    BODY_TOO_LARGE = "body too large"


@dataclass
class Arrival:
    """The bytes of one request, and perhaps the beginning of the next."""

    buffer: bytearray = field(default_factory=bytearray)
    _body: int = 0
    """Where the body begins; 0 while the head is under way."""

    _chunk: int = 0
    """Where the next chunk begins."""

    _length: int | None = None
    """How long the body is; ``None`` when it comes in chunks."""

    def add(self, data: bytes) -> State:
        """Take what was received and say how far the request has come."""
        searched = max(0, len(self.buffer) - len(_END) + 1)
        self.buffer += data
        if not self._body:
            end = self.buffer.find(_END, searched)
            if end < 0:
                return State.HEAD_TOO_LONG if len(self.buffer) > LONGEST_HEAD else State.PARTIAL
            if not self._read_head(bytes(self.buffer[:end])):
                return State.MALFORMED
            self._body = self._chunk = end + len(_END)
        return self._in_chunks() if self._length is None else self._by_length(self._length)

    @property
    def awaits_consent(self) -> bool:
        """Whether the caller sends its body only after a word from us (``Expect: 100-continue``)."""
        head = bytes(self.buffer[: self._body]).lower()
        return self._body == len(self.buffer) and b"\r\nexpect: 100-continue\r\n" in head

    def _read_head(self, head: bytes) -> bool:
        """Find how the body ends; ``False`` when the head leaves that open."""
        lengths, codings = [], []
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                lengths.append(value.strip())
            elif name.strip().lower() == b"transfer-encoding":
                codings.append(value.strip().lower())
        if codings:
            return codings == [b"chunked"] and not lengths
        if len(lengths) > 1 or not all(_LENGTH.fullmatch(length) for length in lengths):
            return False
        self._length = int(lengths[0]) if lengths else 0
        return True

    def _by_length(self, length: int) -> State:
        if length > MAX_BODY_BYTES + _SPARE:
            return State.BODY_TOO_LARGE
        return State.WHOLE if len(self.buffer) >= self._body + length else State.PARTIAL

    def _in_chunks(self) -> State:
        while len(self.buffer) - self._body <= MAX_BODY_BYTES + 2 * _SPARE:
            found = _CHUNK.match(self.buffer, self._chunk)
            if found is None:
                return self._half_line()
            size = int(found[1], 16)
            if size == 0:
                return State.WHOLE if self.buffer.find(_END, found.end() - 2) >= 0 else State.PARTIAL
            if size > MAX_BODY_BYTES + _SPARE:
                return State.BODY_TOO_LARGE
            end = found.end() + size
            if not b"\r\n".startswith(self.buffer[end : end + 2]):
                return State.MALFORMED
            if end + 2 > len(self.buffer):
                return State.PARTIAL
            self._chunk = end + 2
        return State.BODY_TOO_LARGE

    def _half_line(self) -> State:
        """Judge a line with the size of a chunk that is not complete, or is none."""
        line = bytes(self.buffer[self._chunk : self._chunk + _LONGEST_LINE])
        fits = len(line) < _LONGEST_LINE and _CHUNK_BEGINS.fullmatch(line)
        return State.PARTIAL if fits else State.MALFORMED
