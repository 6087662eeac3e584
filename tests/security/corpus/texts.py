"""Text that lies about its length, its order or its identity, or that no database and no terminal should meet."""

from __future__ import annotations

from tests.security.corpus.payload import Payload, of, raw

TEXTS: list[Payload] = [
    *of(
        "unicode", "", " ", "\u3000", "\u00a0", "a", "x" * 65, "x" * 121, "x" * 201, "x" * 2_200,
        "x" * 10_001, "x" * 200_000,
        "\U0001f600" * 100, "\u202ereversed\u202c", "\u2066isolated\u2069", "\u200f\u200e",
        "zero\u200bwidth", "\u200b",
        "\ufeffmark", "soft\u00adhyphen", "Cafe\u0301", "Caf\u00e9", "\u212b", "\u00c5", "\ufb01",
        "p\u0430ypal", "\u0410dmin",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U000e0041", "\U0010fffd", "\ue000", "\ud7ff",
        "Z\u0351\u036b\u0343" * 30,
        "\u0130stanbul", "\u0131", "\u00df", "\u1e9e", "\u03c2", "\u4e2d\u6587", "\u0627\u0644\u0639",
        "\u05d0", "\u0e33", "\u1f468",
    ),
    *of(
        "control", "\u0000", "a\u0000b", "a\u0007b", "a\u001bb", "a\u007fb", "a\u0080b", "a\u009fb",
        "a\nb", "a\rb", "a\tb",
        "a\r\nX-Injected: yes", "a\u2028b", "a\u2029b", "a\u000bb", "a\u000cb", "a\u0085b", "\ufffe",
        "a\uffffb", "\ufdd0", "\x1b[31m",
    ),
    *raw(
        "surrogate", '"\\ud800"', '"a\\udfffb"', '"\\udc00\\ud800"', '"\\ud83d"', '"\\ud83d\\ude00"',
        '"\\u0000"', '"\\ud800\\u0000"',
    ),
    *raw("syntax", '"\\x41"', '"\\u12"', "'single'",
    '"open', "\"tab\there\"", '"line\nhere"', "nul", "undefined", "", "{", "]", '"a" "b"', "//comment\n1"),
    *of("null text", "null", "None", "undefined", "nil", "NULL", "true", "false", "[]", "{}",
    "[object Object]"),
]  # fmt: skip
