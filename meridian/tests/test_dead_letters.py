"""``meridian dead`` on both stores: what a service parked, and what the broker gave up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from libs.common.db import Database
from libs.common.envelope import Message
from libs.common.inbox import Receiver, Subscriptions, dead
from libs.common.testing.databases import TestDatabases
from libs.common.tests.inbox.test_receiver import sale
from libs.common.tests.messaging.broker import Broker, MakeBroker, make_broker
from meridian.cli import main
from meridian.target import Target
from meridian.topography import SERVICES

__all__ = ["make_broker"]
pytestmark = pytest.mark.rabbitmq
WHY = ("--reason", "mended")


@pytest.fixture
def broker(make_broker: MakeBroker, monkeypatch: pytest.MonkeyPatch) -> Broker:
    broker = make_broker({"sales": (), "finance": ()})
    monkeypatch.setattr("meridian.broker.NAMES", broker.names)
    monkeypatch.setattr("meridian.dead_letters.SERVICES", ("sales", "finance"))
    return broker


@pytest.fixture
def databases_of(sqlite_databases: TestDatabases, clock) -> dict[str, Database]:
    return {name: sqlite_databases.make(name, None, clock=clock) for name in SERVICES}


@pytest.fixture
def run(broker: Broker, databases_of: dict[str, Database], tmp_path: Path) -> Callable[..., Result]:
    urls = {name: database.url for name, database in databases_of.items()}
    Target(tmp_path, "http://127.0.0.1:1", urls, broker.url).save()

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, ["dead", *words, "--target", "local", "--home", str(tmp_path)])

    return invoke


def give_up(broker: Broker, service: str, message: Message) -> None:
    """Put a message where the broker puts what it gave up delivering to ``service``."""
    queue = broker.names.dead_queue(service)
    broker.put(queue, message.to_bytes(), message_id=message.id, type=message.type)


def park(database: Database, message: Message) -> None:
    """Let ``database``'s service have no handler for the message."""
    Receiver(database, Subscriptions(database.service)).receive([message])


def listed(run: Callable[..., Result], *words: str) -> list[tuple[str, str, str]]:
    rows = [json.loads(line) for line in run("list", "--json", *words).output.splitlines()]
    return [(row["service"], row["store"], row["id"]) for row in rows]


def test_the_list_shows_both_stores(
    run: Callable[..., Result], broker: Broker, databases_of: dict[str, Database]
) -> None:
    lost, unknown = sale("a", 1), sale("b", 1)
    give_up(broker, "finance", lost)
    park(databases_of["sales"], unknown)
    (parked,) = databases_of["sales"].read(dead.list_parked)
    both = [("sales", "parked", parked.id), ("finance", "queue", lost.id)]
    for _ in range(2):
        assert listed(run) == both
    assert listed(run, "--service", "finance") == both[1:]
    assert listed(run, "--state", "dead") == both
    assert listed(run, "--state", "retry") == []
    text = run("list").output
    assert f"{lost.id} finance       queue  dead" in text
    assert text.endswith("2 messages\n")


def test_retry_sends_it_to_the_queue_of_its_service_and_is_written_down_there(
    run: Callable[..., Result], broker: Broker, databases_of: dict[str, Database]
) -> None:
    first, second = sale("a", 1), sale("a", 2)
    give_up(broker, "finance", first)
    give_up(broker, "finance", second)
    assert json.loads(run("show", first.id).output)["body"] == first.to_bytes().decode()
    assert run("retry", first.id, *WHY).exit_code == 0
    assert listed(run) == [("finance", "queue", second.id)]
    assert broker.messages(broker.names.queue("finance")) == [first.id]
    (act,) = databases_of["finance"].read(dead.acts)
    assert (act.act, act.event_id, act.reason) == ("retry", first.id, "mended")
    assert databases_of["sales"].read(dead.acts) == []


def test_what_is_parked_is_retried_where_it_is(
    run: Callable[..., Result], databases_of: dict[str, Database]
) -> None:
    park(databases_of["sales"], sale("a", 1))
    (parked,) = databases_of["sales"].read(dead.list_parked)
    assert run("retry", parked.id, *WHY).exit_code == 0
    assert databases_of["sales"].read(lambda c: dead.show(c, parked.id)).state == "retry"
    assert run("discard", parked.id, *WHY).exit_code == 0
    assert listed(run) == []
    assert [act.act for act in databases_of["sales"].read(dead.acts)] == ["discard", "retry"]


def test_a_message_that_two_services_lost_is_given_up_for_the_one_that_is_named(
    run: Callable[..., Result], broker: Broker, databases_of: dict[str, Database]
) -> None:
    lost = sale("a", 1)
    for service in ("sales", "finance"):
        give_up(broker, service, lost)
    unclear = run("discard", lost.id, *WHY)
    assert unclear.exit_code == 1
    assert "finance, sales; say which by --service" in unclear.output
    assert run("discard", lost.id, "--service", "sales", *WHY).exit_code == 0
    assert listed(run) == [("finance", "queue", lost.id)]
    assert [act.act for act in databases_of["sales"].read(dead.acts)] == ["discard"]


def test_what_cannot_be_done_is_told(run: Callable[..., Result], broker: Broker, tmp_path: Path) -> None:
    lost, data = sale("a", 1), tmp_path / "data.json"
    give_up(broker, "finance", lost)
    data.write_text("{}")
    edited = run("edit", lost.id, str(data), *WHY)
    assert (edited.exit_code, "only a parked message can be edited" in edited.output) == (1, True)
    missing = run("retry", sale("c", 1).id, *WHY)
    assert (missing.exit_code, "meridian dead list" in missing.output) == (1, True)


def test_without_a_broker_what_is_parked_is_listed_all_the_same(
    run: Callable[..., Result], databases_of: dict[str, Database], tmp_path: Path
) -> None:
    park(databases_of["finance"], sale("a", 1))
    urls = {name: database.url for name, database in databases_of.items()}
    Target(tmp_path, "http://127.0.0.1:1", urls, "amqp://guest:guest@127.0.0.1:1/%2F").save()
    answer = run("list")
    assert (answer.exit_code, "parked dead" in answer.output) == (1, True)
    assert "see that the broker runs" in answer.output
