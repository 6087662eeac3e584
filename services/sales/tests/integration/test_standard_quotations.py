"""Quotations in one act, the templates behind them, what they say and how they are printed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from libs.common.printing import Press
from services.sales.api.printing import paper_data
from services.sales.app import create_app
from services.sales.reports.papers import paper_of
from services.sales.tests.approving import FLOWS, flow, step
from services.sales.tests.builders import HARBOR, RELIC, ROPE, UNKNOWN, Desk, chai_line, settings
from services.sales.tests.integration.test_quotations_api import URL, body, line, problem, usd
from services.sales.tests.integration.test_taxes import set_taxes

TEMPLATES = "/api/v1/quotation-templates"
COMPANY = "/api/v1/company-profile"
TEXTS = {
    "en": {"intro": "Thank you.", "terms": "30 days net.\nEx works."},
    "zh": {"intro": "感谢询价。", "terms": "货到30天付款。"},
}
HOSTILE = '#read("/etc/passwd") $x$ *b* _i_ <tag> @ref `raw` \\ // [ ] { } "'


def define(desk: Desk, *lines: dict[str, Any], **more: Any) -> Any:
    wanted = {"name": "Starter", "texts": TEXTS, "validity_days": 14, "lines": list(lines) or [line()]} | more
    answer = desk.mike.post(TEMPLATES, json=wanted)
    assert answer.status_code == 201, answer.json
    return answer.json


def standard(desk: Desk, **wanted: Any) -> Any:
    return desk.nancy.post(f"{URL}/standard", json={"customer_id": HARBOR.id} | wanted)


def test_r7_4_a_list_of_items_is_priced_numbered_and_sent_in_one_act(plain_desk: Desk):
    answer = standard(plain_desk, lines=[line(), line(item_id=ROPE.id, quantity="3")], send=True)
    assert answer.status_code == 201
    assert (answer.json["number"], answer.json["state"], answer.json["total"]) == (
        "Q-000001", "sent", usd("181.00"),
    )  # fmt: skip
    assert answer.headers["Location"] == f"{URL}/{answer.json['id']}"
    assert plain_desk.said() == ["sales.quotation.issued.v1", "sales.quotation.sent.v1"]


def test_a_template_gives_its_lines_choices_days_and_words_at_the_prices_of_today(desk: Desk):
    template = define(
        desk, line(discount_percent="5"), line(item_id=ROPE.id, choice="optional", preselected=True)
    )
    assert (template["revision"], template["texts"], template["lines"][0]["discount_percent"]) == (
        1,
        TEXTS,
        "5.00",
    )
    made = standard(desk, template_id=template["id"]).json
    assert (made["state"], made["valid_until"], made["total"]) == ("draft", "2026-03-16", usd("174.33"))
    assert [(each["choice"], each["included"]) for each in made["lines"]] == [
        ("required", True),
        ("optional", True),
    ]
    paper = desk.nancy.get(f"{URL}/{made['id']}/paper").json
    assert paper["texts"] == TEXTS
    revised = desk.nancy.post(f"{URL}/{made['id']}/revise", json={"lines": [line()]}).json
    assert desk.nancy.get(f"{URL}/{revised['id']}/paper").json["texts"] == TEXTS, "left out, they stay"


def test_a_template_is_replaced_by_its_next_revision(desk: Desk):
    first, second = define(desk), define(desk, line(quantity="20"))
    assert second["revision"] == 2
    listed = desk.nancy.get(TEMPLATES, query_string={"name": "Starter"}).json["items"]
    assert [each["id"] for each in listed] == [second["id"]]
    assert desk.nancy.get(f"{TEMPLATES}/{first['id']}").json["superseded_by"] == second["id"]
    refused = standard(desk, template_id=first["id"])
    assert problem(refused, 422) == ("template_superseded", "template_id")
    assert refused.json["superseded_by"] == second["id"]


def test_the_last_order_is_quoted_and_waits_where_a_flow_asks(plain_desk: Desk):
    plain_desk.order(chai_line(100))
    plain_desk.mike.post(FLOWS, json=flow(step()))
    made = standard(plain_desk, last_order=True, send=True).json
    assert (made["state"], made["total"]) == ("pending_approval", usd("1650.00"))
    assert made["approval"]["state"] == "waiting"


def test_r7_1_a_standard_quotation_is_of_the_type_that_is_named_or_that_the_last_order_had(plain_desk: Desk):
    template = define(plain_desk)["id"]
    assert standard(plain_desk, lines=[line()]).json["order_type"] == "standard"
    for source in ({"lines": [line()]}, {"template_id": template}):
        assert standard(plain_desk, order_type="prepaid", **source).json["order_type"] == "prepaid"
    plain_desk.order(order_type="prepaid")
    assert standard(plain_desk, last_order=True).json["order_type"] == "prepaid"
    assert standard(plain_desk, last_order=True, order_type="standard").json["order_type"] == "standard"


NOT_STANDARD = (
    ({"lines": [line()], "order_type": "unheard_of"}, "unknown_order_type", "order_type"),
    ({}, "source_not_one", "lines"),
    ({"lines": [line()], "last_order": True}, "source_not_one", "last_order"),
    ({"lines": [line()], "template_id": UNKNOWN}, "source_not_one", "template_id"),
    ({"template_id": UNKNOWN}, "unknown_template", "template_id"),
    ({"lines": [line(), line(item_id=RELIC.id)]}, "item_inactive", "lines.1.item_id"),
    ({"lines": [line()], "send": "yes"}, "invalid", "send"),
)
NO_TEMPLATE = (
    (line(item_id=UNKNOWN), "unknown_item", "lines.1.item_id"),
    (line(quantity="1.5"), "quantity_too_fine", "lines.1.quantity"),
    (line(choice="alternative", group="x"), "alternative_alone", "lines.1.group"),
    (line(unit_price=usd("1")), "invalid", "lines.1.unit_price"),
)


def test_what_cannot_be_quoted_or_be_a_template_is_refused_by_its_field(plain_desk: Desk):
    for wanted, code, field in NOT_STANDARD:
        assert problem(standard(plain_desk, **wanted), 422) == (code, field)
    for wrong, code, field in NO_TEMPLATE:
        answer = plain_desk.mike.post(TEMPLATES, json={"name": "Starter", "lines": [line(), wrong]})
        assert problem(answer, 422) == (code, field)
    refused = plain_desk.nancy.post(TEMPLATES, json={"name": "Starter", "lines": [line()]})
    assert (refused.status_code, plain_desk.said()) == (403, [])


def say_who_we_are(desk: Desk) -> Any:
    words = {"name": f"Meridian {HOSTILE}", "address": "1 Road\nShanghai", "bank": "Bank", "footer": "Foot"}
    contact = {"tax_number": "9131", "phone": "+86", "email": "a@b", "website": "w", "logo_text": "M#"}
    return desk.mike.put(COMPANY, json={"en": words, "zh": words | {"name": "子午线"}} | contact)


def test_r3_1_the_quotation_is_printed_in_both_languages_with_the_companys_name(plain_desk: Desk):
    assert say_who_we_are(plain_desk).json["revision"] == 1
    made = plain_desk.nancy.post(URL, json=body(*[line() for _ in range(4)], texts=TEXTS)).json
    pages = {}
    for language in ("en", "zh-CN"):
        answer = plain_desk.nancy.get(f"{URL}/{made['id']}/pdf", query_string={"language": language})
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == "inline; filename=Q-000001.pdf"
        assert answer.data.startswith(b"%PDF-")
        pages[language] = answer.data
    assert b"NotoSansSC" in pages["zh-CN"]
    assert pages["en"] != pages["zh-CN"]
    assert problem(plain_desk.nancy.get(f"{URL}/{made['id']}/pdf?language=fr"), 422)[1] == "language"
    assert plain_desk.janet.get(f"{URL}/{made['id']}/pdf").status_code == 404


def test_what_is_printed_is_the_data_and_names_print_as_they_are(plain_desk: Desk):
    say_who_we_are(plain_desk)
    lines = [line(discount_percent="7.5"), line(item_id=ROPE.id, quantity="1200.5", choice="optional")]
    made = plain_desk.nancy.post(URL, json=body(*lines, texts=TEXTS, promised_on="2026-03-20")).json
    paper = plain_desk.database.read(lambda connection: paper_of(connection, made["id"], only_owner=None))
    data = paper_data(paper, "zh-CN")
    assert (data["company"]["name"], data["intro"], data["total"]) == ("子午线", "感谢询价。", "US$166.50")
    assert (data["issued_on"], data["promised_on"]) == ("2026年3月2日", "2026年3月20日")
    assert [
        (each["quantity"], each["unit_price"], each["discount"], each["included"]) for each in data["lines"]
    ] == [
        ("10 piece", "18.00", "7.5 %", True),
        ("1,200.5 m", "0.3333", None, False),
    ]
    press = Press(Path(__file__).parents[2] / "papers")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    hostile = data | {
        "customer": HOSTILE,
        "lines": [each | {"name": HOSTILE, "sku": "X" * 60} for each in data["lines"]],
    }
    assert len(press.pictures("quotation", hostile, at=at, ppi=20)) == 1
    long = data | {"lines": data["lines"] * 100}
    assert len(press.pictures("quotation", long, at=at, ppi=20)) == 9


def test_the_company_replaces_the_template_without_touching_code(
    plain_desk: Desk, tmp_path: Path, monkeypatch
):
    (tmp_path / "quotation.typ").write_text("#data.number", encoding="utf-8")
    monkeypatch.setenv("MERIDIAN_SALES_PAPERS", str(tmp_path))
    made = plain_desk.nancy.post(URL, json=body()).json
    ours = plain_desk.nancy.get(f"{URL}/{made['id']}/pdf").data
    plain_desk.app = create_app(plain_desk.database, plain_desk.keys.verifier(), settings())
    assert len(plain_desk.nancy.get(f"{URL}/{made['id']}/pdf").data) < len(ours)


def test_only_a_manager_says_who_the_company_is(plain_desk: Desk):
    nobody = plain_desk.nancy.get(COMPANY).json
    assert (nobody["revision"], nobody["en"]["name"]) == (0, "Meridian")
    words = {"name": "Meridian"}
    assert plain_desk.nancy.put(COMPANY, json={"en": words, "zh": words}).status_code == 403
    assert problem(plain_desk.mike.put(COMPANY, json={"en": words, "zh": {}}), 422)[1] == "zh.name"
    for n in (1, 2):
        assert plain_desk.mike.put(COMPANY, json={"en": words, "zh": words}).json["revision"] == n


def test_r4_5_what_is_printed_and_what_the_customer_sees_says_the_tax(plain_desk: Desk):
    fay = plain_desk.client("fay.finance", "finance")
    six = fay.put(f"/api/v1/tax-assignments/items/{ROPE.id}", json={"tax_code": "VAT6"})
    assert six.status_code == 200, six.json
    made = {}
    for prices in ("exclusive", "inclusive"):
        set_taxes(fay, prices=prices)
        lines = [line(), line(item_id=ROPE.id, quantity="3"), line(quantity="1", choice="optional")]
        made[prices] = plain_desk.nancy.post(URL, json=body(*lines)).json
    seen = plain_desk.nancy.get(f"{URL}/{made['exclusive']['id']}/paper").json
    assert [seen[name] for name in ("net", "tax", "total", "tax_prices")] == [
        usd("181.00"),
        usd("23.46"),
        usd("204.46"),
        "exclusive",
    ]
    assert seen["taxes"] == made["exclusive"]["taxes"]
    assert [each["tax"] for each in seen["lines"]] == [each["tax"] for each in made["exclusive"]["lines"]]

    def printed(prices: str) -> dict[str, Any]:
        found = made[prices]["id"]
        return paper_data(
            plain_desk.database.read(lambda connection: paper_of(connection, found, only_owner=None)), "en"
        )

    data = printed("exclusive")
    assert (data["net"], data["total"], data["tax_included"]) == ("USD 181.00", "USD 204.46", False)
    assert data["taxes"] == [
        {"percent": "13 %", "net": "180.00", "tax": "USD 23.40"},
        {"percent": "6 %", "net": "1.00", "tax": "USD 0.06"},
    ]
    inclusive = printed("inclusive")
    assert (inclusive["net"], inclusive["total"], inclusive["tax_included"]) == (
        "USD 160.23",
        "USD 181.00",
        True,
    )
    press = Press(Path(__file__).parents[2] / "papers")
    for each in (data, data | {"language": "zh-CN"}, inclusive):
        (page,) = press.pictures("quotation", each, at=datetime(2026, 3, 2, tzinfo=UTC), ppi=20)
        (plain,) = press.pictures(
            "quotation", each | {"taxed": False}, at=datetime(2026, 3, 2, tzinfo=UTC), ppi=20
        )
        assert page != plain
