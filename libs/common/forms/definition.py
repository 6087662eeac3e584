"""A form: the fields that a company adds to a kind of document, as data with a version.

What a field is never changes once it exists, and nothing is taken away: a field or a choice that is not wanted any
more is retired, so that what documents say stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.forms.faults import FormInvalid

Type = Literal["text", "number", "money", "date", "flag", "choice"]
TYPES: tuple[Type, ...] = ("text", "number", "money", "date", "flag", "choice")
KEY = r"[a-z][a-z0-9_]{0,39}"
MOST_FIELDS = 200
MOST_OPTIONS = 200
LONGEST_TEXT = 2000
USUAL_TEXT = 200
FINEST = 6
_AGAIN = "Send it again, with retired: true if it is not wanted any more."


@dataclass(frozen=True)
class Words:
    """What people call it, in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class Option:
    """A choice; a ``retired`` one cannot be chosen any more."""

    key: str
    label: Words
    retired: bool = False


@dataclass(frozen=True)
class Field:
    """A field of a form.

    ``scale`` is how many decimals a number has, ``longest`` how many characters a text may have. From the day
    ``required_from`` on it must be filled in; ``default`` stands in where nothing is given, in the form that values
    are stored in. Roles that are named in ``seen_by`` or ``edited_by`` are the only ones; none: whoever works with
    the document. ``since`` is the first version of the form that has it.
    """

    key: str
    label: Words
    type: Type
    scale: int = 0
    longest: int = USUAL_TEXT
    options: tuple[Option, ...] = ()
    help: Words | None = None
    required_from: date | None = None
    default: str | None = None
    seen_by: tuple[str, ...] = ()
    edited_by: tuple[str, ...] = ()
    retired: bool = False
    since: int = 1

    def is_seen_by(self, roles: Collection[str]) -> bool:
        """Tell whether somebody with ``roles`` may know what it says; an administrator always."""
        return _named(self.seen_by, roles)

    def is_edited_by(self, roles: Collection[str]) -> bool:
        """Tell whether somebody with ``roles`` may fill it in."""
        return self.is_seen_by(roles) and _named(self.edited_by, roles)

    def is_required_on(self, day: date) -> bool:
        """Tell whether a document of that day must say it."""
        return self.required_from is not None and self.required_from <= day and not self.retired

    def option(self, key: str) -> Option | None:
        """Return the choice, or nothing."""
        return next((each for each in self.options if each.key == key), None)


@dataclass(frozen=True)
class Form:
    """The fields of a kind of document in their order; version 0 is one that nobody ever defined."""

    document: str
    version: int = 0
    fields: tuple[Field, ...] = ()
    created_by: str = ""

    @property
    def by_key(self) -> Mapping[str, Field]:
        """The fields by their keys."""
        return {field.key: field for field in self.fields}

    def seen_by(self, roles: Collection[str]) -> Form:
        """Return the form as somebody with ``roles`` sees it."""
        return replace(self, fields=tuple(field for field in self.fields if field.is_seen_by(roles)))


def _named(names: Collection[str], roles: Collection[str]) -> bool:
    return not names or "admin" in roles or any(role in names for role in roles)


def next_form(before: Form, wanted: Form, reserved: Collection[str], roles: Collection[str]) -> Form:
    """Return ``wanted`` as the version after ``before``; refuse what contradicts itself and what takes away.

    ``reserved`` are the names of the document's own fields, which no other may shadow; ``roles`` those there are.
    """
    if len(wanted.fields) > MOST_FIELDS:
        raise FormInvalid(
            f"a form has at most {MOST_FIELDS} fields",
            field="fields",
            cure="Leave some out; retired ones count.",
        )
    seen: set[str] = set()
    for place, field in enumerate(wanted.fields):
        where = f"fields.{place}"
        _check_key(field.key, f"{where}.key", seen, reserved)
        _check_shape(field, where)
        _check_roles(field, where, frozenset(roles))
    known = before.by_key
    _check_nothing_gone(before, wanted)
    for place, field in enumerate(wanted.fields):
        if field.key in known:
            _check_same(known[field.key], field, f"fields.{place}")
    version = before.version + 1
    fields = tuple(
        replace(field, since=known[field.key].since if field.key in known else version)
        for field in wanted.fields
    )
    return replace(wanted, version=version, fields=fields)


