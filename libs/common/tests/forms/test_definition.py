"""What a form may be, and what its next version may not take away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from libs.common.forms import Field, Form, Option, Words, next_form
from libs.common.forms.faults import FormInvalid
from libs.common.forms.plain import field_data, field_from

ROLES = ("sales", "finance", "admin")
NAME = Words("Risk", "风险")
LOW, HIGH = Option("low", Words("Low", "低")), Option("high", Words("High", "高"))
RISK = Field("risk", NAME, "choice", options=(LOW, HIGH))
SIZE = Field("size", Words("Size", "尺寸"), "number", scale=2)


def next_of(before: Form, *fields: Field) -> Form:
    return next_form(before, Form("parcel", 0, fields, "mia"), {"weight"}, ROLES)


FIRST = next_of(Form("parcel"), RISK, SIZE)


def test_a_version_follows_the_one_before_and_a_field_says_since_when() -> None:
    second = next_of(FIRST, SIZE, RISK, Field("note", NAME, "text"))
    assert (FIRST.version, second.version) == (1, 2)
    assert [(field.key, field.since) for field in second.fields] == [("size", 1), ("risk", 1), ("note", 2)]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ((RISK,), "fields"),
        ((replace(RISK, type="text", options=()), SIZE), "fields.0.type"),
        ((RISK, replace(SIZE, scale=3)), "fields.1.scale"),
        ((replace(RISK, options=(LOW,)), SIZE), "fields.0.options"),
        ((RISK, SIZE, SIZE), "fields.2.key"),
        ((RISK, SIZE, Field("weight", NAME, "text")), "fields.2.key"),
        ((RISK, SIZE, Field("__proto__", NAME, "text")), "fields.2.key"),
        ((RISK, SIZE, Field("a" * 41, NAME, "text")), "fields.2.key"),
        ((RISK, SIZE, Field("Größe", NAME, "text")), "fields.2.key"),
        ((RISK, SIZE, Field("note", NAME, "text", scale=1)), "fields.2.scale"),
        ((RISK, SIZE, Field("note", NAME, "text", longest=2001)), "fields.2.longest"),
        ((RISK, SIZE, Field("note", NAME, "choice")), "fields.2.options"),
        ((RISK, SIZE, Field("note", NAME, "flag", options=(LOW,))), "fields.2.options"),
        ((RISK, SIZE, Field("note", NAME, "choice", options=(LOW, LOW))), "fields.2.options.1.key"),
        ((RISK, SIZE, Field("note", NAME, "text", seen_by=("king",))), "fields.2.seen_by"),
        (
            (RISK, SIZE, Field("note", NAME, "text", seen_by=("sales",), edited_by=("finance",))),
            "fields.2.edited_by",
        ),
        ((RISK, SIZE, *(Field(f"f{n}", NAME, "text") for n in range(199))), "fields"),
    ],
)
def test_what_contradicts_itself_or_takes_away_is_refused_with_its_place(fields: Any, place: str) -> None:
    with pytest.raises(FormInvalid) as refusal:
        next_of(FIRST, *fields)
    assert refusal.value.field == place
    assert refusal.value.cure


def test_200_fields_are_a_form() -> None:
    assert len(next_of(Form("parcel"), *(Field(f"f{n}", NAME, "text") for n in range(200))).fields) == 200


def test_a_field_is_stored_as_it_is() -> None:
    whole = replace(
        RISK,
        help=NAME,
        required_from=date(2026, 3, 1),
        default="low",
        seen_by=("sales",),
        retired=True,
        since=3,
    )
    assert field_from(field_data(whole)) == whole
