"""A valid request of every operation about quotations on paper, behind links, and in one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e.world import usd
from tests.security.example import Example, Make
from tests.security.shelf import Shelf

TEXTS = {
    "en": {"intro": "Thank you for asking.", "terms": "30 days net."},
    "zh": {"intro": "感谢询价。", "terms": "货到30天付款。"},
}


def _standard(shelf: Shelf) -> Example:
    line = shelf.line() | {"unit_price": usd("99.00"), "discount_percent": "5"}
    days = {"valid_until": "2199-12-31", "promised_on": "2199-12-31"}
    lines = [line, shelf.line() | {"discount_percent": "5"}]
    body = {"customer_id": shelf.customer["id"], "lines": lines, "template_id": None, "last_order": False}
    return Example(
        body=body
        | days
        | {"send": False, "channel": "web", "coupon": shelf.coupon, "order_type": "standard", "fields": {}}
    )


def _template(shelf: Shelf) -> Example:
    first = shelf.line() | {
        "discount_percent": "5",
        "choice": "alternative",
        "group": "Size",
        "preselected": True,
    }
    lines = [first, shelf.line("2") | {"choice": "alternative", "group": "Size"}]
    return Example(body={"name": shelf.named("Starter"), "validity_days": 14, "texts": TEXTS, "lines": lines})


def _company(_shelf: Shelf) -> Example:
    words = {"name": "Meridian", "address": "1 Road", "bank": "Bank", "footer": "Foot"}
    contact = {"tax_number": "9131", "phone": "+86", "email": "a@b.example", "website": "w.example"}
    return Example(body={"en": words, "zh": dict(words), "logo_text": "M"} | contact)


def _document(name: str, part: Callable[[Shelf], Any]) -> Make:
    return lambda shelf: Example({name: part(shelf)["id"]})


def _listing(_shelf: Shelf) -> Example:
    return Example()


QUOTING: dict[str, Make] = {
    "POST /api/v1/quotations/standard": _standard,
    "GET /api/v1/quotations/{quotation_id}/paper": _document("quotation_id", lambda shelf: shelf.quotation),
    "GET /api/v1/quotations/{quotation_id}/pdf": lambda shelf: Example(
        {"quotation_id": shelf.quotation["id"]}, query={"language": "zh-CN"}
    ),
    "GET /api/v1/quotations/{quotation_id}/link": _document("quotation_id", lambda shelf: shelf.linked),
    "POST /api/v1/quotations/{quotation_id}/link": _document(
        "quotation_id", lambda shelf: shelf.fresh_quotation(sent=True)
    ),
    "DELETE /api/v1/quotations/{quotation_id}/link": lambda shelf: Example(
        {"quotation_id": shelf.fresh_link()["quotation_id"]}
    ),
    "GET /api/v1/public/quotations/{token}": lambda shelf: Example({"token": shelf.token}),
    "GET /api/v1/public/quotations/{token}/pdf": lambda shelf: Example(
        {"token": shelf.token}, query={"language": "zh-CN"}
    ),
    "POST /api/v1/public/quotations/{token}/accept": lambda shelf: Example(
        {"token": shelf.fresh_link()["token"]}, {"name": "Ann", "chosen": [2]}
    ),
    "POST /api/v1/public/quotations/{token}/decline": lambda shelf: Example(
        {"token": shelf.fresh_link()["token"]}, {"name": "Ann", "reason": "Too dear"}
    ),
    "GET /api/v1/company-profile": _listing,
    "PUT /api/v1/company-profile": _company,
    "GET /api/v1/quotation-templates": _listing,
    "POST /api/v1/quotation-templates": _template,
    "GET /api/v1/quotation-templates/{template_id}": _document("template_id", lambda shelf: shelf.template),
}
