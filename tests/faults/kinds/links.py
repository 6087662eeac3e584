"""Links that are cut, half cut, slow or broken in the middle of a word."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from libs.common.testing.wire import CALM, Weather, Wire
from meridian.local.processes import Program
from tests.faults.kinds.base import Fault, Strike
from tests.faults.network import Link
from tests.faults.outfit import Alter, Outfit, address_of, store_of
from tests.faults.servers import AMQP_PORT, POSTGRES_PORT
from tests.faults.site import Site

AMQP_WIRE, POSTGRES_WIRE = 15672, 15432


class BrokerPartition(Fault):
    """One service cannot reach the broker: silence in both directions, then in one."""

    id = "F17"
    says = "inventory cut off from the broker, 30 s both ways, then 20 s on the way back only"

    def strike(self, at: Strike) -> None:
        """Cut and mend the link twice."""
        link = Link(address_of("inventory"), AMQP_PORT)
        at.wait_for_share(at.lots.uniform(0.05, 0.2))
        cut(at, link, 30)
        at.wait_for_share(at.lots.uniform(0.4, 0.6))
        cut(at, link, 20, there=False)


class DatabasePartition(Fault):
    """One service cannot reach its database."""

    id = "F18"
    says = "sales cut off from PostgreSQL, 30 s both ways, then 20 s on the way back only"

    def strike(self, at: Strike) -> None:
        """Cut and mend the link twice."""
        link = Link(address_of("sales"), POSTGRES_PORT)
        at.wait_for_share(at.lots.uniform(0.05, 0.2))
        cut(at, link, 30)
        at.wait_for_share(at.lots.uniform(0.4, 0.6))
        cut(at, link, 20, there=False)


class GatewayPartition(Fault):
    """The gateway cannot reach one service."""

    id = "F18b"
    says = "gateway cut off from finance for 30 s"

    def strike(self, at: Strike) -> None:
        """Cut and mend the link."""
        url = urlsplit(at.site.target.service_urls["finance"])
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        cut(at, Link(url.hostname or "", url.port or 0), 30)


def cut(at: Strike, link: Link, seconds: float, *, there: bool = True) -> None:
    """Cut ``link`` for some time."""
    at.site.network.cut(link, there=there)
    at.blow(f"{link.address}:{link.port} cut {'both ways' if there else 'on the way back'}")
    at.pause(seconds)
    at.site.network.mend()
    at.say("link mended")


def _through(server_port: int, wire_port: int) -> Alter:
    def alter(program: Program) -> Program:
        host = address_of(store_of(program.name))
        environment = {
            name: text.replace(f"@{host}:{server_port}", f"@127.0.0.1:{wire_port}")
            for name, text in program.environment.items()
        }
        return replace(program, environment=environment)

    return alter


class _Wired(Fault):
    """The broker's link of sales' worker and the database's link of finance go over wires of the run."""

    outfit = Outfit(
        {
            "sales-worker": _through(AMQP_PORT, AMQP_WIRE),
            "finance-worker": _through(POSTGRES_PORT, POSTGRES_WIRE),
        }
    )

    def open(self, site: Site) -> None:
        """Lay the wires."""
        self.broker_wire = Wire(("127.0.0.1", AMQP_PORT), AMQP_WIRE)
        self.database_wire = Wire(("127.0.0.1", POSTGRES_PORT), POSTGRES_WIRE)

    def close(self, site: Site) -> None:
        """Take the wires away."""
        self.broker_wire.close()
        self.database_wire.close()


class SlowLink(_Wired):
    """Bad weather of every kind."""

    id = "F19"
    says = "links 200 ms slower, at 64 kbit/s, split into 7 bytes, reset after 20 kB; 15 s each"
    most_orders = 300

    def strike(self, at: Strike) -> None:
        """Let one weather follow another."""
        at.wait_for_share(at.lots.uniform(0.05, 0.2))
        for what, weather in (
            ("200 ms later", Weather(delay_s=0.2)),
            ("64 kbit/s", Weather(bytes_per_s=8000, split=800)),
            ("7 bytes at a time", Weather(split=7)),
            ("reset after 20 kB", Weather(reset_after=20_000)),
        ):
            self.broker_wire.weather = self.database_wire.weather = weather
            at.blow(what)
            at.pause(15)
        self.broker_wire.weather = self.database_wire.weather = CALM


class LateConfirms(_Wired):
    """The broker's answers come after the relay has stopped waiting for them."""

    id = "F19b"
    says = "answers of the broker to sales arrive 12 s late (confirm timeout 10 s) for 40 s"

    def strike(self, at: Strike) -> None:
        """Delay what comes back."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        self.broker_wire.weather = Weather(delay_s=12, there=False)
        at.blow("answers are late")
        at.pause(40)
        self.broker_wire.weather = CALM
