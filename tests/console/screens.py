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
    Screen("overview", "/customers/overview", "sales_manager"),
    Screen("proposals", "/customers/proposals", "sales_manager"),
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
    Screen("pack", "/warehouse/deliveries/{picked}/pack", "warehouse"),
    Screen("purchases", "/warehouse/purchases", "warehouse"),
    Screen("purchase", "/warehouse/purchases/{purchase}", "warehouse"),
    Screen("receive", "/warehouse/receive", "warehouse"),
    Screen("counts", "/warehouse/counts", "warehouse"),
    Screen("count", "/warehouse/counts/{count}", "warehouse"),
    Screen("stock", "/warehouse/stock", "warehouse"),
    Screen("returns", "/returns", "warehouse"),
    Screen("return", "/returns/{return_allowed}", "warehouse"),
    Screen("return-inspect", "/returns/{return_received}", "warehouse"),
    Screen("return-asked", "/returns/{return}", "sales_manager"),
    Screen("return-new", "/returns/new?order={shipped}", "sales_manager"),
    Screen("items", "/items", "warehouse"),
    Screen("item", "/items/{item}", "warehouse"),
    Screen("item-sales", "/items/{item}", "sales_manager"),
    Screen("pending", "/warehouse/pending", "warehouse"),
    Screen("invoices", "/finance/invoices", "finance"),
    Screen("invoice", "/finance/invoices/{invoice}", "finance"),
    Screen("payments", "/finance/payments", "finance"),
    Screen("payment", "/finance/payments/{payment}", "finance"),
    Screen("credit-note", "/finance/credit-notes/{credit_note}", "finance"),
    Screen("bank", "/finance/bank", "finance"),
    Screen("bank-line", "/finance/bank/{bank_line}", "finance"),
    Screen("ageing", "/finance/ageing", "finance"),
    Screen("dunning", "/finance/dunning", "finance"),
    Screen("statement", "/finance/statements/{customer}", "finance"),
    Screen("ledger", "/finance/ledger", "finance"),
    Screen("ledger-account", "/finance/ledger/accounts/1200", "finance"),
    Screen("journal", "/finance/ledger/entries", "finance"),
    Screen("figures-finance", "/figures", "finance"),
    Screen("tickets", "/service/tickets", "service"),
    Screen("ticket", "/service/tickets/{ticket}", "service"),
    Screen("articles", "/service/articles", "service"),
    Screen("article", "/service/articles/{article}", "service"),
    Screen("article-edit", "/service/articles/{article}/edit", "service"),
    Screen("admin", "/admin", "admin"),
    Screen("messages", "/admin/messages", "admin"),
    Screen("message", "/admin/messages/sales/{parked}", "admin"),
    Screen("audits", "/admin/audits", "admin"),
    Screen("flows", "/admin/flows", "sales_manager"),
    Screen("flow", "/admin/flows/{flow}", "sales_manager"),
    Screen("flow-editor", "/admin/flows/new?from={flow}", "sales_manager"),
    Screen("flows-finance", "/admin/flows/finance", "finance"),
    Screen("flow-editor-finance", "/admin/flows/finance/new", "finance"),
    Screen("flows-inventory", "/admin/flows/inventory", "finance"),
    Screen("policies", "/admin/policies", "sales_manager"),
    Screen("policy", "/admin/policies/{policy}", "sales_manager"),
    Screen("policy-editor", "/admin/policies/new?from={policy}", "sales_manager"),
    Screen("promotions", "/admin/promotions", "sales_manager"),
    Screen("promotion", "/admin/promotions/{promotion}", "sales_manager"),
    Screen("promotion-editor", "/admin/promotions/new?from={promotion}", "sales_manager"),
    Screen("forms", "/admin/forms", "sales_manager"),
    Screen("form", "/admin/forms/customer", "sales_manager"),
    Screen("form-editor", "/admin/forms/customer/edit", "sales_manager"),
    Screen("roster", "/admin/roster", "sales_manager"),
    Screen("routing", "/admin/routing", "sales_manager"),
    Screen("sla", "/admin/sla", "sales_manager"),
    Screen("types", "/admin/types", "sales_manager"),
    Screen("type", "/admin/types/{order_type}", "sales_manager"),
    Screen("imports", "/admin/imports", "admin"),
    Screen("import", "/admin/imports/prices", "admin"),
    Screen("keys", "/admin/keys", "admin"),
    Screen("users", "/admin/users", "admin"),
    Screen("services", "/admin/services", "admin"),
)


def settled(page: Page) -> None:
    """Wait until what a screen asks for has come."""
    expect(page.locator("main#content h1")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".el-skeleton")).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")
