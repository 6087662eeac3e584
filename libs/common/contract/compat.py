"""May this contract replace that one within its major version? Only optional fields may be added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
_FREE = {"$id", "$schema", "description", "examples", "title"}
_STRUCTURE = {"properties", "required", "items", "anyOf"}


def compat(old: Schema, new: Schema) -> list[str]:
    """Return what breaks subscribers of ``old`` when ``new`` takes its place; empty when nothing does.

    Refused: a field removed, its type or bounds changed, a new field that is required, a field that was always
    there and may now be absent, and one that was optional and is now required (older messages lack it).
    """
    return list(_compare(old, new, ""))


def _compare(old: Schema, new: Schema, path: str) -> Iterator[str]:
    yield from _bounds(old, new, path or "message")
    yield from _properties(old.get("properties", {}), new.get("properties", {}), path)
    yield from _required(old, new, path)
    if "items" in old and "items" in new:
        yield from _compare(old["items"], new["items"], f"{path}[]")
    yield from _choices(old.get("anyOf", []), new.get("anyOf", []), path)


def _bounds(old: Schema, new: Schema, path: str) -> Iterator[str]:
    names = (set(old) | set(new)) - _FREE - {"properties", "required"}
    for name in sorted(names):
        if name in _STRUCTURE:
            if (name in old) != (name in new):
                yield f"{path}: its type changed"
        elif old.get(name) != new.get(name):
            yield f"{path}: {name} changed from {old.get(name)!r} to {new.get(name)!r}"


def _properties(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for name, schema in old.items():
        below = f"{path}.{name}".lstrip(".")
        if name not in new:
            yield f"{below}: removed"
        else:
            yield from _compare(schema, new[name], below)


def _required(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = set(old.get("required", [])), set(new.get("required", []))
    known = set(old.get("properties", {}))
    for name in sorted(after - before):
        below = f"{path}.{name}".lstrip(".")
        yield f"{below}: {'was optional and is now required' if name in known else 'new and required'}"
    for name in sorted((before - after) & set(new.get("properties", {}))):
        yield f"{path}.{name}: was always there and may now be absent".lstrip(".")


def _choices(old: list[Schema], new: list[Schema], path: str) -> Iterator[str]:
    if not old or not new:
        return
    if len(old) != len(new):
        yield f"{path}: its type changed"
        return
    for before, after in zip(old, new, strict=True):
        yield from _compare(before, after, path)
