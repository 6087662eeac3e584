"""Values of the wrong shape: types, depths and sizes that a schema must refuse before it works on them."""

from __future__ import annotations

from tests.security.corpus.payload import Payload, of, raw


def _deep(levels: int) -> str:
    return "[" * levels + "]" * levels


def _deep_objects(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


SHAPES: list[Payload] = [
    *of("type", None, True, False, [], {}, [None], [[]], [1, 2], ["a"], {"": 1}, {"a": None},
    {"amount": "1"}, {"$ref": "#/"}),
    *of("money", {"amount": "1.00", "currency": "USD", "x": 1}, {"amount": "1.00", "currency": "usd"},
    {"amount": "1", "currency": "ZZZ"},
        {"amount": 1, "currency": "USD"}, {"amount": None, "currency": "USD"}, {"amount": "1.00",
        "currency": "USD\u0000"},
        {"amount": "1.001", "currency": "JPY"}, {"amount": "-1", "currency": "USD"}, {"amount": "1.00",
        "currency": ["USD"]}),
    *of("operator", {"$gt": ""}, {"$ne": None}, {"$where": "1"}, {"__class__": "x"},
    {"__proto__": {"admin": True}}, {"constructor": {}}),
    *of("size", [None] * 501, [{}] * 1_001, ["x"] * 10_000, [1] * 10_001, [[]] * 20_000,
    {f"k{n}": n for n in range(5_000)}),
    *raw("depth", _deep(63), _deep(64), _deep(65), _deep(1_000), _deep(100_000), _deep_objects(65),
    _deep_objects(5_000)),
    *raw("twin", '{"a":1,"a":2}', '[{"quantity":"-5","quantity":"1"}]',
    '{"amount":"-1","amount":"1.00","currency":"USD"}'),
]  # fmt: skip
