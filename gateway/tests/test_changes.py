"""Hints of what changed: who hears what, how many listen, and when it ends."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from gateway.changes import hub as hubs
from gateway.changes.hub import MOST_OF_ONE, Full, Hub, Stream
from gateway.changes.kinds import kinds_of, visible
from gateway.changes.news import News
from gateway.clients.services import Services
from gateway.clients.transport import Answer, Call
from gateway.front.presence import has_left, is_closed
from gateway.settings import SERVICES
from gateway.tests.conftest import PASSWORD, House
from libs.common.clock import SystemClock
from libs.common.web import Principal

ADDRESS = "/api/v1/changes"


def somebody(name: str, *roles: str) -> Principal:
    return Principal(name, name, frozenset(roles))


@pytest.fixture
def leaving() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "PACE_S", 0.01)
    monkeypatch.setattr(hubs, "SESSION_S", 0.01)


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 5
    while not true():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.005)


def test_a_message_is_of_a_kind_or_of_none() -> None:
    assert kinds_of(["inventory.delivery.created.v1", "sales.quotation.approval_requested.v1"]) == {
        "deliveries",
        "approvals",
    }
    assert kinds_of(["sales.order.confirmed.v1"]) == frozenset()


def test_who_sees_only_his_own_hears_nothing_of_the_kind() -> None:
    kinds = frozenset({"deliveries", "purchases", "stock"})

    assert visible(kinds, somebody("wim", "warehouse")) == kinds
    assert visible(kinds, somebody("sam", "sales")) == {"stock"}
    assert visible(kinds, somebody("ada", "admin")) == kinds
    assert visible(kinds, somebody("nobody")) == frozenset()


def test_what_is_not_taken_does_not_grow() -> None:
    stream = Stream(somebody("wim", "warehouse"), lambda: True, lambda: False)
    for _ in range(1000):
        stream.tell(frozenset({"deliveries", "stock"}))

    assert stream.wait(0) == ["deliveries", "stock"]
    assert stream.wait(0) == []


def test_there_are_only_so_many_and_a_place_is_free_again(quick: None, leaving: threading.Event) -> None:
    hub = Hub(frozenset, leaving, 2)
    first = hub.open(somebody("a", "warehouse"), lambda: True)
    hub.open(somebody("b", "warehouse"), lambda: True)
    with pytest.raises(Full):
        hub.open(somebody("c", "warehouse"), lambda: True)
    hub.leave(first)

    assert hub.open(somebody("c", "warehouse"), lambda: True).wait(0) == []
    assert hub.count == 2


def test_one_person_does_not_take_every_place(quick: None, leaving: threading.Event) -> None:
    hub = Hub(frozenset, leaving, 10)
    streams = [hub.open(somebody("a", "warehouse"), lambda: True) for _ in range(MOST_OF_ONE + 1)]

    assert streams[0].wait(0) is None
    assert hub.count == MOST_OF_ONE


def test_a_page_that_was_closed_keeps_nobody_out(leaving: threading.Event) -> None:
    hub = Hub(frozenset, leaving, 2)
    closed = [False]
    left = hub.open(somebody("a", "warehouse"), lambda: True, lambda: closed[0])
    stays = hub.open(somebody("b", "warehouse"), lambda: True, lambda: False)
    with pytest.raises(Full):
        hub.open(somebody("c", "warehouse"), lambda: True)
    closed[0] = True
    hub.open(somebody("c", "warehouse"), lambda: True)

    assert left.wait(0) is None
    assert stays.wait(0) == []
    assert hub.count == 2


def test_a_closed_page_is_noticed_before_the_next_one_comes(quick: None, leaving: threading.Event) -> None:
    hub = Hub(frozenset, leaving, 2)
    here, page = socket.socketpair()
    with here:
        stream = hub.open(somebody("a", "warehouse"), lambda: True, has_left({"gunicorn.socket": here}))
        page.sendall(b"something")
        here.recv(9)
        assert stream.wait(0.05) == []
        page.close()
        assert stream.wait(5) is None


def test_what_was_sent_is_left_to_be_read() -> None:
    here, page = socket.socketpair()
    with here, page:
        assert not is_closed(here)
        page.sendall(b"x")
        assert not is_closed(here)
        assert here.recv(2) == b"x"
    assert is_closed(here)


def test_where_no_connection_is_shown_nobody_has_left() -> None:
    assert not has_left({})()
    assert has_left({"waitress.client_disconnected": lambda: True})()


def test_a_hint_comes_and_ends_with_the_session(quick: None, leaving: threading.Event) -> None:
    news, session = [frozenset({"deliveries"})], [True]
    hub = Hub(lambda: news.pop() if news else frozenset(), leaving, 2)
    stream = hub.open(somebody("a", "warehouse"), lambda: session[0])

    assert stream.wait(5) == ["deliveries"]
    session[0] = False
    assert stream.wait(5) is None


def test_nobody_asks_while_nobody_listens(quick: None, leaving: threading.Event) -> None:
    asked: list[int] = []

    def news() -> frozenset[str]:
        asked.append(1)
        raise RuntimeError("a look that fails ends nothing")

    hub = Hub(news, leaving, 2)
    stream = hub.open(somebody("a", "warehouse"), lambda: True)
    until(lambda: len(asked) > 3)
    hub.leave(stream)
    until(lambda: hub._thread is None)
    before = len(asked)
    time.sleep(0.05)
    assert len(asked) == before


def test_streams_end_when_the_process_leaves(quick: None, leaving: threading.Event) -> None:
    hub = Hub(frozenset, leaving, 2)
    stream = hub.open(somebody("a", "warehouse"), lambda: True)
    leaving.set()

    assert stream.wait(5) is None
    assert not hub.ended(0.01)
    hub.leave(stream)
    assert hub.ended(0.01)
    with pytest.raises(Full):
        hub.open(somebody("a", "warehouse"), lambda: True)


def test_only_the_cookie_listens(house: House) -> None:
    token = house.client("warehouse").get(ADDRESS)

    assert house.app.test_client().get(ADDRESS).status_code == 401
    assert token.status_code == 403
    assert token.json["code"] == "forbidden"


def test_a_browser_listens_and_a_full_house_says_when_to_come_again(house: House) -> None:
    house.add("wim", "warehouse")
    browsers = []
    for number in range(3):
        house.add(f"wim{number}", "warehouse")
        client = house.app.test_client()
        client.post("/api/v1/auth/session", json={"username": f"wim{number}", "password": PASSWORD})
        browsers.append(client)
    parts = house.app.extensions["meridian_gateway"]
    parts.changes._most = 2
    answers = [client.get(ADDRESS, buffered=False) for client in browsers]

    assert [each.status_code for each in answers] == [200, 200, 503]
    assert answers[0].content_type.startswith("text/event-stream")
    assert next(iter(answers[0].response)) == b"retry: 3000\n\n"
    assert answers[2].headers["Retry-After"] == "30"
    for each in answers:
        each.close()
    until(lambda: parts.changes.count == 0)


def _of_inventory(*messages: tuple[int, str]) -> Answer:
    body = {"items": [{"seq": seq, "type": kind} for seq, kind in messages]}
    return Answer(200, {}, json.dumps(body).encode())


class Told:
    """Stands for the services: inventory answers what it is given, the others that nothing is new."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def send(self, service: str, call: Call) -> Answer:
        if service != "inventory":
            return _of_inventory()
        self.asked.append(call.target)
        return self.answers.pop(0)