def _check_key(key: str, where: str, seen: set[str], reserved: Collection[str]) -> None:
    if not re.fullmatch(KEY, key, re.ASCII):
        raise FormInvalid(
            f"{key[:60]} is no key",
            field=where,
            cure="Use 1 to 40 small letters, digits and underscores, a letter first.",
        )
    if key in seen:
        raise FormInvalid(f"{key} is there twice", field=where, cure="Give each field a key of its own.")
    if key in reserved:
        raise FormInvalid(
            f"the document has a {key} of its own",
            field=where,
            cure="Choose another key, such as one that says whose word it is.",
        )
    seen.add(key)


def _check_shape(field: Field, where: str) -> None:
    if field.scale and field.type != "number":
        raise FormInvalid(
            f"a {field.type} has no scale", field=f"{where}.scale", cure="Leave it out, or make it a number."
        )
    if not 0 <= field.scale <= FINEST:
        raise FormInvalid(
            f"a number has 0 to {FINEST} decimals", field=f"{where}.scale", cure=f"Give 0 to {FINEST}."
        )
    if not 1 <= field.longest <= LONGEST_TEXT:
        raise FormInvalid(
            f"a text has at most {LONGEST_TEXT} characters",
            field=f"{where}.longest",
            cure=f"Give 1 to {LONGEST_TEXT}.",
        )
    if (field.type == "choice") != bool(field.options):
        cure = (
            "Name what can be chosen."
            if field.type == "choice"
            else "Leave options out, or make it a choice."
        )
        raise FormInvalid("a choice, and nothing else, has options", field=f"{where}.options", cure=cure)
    _check_options(field, where)


def _check_options(field: Field, where: str) -> None:
    keys = [option.key for option in field.options]
    if len(keys) > MOST_OPTIONS:
        raise FormInvalid(
            f"a choice has at most {MOST_OPTIONS} options",
            field=f"{where}.options",
            cure="Make a text of it.",
        )
    for place, key in enumerate(keys):
        _check_key(key, f"{where}.options.{place}.key", set(keys[:place]), ())


def _check_roles(field: Field, where: str, known: frozenset[str]) -> None:
    for name, roles in (("seen_by", field.seen_by), ("edited_by", field.edited_by)):
        strange = [role for role in roles if role not in known]
        if strange:
            raise FormInvalid(
                f"there is no role {strange[0][:60]}",
                field=f"{where}.{name}",
                cure=f"Choose of: {', '.join(sorted(known))}.",
            )
    blind = [role for role in field.edited_by if not field.is_seen_by((role,))]
    if blind:
        raise FormInvalid(
            f"{blind[0]} would fill in what it does not see",
            field=f"{where}.edited_by",
            cure=f"Name {blind[0]} in seen_by too.",
        )


def _check_nothing_gone(before: Form, wanted: Form) -> None:
    gone = [field.key for field in before.fields if field.key not in wanted.by_key]
    if gone:
        raise FormInvalid(f"{gone[0]} is missing, and documents may say it", field="fields", cure=_AGAIN)


def _check_same(was: Field, now: Field, where: str) -> None:
    if now.type != was.type:
        raise FormInvalid(
            f"{was.key} is a {was.type}, and what documents say of it is too",
            field=f"{where}.type",
            cure="Retire it, and add a field with another key.",
        )
    if now.scale != was.scale:
        raise FormInvalid(
            f"{was.key} has {was.scale} decimals",
            field=f"{where}.scale",
            cure="Retire it, and add a field with another key.",
        )
    gone = [option.key for option in was.options if now.option(option.key) is None]
    if gone:
        raise FormInvalid(f"the option {gone[0]} is missing", field=f"{where}.options", cure=_AGAIN)
