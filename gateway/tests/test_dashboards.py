"""R1.2: a dashboard for each role, in one call; a service that is down costs its figures only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gateway.clients.routing import BASE, route_of
from gateway.dashboards.plan import PLANS, Tile, Window
from gateway.tests.conftest import SETTINGS, House
from gateway.tests.upstream import replying

PATH = "/api/v1/dashboards"
TILES = [(role, name, tile) for role, tiles in PLANS.items() for name, tile in tiles.items()]


@pytest.fixture
def telling(house: House) -> House:
    """Every service tells every figure its own name."""
    for _, _, tile in TILES:
        house.upstreams[tile.service].replies[tile.path] = replying(200, {"told_by": tile.service})
    return house


def figures(house: House, role: str, *roles: str) -> dict[str, Any]:
    answer = house.client(*roles, username=f"user-{role}-{'-'.join(roles)}").get(f"{PATH}/{role}")
    assert answer.status_code == 200, answer.json
    return {figure["name"]: figure for figure in answer.json["figures"]}


@pytest.mark.parametrize(
    ("role", "login"),
    [
        ("owner", "sales_manager"),
        ("sales_manager", "sales_manager"),
        ("salesperson", "sales"),
        ("warehouse", "warehouse"),
        ("finance", "finance"),
        ("service", "service"),
    ],
)
def test_r1_2_each_role_has_its_figures_with_source_and_time(telling: House, role: str, login: str) -> None:
    found = figures(telling, role, login)
    assert list(found) == list(PLANS[role])
    for name, figure in found.items():
        section = figure["section"]
        assert (section["status"], section["data"]) == ("ok", {"told_by": PLANS[role][name].service})
        assert section["as_of"] is not None
        assert figure["address"].startswith(PLANS[role][name].path)


def test_a_service_that_is_down_costs_its_figures_only(telling: House) -> None:
    for tile in PLANS["owner"].values():
        if tile.service == "finance":
            telling.upstreams["finance"].replies[tile.path] = replying(503, {"code": "busy", "detail": "No."})
    found = figures(telling, "owner", "finance")
    status = {name: figure["section"]["status"] for name, figure in found.items()}
    assert status["receivables"] == "unavailable"
    assert {state for name, state in status.items() if name != "receivables"} == {"ok"}


def test_what_a_service_will_not_show_is_told_as_denied(telling: House) -> None:
    telling.upstreams["inventory"].replies["/api/v1/inventory-turnover"] = replying(
        403, {"code": "forbidden", "detail": "Your role does not allow this."}
    )
    assert figures(telling, "finance", "finance")["turnover"]["section"]["status"] == "denied"


def test_a_role_sees_no_other_roles_dashboard(telling: House) -> None:
    client = telling.client("warehouse", username="wim")
    assert {role: client.get(f"{PATH}/{role}").status_code for role in PLANS} == {
        role: 200 if role == "warehouse" else 403 for role in PLANS
    }


def test_the_days_are_the_companys(telling: House) -> None:
    answer = telling.client("finance", username="fay").get(f"{PATH}/owner").json
    today = telling.clock.now().astimezone(SETTINGS.company_zone).date()
    first = today - timedelta(days=29)
    assert answer["period"] == {"from": first.isoformat(), "to": today.isoformat()}
    (revenue,) = [each for each in answer["figures"] if each["name"] == "revenue"]
    assert f"from={first.isoformat()}&to={today.isoformat()}" in revenue["address"]


TEAM, CAMPAIGN = (f"00000000-0000-7000-8000-00000000000{n}" for n in (1, 2))


@pytest.mark.parametrize(("role", "login"), [("sales_manager", "sales_manager"), ("salesperson", "sales")])
def test_r1_3_a_dashboard_of_a_team_asks_what_can_tell_it_apart_for_it(
    telling: House, role: str, login: str
) -> None:
    client = telling.client(login, username=f"of-a-team-{role}")
    among = f"team={TEAM}&campaign={CAMPAIGN}"
    found = client.get(f"{PATH}/{role}?campaign={CAMPAIGN}&team={TEAM}").json["figures"]
    narrowed = {each["name"] for each in found if each["narrowed"]}
    assert {"revenue", "repurchase", "buyers", "pipeline", "funnel", "process"} <= narrowed
    assert ("products" in narrowed) is ("products" in PLANS[role])
    assert not {"on_time_in_full", "receivables", "targets"} & narrowed
    for each in found:
        for address in (each["address"], each["documents"]):
            asked = set(address.partition("?")[2].split("&"))
            assert (set(among.split("&")) <= asked) is each["narrowed"], address
    assert not any(each["narrowed"] for each in client.get(f"{PATH}/{role}").json["figures"])


def test_where_orders_wait_is_all_that_the_warehouse_has_of_a_team(telling: House) -> None:
    found = telling.client("warehouse", username="wim").get(f"{PATH}/warehouse?team={TEAM}").json["figures"]
    assert [each["name"] for each in found if each["narrowed"]] == ["process"]
    (process,) = (each for each in found if each["narrowed"])
    assert process["documents"] == f"/api/v1/orders?hold=stock&team={TEAM}"


def test_what_is_no_team_and_who_has_no_figures_of_a_team_is_refused(telling: House) -> None:
    mia, sam = telling.client("sales_manager", username="mia"), telling.client("service", username="s")
    for client, address in ((mia, "sales_manager?team=north"), (sam, f"service?team={TEAM}")):
        answer = client.get(f"{PATH}/{address}")
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "team")


@pytest.mark.parametrize("tile", [tile for _, _, tile in TILES], ids=lambda tile: tile.path)
def test_every_figure_and_its_documents_are_the_services(tile: Tile) -> None:
    window = Window.usual(date(2026, 3, 2))
    for address in (tile.address(window), tile.behind(window)):
        path = address.partition("?")[0].removeprefix(f"{BASE}/")
        route = route_of(path)
        assert route is not None
        assert route.service == tile.service