def _news(told: Told) -> News:
    class Unsigned:
        def internal_token(self, who: Principal, service: str) -> str:
            return ""

    return News(Services(SERVICES, told, Unsigned(), SystemClock()))


def test_what_was_there_before_is_no_news_and_the_rest_is_told_once() -> None:
    told = Told(
        _of_inventory((7, "inventory.delivery.created.v1")),
        _of_inventory((9, "inventory.delivery.picked.v1")),
        _of_inventory(),
    )
    news = _news(told)

    assert [news(), news(), news()] == [frozenset(), {"deliveries"}, frozenset()]
    assert [target.partition("?")[2] for target in told.asked] == [
        "",
        "since=7&limit=100",
        "since=9&limit=100",
    ]


def test_who_comes_after_a_long_silence_does_not_read_through_all_of_it() -> None:
    much = _of_inventory(*((seq, "inventory.item.registered.v1") for seq in range(8, 108)))
    told = Told(_of_inventory((7, "inventory.item.registered.v1")), much, _of_inventory((5000, "x")))
    news = _news(told)
    news()

    assert news() == {"deliveries", "purchases", "counts", "stock", "approvals"}
    assert news() == frozenset()
    assert told.asked[-1] == "/api/v1/events"


def test_a_service_that_is_silent_costs_only_its_own_news() -> None:
    told = Told(_of_inventory((7, "x")), Answer(503, {}, b""), _of_inventory((8, "inventory.stock.freed.v1")))
    news = _news(told)

    assert [news(), news(), news()] == [frozenset(), frozenset(), {"stock"}]
