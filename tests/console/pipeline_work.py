"""What sellers of the pictures' company look after: leads of campaigns, opportunities at every stage, things to do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.e2e.world import usd

if TYPE_CHECKING:
    from tests.console.working_day import Noon

LEADS = (
    ("Elbe Shipyards", "Marta Voss", "Fair", "Hamburg", 240, 0),
    ("苏州净水科技", "王芳", "Website", "苏州", 85, 1),
    ("Alpine Lodges", "Reto Frei", "Fair", "Chur", 60, 0),
    ("Port Authority Delft", "Anke Visser", "Recommended", "Delft", 410, None),
    ("Harbor Pumps", "Joan Lind", "Website", "Rotterdam", 32, 1),
    ("Brno Breweries", "Jiří Dvořák", "Letter", "Brno", 150, 2),
)
"""Company, person, where they heard of us, city, employees, and of which campaign."""
OPPORTUNITIES = (
    (
        "A-002",
        "ida",
        "Pumps for the new quay",
        "negotiation",
        "18400.00",
        12,
        "Agree on the delivery in two parts",
        2,
    ),
    (
        "A-001",
        "sam",
        "Yearly contract for spares",
        "proposition",
        "9600.00",
        20,
        "Send the price list for dealers",
        1,
    ),
    ("A-004", "sam", "Retrofit of hall 3", "qualified", "27500.00", 45, "Visit with the technician", 6),
    ("A-003", "ned", "二期泵站设备", "proposition", "31200.00", 30, "确认技术参数", 3),
    ("A-005", "ida", "Heating of the annex", "new", "7300.00", 60, "Ask who decides", 4),
    ("A-006", "ned", "园区暖通改造", "qualified", "14800.00", 40, "报价前现场勘察", 5),
    ("A-008", "ida", "Strainers for the waterworks", "new", "5200.00", 55, "Call back after the tender", 8),
    ("A-010", "sam", "Irrigation, south field", "negotiation", "12100.00", 9, "Terms of payment", 1),
    ("A-009", "ned", "Twelve replacement pumps", "new", "6150.00", 70, "Find the serial numbers", 3),
)
"""Customer, salesperson, title, stage, value, days until it closes, the next step, and in how many days that is."""
TO_DO = (
    ("mia", "A-002", "call", "Terms for the framework contract", 0),
    ("mia", "A-004", "visit", "Review of the year with Ms Bergmann", 1),
    ("mia", "A-007", "call", "Three invoices are overdue", 2),
    ("sam", "A-001", "call", "Price list for dealers", 0),
    ("sam", "A-010", "mail", "Answer about the terms of payment", 1),
)
"""Who, about which customer, what, and in how many days."""


def leads(world: Noon, campaigns: list[Any]) -> tuple[Any, list[Any]]:
    """Write leads down, and make customers of two; return one that is open, and those two as they are now."""
    sam, made = world.system["sam"], []
    for company, person, source, city, employees, campaign in LEADS:
        body = {
            "company_name": company,
            "person": person,
            "source": source,
            "city": city,
            "employees": employees,
        }
        owed = {} if campaign is None else {"campaign_id": campaigns[campaign]["id"]}
        made.append(sam.post("/leads", body | owed | {"phone": "+31 10 555 0199"}, key=world.name("lead")))
    won_by = []
    for lead, title, value in (
        (made[2], "First pumps for the lodges", "4300.00"),
        (made[5], "Brewhouse 2", "8900.00"),
    ):
        line = {"item_id": world.items["PUMP-25"]["id"], "quantity": "16"}
        won = {"title": title, "value": usd(value), "lines": [line]}
        won_by.append(sam.post(f"/leads/{lead['id']}/qualify", won, key=world.name("qualify")))
    return made[0], won_by


def opportunities(world: Noon) -> Any:
    """Open opportunities and bring each to its stage; return the one that is nearest to its close."""
    made = []
    for number, by, title, stage, value, closes, step, step_in in OPPORTUNITIES:
        body = {
            "customer_id": world.customers[number]["id"],
            "title": title,
            "value": usd(value),
            "expected_close_on": world.day(closes),
            "next_step": step,
            "next_step_on": world.day(step_in),
            "lines": [{"item_id": world.items["PUMP-60"]["id"], "quantity": "12"}],
        }
        person = world.system[by]
        one = person.post("/opportunities", body, key=world.name("opportunity"))
        if stage != "new":
            person.post(f"/opportunities/{one['id']}/stage", {"stage": stage}, key=world.name("stage"))
        made.append(one)
    return made[0]


def things_to_do(world: Noon) -> None:
    """Write down what is due in the next days."""
    for who, number, kind, subject, days in TO_DO:
        due = f"{world.today + timedelta(days=days):%Y-%m-%d}T13:30:00Z"
        body = {"customer_id": world.customers[number]["id"], "kind": kind, "subject": subject, "due_at": due}
        world.system[who].post("/activities", body, key=world.name("activity"))
