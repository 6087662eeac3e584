"""The main screens, each with who looks at it; a document is named by what prepared it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.console.person import PATIENCE_MS


@dataclass(frozen=True)
class Screen:
    """A screen: its address (``{order}`` stands for a prepared order), and the role that has it."""

    name: str
    path: str
    role: str


WHO = {"sales_manager": "mia", "warehouse": "wim", "finance": "fay", "service": "sid", "admin": "admin"}
"""Who has a role, by the names of the example company."""

SCREENS = (
    Screen("home", "/", "sales_manager"),
    Screen("customers", "/customers", "sales_manager"),
    Screen("customer", "/customers/{customer}", "sales_manager"),
    Screen("leads", "/leads", "sales_manager"),
    Screen("lead", "/leads/{lead}", "sales_manager"),
    Screen("opportunities", "/opportunities", "sales_manager"),
    Screen("opportunity", "/opportunities/{opportunity}", "sales_manager"),
    Screen("quotations", "/quotations", "sales_manager"),
    Screen("quotation", "/quotations/{quotation}", "sales_manager"),
    Screen("quotation-editor", "/quotations/new?customer={customer}", "sales_manager"),
    Screen("orders", "/orders", "sales_manager"),
    Screen("order", "/orders/{order}", "sales_manager"),
    Screen("figures", "/figures", "sales_manager"),
    Screen("approvals", "/approvals", "sales_manager"),
    Screen("deliveries", "/warehouse/deliveries", "warehouse"),
    Screen("delivery", "/warehouse/deliveries/{delivery}", "warehouse"),
    Screen("receive", "/warehouse/receive", "warehouse"),
    Screen("stock", "/warehouse/stock", "warehouse"),
    Screen("invoices", "/finance/invoices", "finance"),
    Screen("payments", "/finance/payments", "finance"),
    Screen("payment", "/finance/payments/{payment}", "finance"),
    Screen("ageing", "/finance/ageing", "finance"),
    Screen("tickets", "/service/tickets", "service"),
    Screen("ticket", "/service/tickets/{ticket}", "service"),
    Screen("users", "/admin/users", "admin"),
    Screen("services", "/admin/services", "admin"),
)


def settled(page: Page) -> None:
    """Wait until what a screen asks for has come."""
    expect(page.locator("main#content h1")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".el-skeleton")).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")
