"""A running system of its own for each module: what one attacks, another must not find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.operations import Operation, fetched
from tests.security.served import Served, served
from tests.security.shelf import Shelf


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served("embedded", tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture(scope="module")
def shelf(target: Served) -> Shelf:
    return Shelf(target.system)


@pytest.fixture(scope="module")
def described(target: Served) -> list[Operation]:
    """Every operation of the document that the gateway serves."""
    return fetched(target.url)
