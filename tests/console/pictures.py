"""Which pictures of the console are kept in ``docs/console``, and who is at which screen in each."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import ViewportSize

from tests.console.person import DESKTOP as DESK
from tests.console.person import PHONE
from tests.console.screens import SCREENS, WHO


@dataclass(frozen=True)
class Picture:
    """A screen as somebody sees it; ``{order}`` in its address stands for a prepared order.

    ``whole`` takes the page to its end. ``stopped`` names a service that stops answering while the page is open.
    """

    screen: str
    path: str
    who: str
    language: str = "en"
    phone: bool = False
    whole: bool = False
    stopped: str | None = None

    @property
    def size(self) -> ViewportSize:
        """The size of the window, in pixels."""
        width, height = (PHONE if self.phone else DESK).values()
        return {"width": width, "height": height}

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.screen}-{self.language}-{'phone' if self.phone else 'desktop'}.png"


ADDRESSES = {each.name: (each.path, WHO[each.role]) for each in SCREENS} | {
    "quotation-editor": ("/quotations/{quotation}/revise", "ida"),
    "customer-not-current": ("/customers/{customer}", "ida"),
}
"""Where each screen is for the pictures, and who looks at it."""

DESKTOP = (
    "home", "customer", "overview", "proposals", "leads", "opportunities", "quotation-editor", "quotation", "order",
    "orders", "approvals", "deliveries", "delivery", "purchase", "count", "stock", "invoice", "bank-line",
    "payment", "dunning", "ledger", "tickets", "ticket", "admin", "flow-editor", "form-editor", "import",
)  # fmt: skip
ON_THE_PHONE = ("approvals", "customer", "delivery")
IN_CHINESE = ("customer", "opportunities", "ageing", "ticket")
IN_CHINESE_ON_THE_PHONE = ("approvals", "quotation-editor", "delivery")


def _of(screen: str, **how: object) -> Picture:
    return Picture(screen, *ADDRESSES[screen], **how)  # type: ignore[arg-type]


KEPT = (
    *(_of(each) for each in DESKTOP),
    _of("ageing", whole=True),
    _of("figures", whole=True),
    *(_of(each, phone=True) for each in ON_THE_PHONE),
    *(_of(each, language="zh") for each in IN_CHINESE),
    *(_of(each, language="zh", phone=True) for each in IN_CHINESE_ON_THE_PHONE),
    _of("customer-not-current", stopped="service_desk", whole=True),
)
"""The last stops a service, so it comes after all others."""


def every() -> tuple[Picture, ...]:
    """Return each screen in both languages, on the desk and on the phone: to look at after a change."""
    return tuple(
        _of(name, language=language, phone=phone)
        for language, phone in (("en", False), ("zh", True), ("zh", False), ("en", True))
        for name in dict.fromkeys(each.name for each in SCREENS)
    )
