"""R3.1: a seller takes a quotation back, with the reason; of all who answer at once one is in time."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from services.sales.domain.quotation import OPEN
from services.sales.tests.builders import UNKNOWN, Desk
from services.sales.tests.integration.test_quotations_api import URL, problem

WHY = {"reason": "A wrong price"}


def test_r3_1_a_cancelled_quotation_says_why_and_is_closed(desk: Desk) -> None:
    quotation_id = desk.quote()

    answer = desk.nancy.post(f"{URL}/{quotation_id}/cancel", json=WHY)

    assert answer.status_code == 200, answer.text
    assert (answer.json["state"], answer.json["decline_reason"]) == ("cancelled", "A wrong price")
    assert desk.said() == ["sales.quotation.issued.v1", "sales.quotation.cancelled.v1"]
    for act, body in (("send", {}), ("accept", {}), ("decline", {}), ("cancel", WHY)):
        assert (
            problem(desk.nancy.post(f"{URL}/{quotation_id}/{act}", json=body), 409)[0] == "quotation_closed"
        )


def test_a_reason_is_needed_and_strangers_find_nothing(desk: Desk) -> None:
    quotation_id = desk.quote()

    assert problem(desk.nancy.post(f"{URL}/{quotation_id}/cancel", json={}), 422)[1] == "reason"
    assert problem(desk.nancy.post(f"{URL}/{quotation_id}/cancel", json={"reason": " "}), 422)[1] == "reason"
    assert desk.janet.post(f"{URL}/{quotation_id}/cancel", json=WHY).status_code == 404
    assert desk.nancy.post(f"{URL}/{UNKNOWN}/cancel", json=WHY).status_code == 404
    assert desk.nancy.get(f"{URL}/{quotation_id}").json["state"] in OPEN


@pytest.mark.parametrize("other", ["accept", "decline"])
def test_r3_1_of_a_seller_and_a_customer_at_once_one_is_in_time(desk: Desk, other: str) -> None:
    quotation_id, barrier = desk.quote(), Barrier(4)

    def act(n: int) -> int:
        name, body = (("cancel", WHY), (other, {}))[n % 2]
        barrier.wait()
        return int(desk.nancy.post(f"{URL}/{quotation_id}/{name}", json=body).status_code) // 100

    with ThreadPoolExecutor(4) as pool:
        found = Counter(pool.map(act, range(4)))

    assert found == {2: 1, 4: 3}
    ends = ("sales.quotation.cancelled.v1", "sales.quotation.accepted.v1", "sales.quotation.declined.v1")
    assert sum(desk.said().count(each) for each in ends) == 1
    state = desk.nancy.get(f"{URL}/{quotation_id}").json["state"]
    assert f"sales.quotation.{state}.v1" in desk.said()
