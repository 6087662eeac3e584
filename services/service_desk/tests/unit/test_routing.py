"""Which queue a ticket lies in, and who works on it."""

from __future__ import annotations

from typing import get_args

import pytest

from services.service_desk.domain.errors import QueueNotYours
from services.service_desk.domain.routing import (
    KINDS,
    QUEUE_OF_KIND,
    QUEUES,
    QUEUES_OF_ROLE,
    Kind,
    Queue,
    require_worker_of,
)


@pytest.mark.parametrize(
    ("kind", "queue"),
    [
        ("technical", "technical_support"),
        ("quality", "production"),
        ("delivery", "warehouse"),
        ("billing", "finance"),
        ("other", "technical_support"),
    ],
)
def test_the_kind_decides_the_queue(kind: Kind, queue: Queue) -> None:
    assert QUEUE_OF_KIND[kind] == queue


def test_every_kind_has_a_queue_and_every_queue_somebody_who_works_on_it() -> None:
    assert set(KINDS) == set(get_args(Kind))
    assert set(QUEUES) == set(get_args(Queue))
    assert frozenset().union(*QUEUES_OF_ROLE.values()) == set(QUEUES)


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        ({"service"}, set(QUEUES)),
        ({"admin"}, set(QUEUES)),
        ({"warehouse"}, {"warehouse"}),
        ({"finance"}, {"finance"}),
        ({"warehouse", "finance"}, {"warehouse", "finance"}),
        ({"sales"}, set()),
        (set(), set()),
    ],
)
def test_each_department_works_on_its_own_queue(roles: set[str], allowed: set[str]) -> None:
    for queue in QUEUES:
        if queue in allowed:
            require_worker_of(queue, frozenset(roles))
        else:
            with pytest.raises(QueueNotYours):
                require_worker_of(queue, frozenset(roles))
