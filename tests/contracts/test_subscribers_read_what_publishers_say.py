"""Every publisher's contract passes through every subscriber's view, today's and each released one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from libs.common.contract import check_subscriber, check_view, compat
from meridian.topography import ROOT, SERVICES
from meridian.wiring import PARTS

RELEASED = Path(__file__).parent / "released"


def _contracts(pattern: str, root: Path = ROOT) -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(root.glob(pattern))}


PUBLISHED = _contracts("services/*/contracts/events/*.json")
WANTED = [
    pytest.param(type_, subscription.view, id=f"{service} reads {type_}")
    for service in SERVICES
    for type_ in PARTS[service].subscriptions.types()
    for subscription in PARTS[service].subscriptions.handlers_of(type_)
]
RELEASES = sorted(path.name for path in RELEASED.iterdir())


@pytest.mark.parametrize(("type_", "view"), WANTED)
def test_a_view_fits_the_contract_and_reads_its_examples(type_: str, view: type | None) -> None:
    assert type_ in PUBLISHED, f"nobody publishes {type_}"
    if view is None:
        return
    assert check_view(view, PUBLISHED[type_]) == []
    for example in PUBLISHED[type_]["examples"]:
        assert check_subscriber(view, example) == []


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(("type_", "view"), WANTED)
def test_every_released_sample_is_still_read(release: str, type_: str, view: type | None) -> None:
    old = _contracts(f"{release}/*.json", RELEASED).get(type_)
    if old is None or view is None:
        return
    for example in old["examples"]:
        assert check_subscriber(view, example) == []


@pytest.mark.parametrize("release", RELEASES)
def test_within_a_major_a_contract_only_grows(release: str) -> None:
    for type_, old in _contracts(f"{release}/*.json", RELEASED).items():
        assert type_ in PUBLISHED, f"{type_} was released in {release} and is gone"
        assert compat(old, PUBLISHED[type_]) == []


def test_there_is_a_release_to_compare_with() -> None:
    assert RELEASES


def test_a_command_is_handled_by_the_service_it_names() -> None:
    commands = [type_ for type_, contract in PUBLISHED.items() if contract["x-kind"] == "command"]
    assert commands
    for type_ in commands:
        assert type_ in PARTS[type_.partition(".")[0]].subscriptions.types()


def test_a_view_that_reads_what_is_never_said_is_found() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Wishful:
        order_id: str
        colour: str

    assert check_view(Wishful, PUBLISHED["sales.order.confirmed.v1"])
    assert check_subscriber(Wishful, PUBLISHED["sales.order.confirmed.v1"]["examples"][0])
