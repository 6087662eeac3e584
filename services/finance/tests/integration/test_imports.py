"""Credit limits brought in over HTTP as rows."""

from __future__ import annotations

from typing import Any

from libs.common.db import Database
from services.finance.tests.builders import HARBOR, harbor_pumps
from services.finance.tests.integration.test_api import Clients

URL = "/api/v1/credit-limit-imports"
NUMBER = harbor_pumps().number


def send(clients: Clients, *cells: dict[str, str], preview: bool = False) -> Any:
    rows = [{"line": line, "cells": each} for line, each in enumerate(cells, 2)]
    return clients.of("admin").post(URL, json={"rows": rows, "preview": preview})


def limit_of(clients: Clients) -> str | None:
    shown = clients.finance.get(f"/api/v1/accounts/{HARBOR}").json["limit"]
    return shown and shown["amount"]


def test_limits_are_set_after_a_look(finance: Database) -> None:
    clients = Clients(finance)
    row = {"customer": NUMBER, "currency": "USD", "limit": "2500.00"}
    assert send(clients, row, preview=True).json["taken"] == 1
    assert limit_of(clients) == "1000.00"
    assert send(clients, row).json["taken"] == 1
    assert limit_of(clients) == "2500.00"
    assert send(clients, row | {"limit": ""}).json["taken"] == 1
    assert limit_of(clients) is None


def test_a_limit_finer_than_its_currency_or_of_another_is_named(finance: Database) -> None:
    clients = Clients(finance)
    refused = send(
        clients,
        {"customer": NUMBER, "currency": "USD", "limit": "2500.005"},
        {"customer": "K-999", "currency": "USD", "limit": "1.00"},
    )
    assert refused.status_code == 422
    assert [(each["line"], each["column"]) for each in refused.json["problems"]] == [
        (2, "limit"),
        (3, "customer"),
    ]
    assert limit_of(clients) == "1000.00"
