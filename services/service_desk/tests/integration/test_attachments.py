"""Files that come with messages: what they are is told by their content, and no browser is let to show them."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from libs.common.web import SigningKeys
from services.service_desk.api.attachments import set_vault
from services.service_desk.domain.attachment import LARGEST
from services.service_desk.store.attachment_tables import attachment, attachment_content
from services.service_desk.store.talk_tables import ticket_message
from services.service_desk.tests.builders import UNKNOWN, Desk
from services.service_desk.tests.talking import (
    TICKETS,
    a_new_ticket,
    act,
    done,
    door,
    linked,
    two_customers,
    visit,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return two_customers(desk)


def a_bomb() -> bytes:
    """Return an archive that swells to fifty times its size, and whose entry climbs out of its folder."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../etc/passwd", b"0" * 5_000_000)
    return held.getvalue()


def a_file(content: bytes, name: str = "photo.png") -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode()}


def sent(desk: Desk, ticket_id: str, *files: dict[str, str], status: int = 201) -> Any:
    return act(desk, ticket_id, "messages", {"text": "See here", "attachments": list(files)}, status)


@pytest.mark.parametrize("where", ["table", "folder"])
def test_a_file_is_kept_and_given_back_to_be_kept(desk: Desk, tmp_path: Path, where: str) -> None:
    if where == "folder":
        set_vault(desk.app, tmp_path)
    ticket = a_new_ticket(desk)
    kept = sent(desk, ticket["id"], a_file(PNG, "Leck 漏水.png"), a_file(PDF, "plan.pdf"))["attachments"]
    assert [(each["file_name"], each["media_type"], each["size"]) for each in kept] == [
        ("Leck 漏水.png", "image/png", len(PNG)),
        ("plan.pdf", "application/pdf", len(PDF)),
    ]
    path = f"{TICKETS}/{ticket['id']}/attachments/{kept[0]['id']}"
    got = desk.nancy.get(path)
    assert (got.status_code, got.data, got.content_type) == (200, PNG, "application/octet-stream")
    assert got.headers["Content-Disposition"].startswith("attachment; ")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert desk.count(attachment_content) == (2 if where == "table" else 0)
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    keys = desk.database.read(lambda connection: set(connection.execute(select(attachment.c.key)).scalars()))
    assert {each.name for each in files} == (keys if where == "folder" else set()), "no name of a person's"
    assert desk.janet.get(path).status_code == 404
    assert (
        desk.sergei.get(f"{TICKETS}/{a_new_ticket(desk)['id']}/attachments/{kept[0]['id']}").status_code
        == 404
    )


HOSTILE = {
    "a web page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a picture that runs": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a picture that runs, indented": b"\n\n  <svg onload=alert(1)>",
    "text with a page in it": b"Dear all,\n<iframe src=//x></iframe>",
    "a program of Windows": b"MZ\x90\x00" + b"\x00" * 60,
    "a program of Linux": b"\x7fELF\x02\x01\x01" + b"\x00" * 60,
    "a page before a PDF": b"<html>%PDF-1.7",
    "a picture not at the beginning": b"\x00" + PNG,
    "UTF-16 text": "<script>".encode("utf-16"),
    "a nul in text": b"a\x00b",
    "half a character": b"\xe6\xbc",
    "RIFF that is no picture": b"RIFF\x00\x00\x00\x00AVI LIST",
    "nearly a PNG": b"\x89PNG\r\n\x1a\x00",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_on_no_list_is_refused_whatever_it_is_called(desk: Desk, what: str) -> None:
    ticket = a_new_ticket(desk)
    refused = sent(desk, ticket["id"], a_file(PNG), a_file(HOSTILE[what], "photo.png"), status=422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("attachment_refused", "attachments.1.content")
    assert (desk.count(ticket_message), desk.count(attachment)) == (0, 0), "nothing of the message is kept"


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ("photo.png.exe", "photo_png_exe.png"),
        ("invoice.pdf.js", "invoice_pdf_js.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Windows\\system32\\cmd.png", "cmd.png"),
        ("..", "file.png"),
        (".htaccess", "htaccess.png"),
        ("a\u202egnp.exe", "agnp_exe.png"),
        ('x"; filename="y.html', "x_; filename=_y_html.png"),
        ("x" * 200, "x" * 116 + ".png"),
        ("PHOTO.PNG", "PHOTO.png"),
    ],
)
def test_a_name_has_no_path_and_the_ending_of_what_the_file_is(desk: Desk, given: str, offered: str) -> None:
    ticket = a_new_ticket(desk)
    (kept,) = sent(desk, ticket["id"], a_file(PNG, given))["attachments"]
    assert kept["file_name"] == offered
    got = desk.sergei.get(f"{TICKETS}/{ticket['id']}/attachments/{kept['id']}")
    assert "\n" not in got.headers["Content-Disposition"]


def test_a_polyglot_is_only_what_it_begins_as(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    both = b"GIF89a/*" + b"\x00" * 8 + b"*/=1;alert(1)//<script>alert(2)</script>"
    (kept,) = sent(desk, ticket["id"], a_file(both, "x.html"))["attachments"]
    assert (kept["file_name"], kept["media_type"]) == ("x_html.gif", "image/gif")
    got = desk.sergei.get(f"{TICKETS}/{ticket['id']}/attachments/{kept['id']}")
    assert got.content_type == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_an_archive_is_kept_but_never_opened(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    bomb = a_bomb()
    (kept,) = sent(desk, ticket["id"], a_file(bomb, "report.docx"))["attachments"]
    assert (kept["file_name"], kept["media_type"], kept["size"]) == (
        "report.docx",
        "application/zip",
        len(bomb),
    )


def test_a_file_has_its_bounds(desk: Desk) -> None:
    ticket = a_new_ticket(desk)
    largest = PNG + b"\x00" * (LARGEST - len(PNG))
    sent(desk, ticket["id"], a_file(largest))
    assert sent(desk, ticket["id"], a_file(largest + b"\x00"), status=422)["errors"][0]["field"]
    assert sent(desk, ticket["id"], *[a_file(PNG)] * 6, status=422)["errors"][0]["field"] == "attachments"
    for content in ("", "====", "a b", "YQ", "YQ=", "Zm9v\n", "🙂"):
        refused = sent(desk, ticket["id"], {"name": "x.png", "content": content}, status=422)
        assert refused["errors"][0]["field"].startswith("attachments.0"), content


def test_the_customer_sends_and_fetches_files_behind_his_link(desk: Desk, keys: SigningKeys) -> None:
    ticket, other = a_new_ticket(desk), a_new_ticket(desk)
    path = linked(desk, ticket["id"])
    visit(desk, path, "messages", {"text": "My photo", "attachments": [a_file(PNG)]})
    (word,) = done(door(desk).get(f"{path}/messages"))["items"]
    assert set(word["attachments"][0]) == {"id", "file_name", "media_type", "size", "sha256"}
    file_id = word["attachments"][0]["id"]
    got = door(desk).get(f"{path}/attachments/{file_id}")
    assert (got.data, got.headers["Content-Disposition"]) == (PNG, "attachment; filename=photo.png")
    others = sent(desk, other["id"], a_file(PDF, "secret.pdf"))["attachments"][0]["id"]
    for wrong in (others, UNKNOWN):
        assert door(desk).get(f"{path}/attachments/{wrong}").json["code"] == "attachment_not_found"
    assert desk.nancy.get(f"{path}/attachments/{file_id}").status_code == 401
