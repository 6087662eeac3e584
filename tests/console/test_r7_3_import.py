"""R7.3: rows of a spreadsheet come in at the console: looked at first, told by line and column, mended, taken once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Page, Route, expect

from tests.console.import_work import CUSTOMER, a_file, choose, customers, figure, look
from tests.console.person import PHONE, Person
from tests.console.test_accessibility import findings
from tests.e2e.world import World

Enter = Callable[..., Person]
CUSTOMERS = "**/api/v1/customer-imports"


def _read(download: Download) -> list[list[str]]:
    text = Path(download.path()).read_text(encoding="utf-8")
    assert text.startswith("\ufeff"), "a spreadsheet takes it for another encoding"
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def _stored(world: World, stem: str) -> list[Any]:
    found = world.system["admin"].every("/customers", search=stem)
    return [each for each in found if each["number"].startswith(f"{stem}-")]


def test_r7_3_row_errors_are_shown_and_the_mended_file_is_taken(person: Enter, world: World) -> None:
    stem, admin = world.name("KI"), person("admin")
    rows = customers(stem, 4)
    rows[1][2], rows[2][0], rows[3][1] = "USX", rows[0][0], ""
    page = choose(admin, "customers", a_file(CUSTOMER, rows), "harbor.csv")
    take = page.locator("[data-section=take]")
    expect(take.get_by_role("button")).to_have_count(0)
    found = look(admin)
    expect(figure(found, "Would be taken")).to_have_text("1")
    expect(figure(found, "Rows left out")).to_have_text("3")
    expect(figure(found, "Rows in the file")).to_have_text("4")
    wrong = found.locator("[data-row-errors] tbody tr")
    expect(wrong).to_have_count(3)
    expect(wrong.nth(0)).to_contain_text("'USX' must be an ISO 4217 code")
    assert wrong.nth(0).locator("td").all_text_contents()[:3] == ["3", "currency", "USX"]
    expect(wrong.nth(1)).to_contain_text("repeats line 2")
    assert wrong.nth(2).locator("td").all_text_contents() == ["5", "name", "", "must be filled"]
    expect(take.get_by_role("button", name="Nothing is taken until")).to_be_disabled()
    assert _stored(world, stem) == []

    with page.expect_download() as saved:
        admin.press("Download the refused rows")
    assert saved.value.suggested_filename == "harbor-refused.csv"
    header, *refused = _read(saved.value)
    assert header == [*CUSTOMER, "error"]
    assert [row[:4] for row in refused] == rows[1:]
    assert refused[2][4] == "name: must be filled"

    take.get_by_role("button", name="Import only the rows without errors (1)").click()
    expect(take.locator("[data-done]")).to_contain_text("Rows imported: 1.")
    mended = [[f"{stem}-{n}", "Quay Works", "USD", "Rotterdam", ""] for n in (1, 2, 3)]
    choose(admin, "customers", a_file([*CUSTOMER, "error"], mended))
    expect(page.locator("[data-unused]")).to_contain_text("error")
    look(admin)
    take.get_by_role("button", name="Import all rows (3)").click()
    expect(take.locator("[data-done]")).to_contain_text("Rows imported: 3.")
    take.get_by_role("link", name="To the list").click()
    page.get_by_label("Name or number").fill(f"{stem}-3")
    expect(page.locator("tbody tr", has_text=f"{stem}-3")).to_have_count(1)


def test_r7_3_a_file_of_a_chinese_spreadsheet_is_read_as_it_is(person: Enter, world: World) -> None:
    stem, admin = world.name("KZ"), person("admin", language="zh")
    header = ("客户编号", "客户 名称", "CURRENCY", "城市", "备注")
    rows = [[f"{stem}-1", "海港泵业", "CNY", "上海", "旧"], [f"{stem}-2", "码头阀门", "人民币", "宁波", ""]]
    page = choose(admin, "customers", a_file(header, rows, separator=";", encoding="gb18030"))
    file = page.locator("[data-section=file]")
    expect(file).to_contain_text("GB18030")
    expect(file).to_contain_text("分号")
    matching = page.locator("[data-section=matching]")
    expect(matching).to_contain_text("海港泵业")
    expect(page.locator("[data-unused]")).to_contain_text("备注")
    section = page.locator("[data-section=look]")
    section.get_by_role("button", name="预览导入结果").click()
    wrong = section.locator("[data-row-errors] tbody tr")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("'人民币' 不是 ISO 4217 币种代码")
    expect(wrong).to_contain_text("币种")
    page.get_by_role("button", name="仅导入没有错误的 1 行").click()
    expect(page.locator("[data-done]")).to_contain_text("已导入 1 行")
    (made,) = _stored(world, stem)
    assert (made["name"], made["city"]) == ("海港泵业", "上海")


def test_r7_3_columns_are_matched_by_hand_and_what_must_be_there_is_asked_for(
    person: Enter, world: World
) -> None:
    stem, admin = world.name("KM"), person("admin")
    page = choose(admin, "customers", a_file(("No.", "Name", "Money"), [[f"{stem}-1", "Pier, not", "USD"]]))
    begin = page.locator("[data-section=look]").get_by_role("button")
    matching = page.locator("[data-section=matching]")
    expect(matching.get_by_role("alert")).to_contain_text("number, currency")
    expect(begin).to_be_disabled()
    for column, title in (("number", "No."), ("currency", "Money")):
        box = matching.get_by_role("combobox", name=f"Column of the file: {column}")
        box.click(force=True)
        page.locator(".el-select-dropdown:visible").get_by_role("option", name=title, exact=True).click()
    expect(matching.get_by_role("alert")).to_have_count(0)
    expect(begin).to_be_enabled()


def test_r7_3_lines_count_where_a_row_begins_and_crowded_rows_are_found_here(
    person: Enter, world: World
) -> None:
    stem, admin = world.name("KL"), person("admin")
    content = (
        f'number,name,currency\r\n{stem}-1,"Quay ""North""\r\nWorks",USD\r\n,,\r\n'
        f"{stem}-2,Pier,USD,too much\r\n{stem}-3,Dock,USX\r\n"
    )
    choose(admin, "customers", b"\xef\xbb\xbf" + content.encode())
    wrong = look(admin).locator("[data-row-errors] tbody tr")
    expect(wrong).to_have_count(2)
    expect(wrong.nth(0)).to_contain_text("has 4 cells; the header has 3")
    assert [row.locator("td").first.inner_text() for row in wrong.all()] == ["5", "6"]


def test_r7_3_a_lost_answer_is_asked_for_again_and_nothing_is_doubled(person: Enter, world: World) -> None:
    stem, admin = world.name("KD"), person("admin")
    page = choose(admin, "customers", a_file(CUSTOMER, customers(stem, 1001)))
    expect(figure(look(admin), "Would be taken")).to_have_text("1,001")
    keys: list[str] = []

    def answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        # The second block arrives and is taken; its answer is lost on the way.
        if len(keys) == 2:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(CUSTOMERS, answer)
    page.get_by_role("button", name="Import all rows (1,001)").click()
    expect(page.locator("[data-sending=waiting]")).to_contain_text("goes on by itself")
    expect(page.locator("[data-done]")).to_contain_text("Rows imported: 1,001.")
    assert len(keys) == 4
    assert keys[1] == keys[2], "the block whose answer was lost is sent under its own key"
    assert len(set(keys)) == 3
    assert len(_stored(world, stem)) == 1001


def test_r7_3_a_server_with_too_much_to_do_is_waited_for(person: Enter, world: World) -> None:
    stem, admin = world.name("KW"), person("admin")
    page = choose(admin, "customers", a_file(CUSTOMER, customers(stem, 2)))
    busy = {"status": 503, "code": "busy", "title": "Busy", "detail": "There is too much to do just now."}
    page.route(
        CUSTOMERS,
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body=json.dumps(busy)
        ),
    )
    section = page.locator("[data-section=look]")
    section.get_by_role("button", name="Look").click()
    expect(section.locator("[data-sending=waiting]")).to_contain_text("too much to do just now")
    page.unroute(CUSTOMERS)
    section.get_by_role("button", name="Go on").click()
    expect(figure(section.locator("[data-look]"), "Would be taken")).to_have_text("2")


def test_r7_3_all_that_is_wrong_is_named_though_an_answer_lists_a_thousand(
    person: Enter, world: World
) -> None:
    admin = person("admin")
    rows = [["K" * 33, f"{'W' * 201}{n}", "USX", ""] for n in range(480)]
    rows = [[f"{number}{n}", *others] for n, (number, *others) in enumerate(rows)]
    page = choose(admin, "customers", a_file(CUSTOMER, [*rows, *customers(world.name("KT"), 1)]))
    found = look(admin)
    expect(found.locator("[data-row-errors] header")).to_contain_text("50 of 1,440")
    expect(figure(found, "Rows left out")).to_have_text("480")
    expect(figure(found, "Would be taken")).to_have_text("1")
    with page.expect_download() as saved:
        admin.press("Download the errors")
    assert len(_read(saved.value)) == 1441


def test_r7_3_a_block_refused_behind_others_says_which_lines_were_taken(person: Enter, world: World) -> None:
    stem, admin = world.name("KR"), person("admin")
    rows = customers(stem, 502)
    page = choose(admin, "customers", a_file(CUSTOMER, rows))
    look(admin)
    # Somebody registers one of the last rows between the look and the import.
    body = {"name": "Quay Works", "number": rows[501][0]}
    world.system["sam"].post("/customers", body, key=world.name("key"))
    page.get_by_role("button", name="Import all rows (502)").click()
    take = page.locator("[data-section=take]")
    expect(take.locator("[data-lines-taken]")).to_have_text("Taken were the lines 2–501")
    expect(take).to_contain_text("Not taken were the lines 502–503")
    expect(take.locator("[data-row-errors] tbody tr")).to_contain_text("is there already")
    assert len(_stored(world, stem)) == 501
    admin.press("Look again and pass over what was taken")
    found = page.locator("[data-look]")
    expect(figure(found, "There already, passed over")).to_have_text("501")
    page.get_by_role("button", name="Import all rows (502)").click()
    expect(take.locator("[data-done]")).to_contain_text("Rows imported: 1.")
    assert len(_stored(world, stem)) == 502


def test_r7_3_it_is_stopped_and_goes_on_and_does_not_let_go_of_the_page(person: Enter, world: World) -> None:
    stem, admin = world.name("KS"), person("admin")
    page = choose(admin, "customers", a_file(CUSTOMER, customers(stem, 501)))
    look(admin)
    page.route(CUSTOMERS, lambda route: route.abort())
    page.get_by_role("button", name="Import all rows (501)").click()
    expect(page.locator("[data-sending=waiting]")).to_be_visible()
    admin.press("Stop")
    expect(page.locator("[data-sending=stopped]")).to_be_visible()
    page.locator(".side").get_by_role("link", name="Home").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("still being sent")
    dialog.get_by_role("button", name="Stay").click()
    expect(page.locator("[data-sending=stopped]")).to_be_visible()
    page.unroute(CUSTOMERS)
    admin.press("Go on")
    expect(page.locator("[data-done]")).to_contain_text("Rows imported: 501.")
    assert len(_stored(world, stem)) == 501


def test_r7_3_a_price_policy_is_sent_whole_and_left_out_whole(person: Enter, world: World) -> None:
    items, first, second = [world.item() for _ in range(2)], world.name("List"), world.name("List")
    header = ("policy", "currency", "sku", "min_quantity", "unit_price")
    rows = [
        [first, "USD", items[0]["sku"], "1", "14.00"],
        [second, "USD", items[0]["sku"], "1", "free"],
        [first, "USD", items[1]["sku"], "1", "15.00"],
        [second, "USD", items[1]["sku"], "1", "16.00"],
    ]
    admin = person("admin")
    page = choose(admin, "prices", a_file(header, rows))
    found = look(admin)
    expect(figure(found, "Would be taken")).to_have_text("2")
    expect(figure(found, "Rows left out")).to_have_text("2")
    with page.expect_download() as saved:
        admin.press("Download the refused rows")
    assert [row[:5] for row in _read(saved.value)[1:]] == [rows[1], rows[3]]
    page.get_by_role("button", name="Import only the rows without errors (2)").click()
    expect(page.locator("[data-done]")).to_contain_text("Rows imported: 2.")
    names = [each["name"] for each in world.system["mia"].every("/price-policies")]
    assert first in names
    assert second not in names


def test_r7_3_users_are_named_by_their_login(person: Enter, world: World) -> None:
    stem, admin = world.name("KO"), person("admin")
    header = ("number", "name", "currency", "owner")
    rows = [[f"{stem}-1", "Quay", "USD", "sam"], [f"{stem}-2", "Pier", "USD", "nobody.here"]]
    page = choose(admin, "customers", a_file(header, rows))
    expect(look(admin).locator("[data-row-errors] tbody tr")).to_contain_text("is no known user")
    page.get_by_role("button", name="Import only the rows without errors (1)").click()
    expect(page.locator("[data-done]")).to_be_visible()
    (made,) = _stored(world, stem)
    sam = next(each for each in world.system["admin"].every("/users") if each["username"] == "sam")
    assert made["owner_id"] == sam["id"]


def test_r7_3_the_template_is_what_the_page_takes(person: Enter) -> None:
    admin = person("admin")
    page = admin.go("/admin/imports/items")
    with page.expect_download() as saved:
        admin.press("Download a template")
    header, example = _read(saved.value)
    assert header[:2] == ["sku", "name"]
    assert example[:2] == ["VALVE-A", "Valve A"]
    choose(admin, "items", Path(saved.value.path()).read_bytes(), "items.csv")
    expect(page.locator("[data-section=matching]").get_by_role("alert")).to_have_count(0)
    expect(page.locator("[data-section=look]").get_by_role("button")).to_be_enabled()


def test_r7_3_a_workbook_is_told_from_a_table(person: Enter) -> None:
    admin = person("admin")
    page = choose(admin, "items", b"PK\x03\x04rest", "items.xlsx")
    expect(page.get_by_role("alert")).to_contain_text("This is a workbook")


def test_r7_3_only_an_administrator_imports(person: Enter) -> None:
    sam = person("sam")
    expect(sam.page.locator(".side")).not_to_contain_text("Import")
    for path in ("/admin/imports", "/admin/imports/customers"):
        page = sam.go(path)
        expect(page.get_by_role("alert")).to_contain_text("You may not do this")
        expect(page.locator("input[type=file]")).to_have_count(0)


def test_r7_3_the_kinds_stand_in_the_sequence_of_a_start(person: Enter) -> None:
    admin = person("admin")
    page = admin.go("/admin")
    page.locator("main").get_by_role("link", name="Import").click()
    kinds = page.locator("[data-kind]")
    expect(kinds).to_have_count(8)
    assert [each.get_attribute("data-kind") for each in kinds.all()] == [
        "customers", "contacts", "suppliers", "items", "warehouses", "credit_limits", "prices", "stock",
    ]  # fmt: skip
    for place in range(kinds.count()):
        kinds.nth(place).click()
        expect(page.locator("[data-section=columns] tbody tr").first).to_be_visible()
        page.go_back()


def test_r7_3_the_page_is_as_wide_as_the_phone(person: Enter, world: World) -> None:
    admin = person("admin", phone=True)
    rows = customers(world.name("KP"), 2)
    rows[0][2], rows[1][1] = "USX", "W" * 250
    page = choose(admin, "customers", a_file(CUSTOMER, rows))
    assert _width(page) <= PHONE["width"]
    look(admin)
    expect(page.locator("[data-row-errors] tbody tr")).to_have_count(2)
    assert _width(page) <= PHONE["width"]
    assert findings(page) == []


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
