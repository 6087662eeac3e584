"""Whole bodies that must not get as far as a schema, and content types that promise something else."""

from __future__ import annotations

from dataclasses import dataclass

JSON = {"Content-Type": "application/json"}
MIB = 1024 * 1024


@dataclass(frozen=True)
class Bytes:
    """A body as it goes over the wire, with headers of its own."""

    name: str
    body: bytes
    headers: dict[str, str]


def _as(content_type: str, body: bytes = b"{}") -> Bytes:
    return Bytes(f"as {content_type[:50]}", body, {"Content-Type": content_type})


BODIES: tuple[Bytes, ...] = (
    Bytes("nothing at all", b"", JSON),
    Bytes("a space", b" ", JSON),
    Bytes("a byte-order mark", b"\xef\xbb\xbf{}", JSON),
    Bytes("UTF-16", '{"a":1}'.encode("utf-16"), JSON),
    Bytes("UTF-32", '{"a":1}'.encode("utf-32"), JSON),
    Bytes("not UTF-8", b'{"a":"\xff\xfe"}', JSON),
    Bytes("overlong UTF-8", b'{"a":"\xc0\xaf"}', JSON),
    Bytes("a surrogate in UTF-8", b'{"a":"\xed\xa0\x80"}', JSON),
    Bytes("cut off", b'{"a": ', JSON),
    Bytes("two documents", b"{}{}", JSON),
    Bytes("a document and a NUL", b"{}\x00", JSON),
    Bytes("NULs only", b"\x00" * 1_000, JSON),
    Bytes("a comma too many", b'{"a":1,}', JSON),
    Bytes("single quotes", b"{'a':1}", JSON),
    Bytes("a comment", b'{"a":1}//', JSON),
    Bytes("NaN", b'{"a":NaN}', JSON),
    Bytes("twin keys", b'{"a":1,"a":1}', JSON),
    Bytes("twin keys, one escaped", b'{"a":1,"\\u0061":1}', JSON),
    Bytes("65 levels", b'{"a":' * 65 + b"1" + b"}" * 65, JSON),
    Bytes("100,000 levels", b"[" * 100_000, JSON),
    Bytes("100,000 keys", b"{" + b",".join(b'"k%d":0' % n for n in range(70_000)) + b"}", JSON),
    Bytes("400 KB of bad lines", b'{"lines":[' + b",".join([b"{}"] * 100_000) + b"]}", JSON),
    Bytes("1 MiB", b'{"a":"' + b"x" * (MIB - 8) + b'"}', JSON),
    Bytes("1 MiB and a byte", b'{"a":"' + b"x" * (MIB - 7) + b'"}', JSON),
    Bytes("1.9 MiB", b'{"a":"' + b"x" * (2 * MIB - 100_000) + b'"}', JSON),
    Bytes("a million digits", b'{"a":' + b"9" * 1_000_000 + b"}", JSON),
    Bytes("a list", b"[]", JSON),
    Bytes("a list of objects", b"[{}]", JSON),
    Bytes("a text", b'"a"', JSON),
    Bytes("a number", b"1", JSON),
    Bytes("null", b"null", JSON),
    _as("text/plain"),
    _as("text/json"),
    _as("application/xml", b"<a/>"),
    _as("application/x-www-form-urlencoded", b"a=1"),
    _as("multipart/form-data; boundary=x", b"--x--"),
    _as("application/json; charset=utf-16", "{}".encode("utf-16")),
    _as("application/json; charset=utf-7"),
    _as("application/json; charset=\"utf-8\"; x=\"" + "y" * 4_000 + "\"", b"{"),
    _as("application/merge-patch+json"),
    _as("application/pickle", b"\x80\x04."),
    _as("application/x-yaml", b"!!python/object/apply:os.system [id]"),
    _as("json"),
    _as(";"),
    Bytes("gzip", b"\x1f\x8b\x08\x00\x00", JSON | {"Content-Encoding": "gzip"}),
    Bytes("unknown encoding", b"{}", JSON | {"Content-Encoding": "zip, br"}),
)  # fmt: skip
