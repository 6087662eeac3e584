"""Knowledge articles: written in versions, found by words of both languages, and counted by what they solved."""

from __future__ import annotations

from typing import Any

import pytest

from services.service_desk.tests.builders import UNKNOWN, Desk
from services.service_desk.tests.talking import TICKETS, a_new_ticket, act, done, said, two_customers

ARTICLES = "/api/v1/articles"
SEAL = {
    "en": {"title": "Replacing the seal of a pump", "body": "Turn it off.\nOpen the lid, change the seal."},
    "zh": {"title": "更换水泵密封圈", "body": "关闭电源，打开盖子，更换密封圈。"},
}
INVOICE = {"en": {"title": "Reading an invoice", "body": "The due date is at the top."}, "zh": None}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return two_customers(desk)


def written(desk: Desk, body: Any = SEAL, *, published: bool = True) -> str:
    made = done(desk.sergei.post(ARTICLES, json=body), 201)
    if published:
        done(desk.sergei.post(f"{ARTICLES}/{made['id']}/publish"))
    return str(made["id"])


def found(desk: Desk, q: str) -> list[str]:
    return [
        each["id"] for each in done(desk.nancy.get(f"{ARTICLES}/search", query_string={"q": q}))["articles"]
    ]


def test_an_article_is_seen_by_others_once_it_is_published_and_until_it_is_retired(desk: Desk) -> None:
    article = written(desk, published=False)
    path = f"{ARTICLES}/{article}"
    assert desk.nancy.get(path).json["code"] == "article_not_found"
    assert (found(desk, "seal"), done(desk.nancy.get(ARTICLES))["items"]) == ([], [])
    assert done(desk.sergei.post(f"{path}/publish"))["state"] == "published"
    assert (found(desk, "seal"), found(desk, "密封圈"), found(desk, "SEALS?")) == ([article], [article], [])
    shown = done(desk.nancy.get(path))
    assert (shown["en"], shown["zh"], shown["no"]) == (SEAL["en"], SEAL["zh"], 1)
    done(desk.sergei.put(path, json=INVOICE))
    assert done(desk.nancy.get(path))["en"] == SEAL["en"], "what is published stays until the new one is"
    assert done(desk.sergei.get(path))["no"] == 2
    assert (found(desk, "seal"), found(desk, "invoice")) == ([article], [])
    done(desk.sergei.post(f"{path}/publish"))
    assert (found(desk, "seal"), found(desk, "invoice")) == ([], [article])
    assert done(desk.sergei.get(path, query_string={"no": "1"}))["zh"] == SEAL["zh"], (
        "the first is still known"
    )
    assert desk.sergei.get(path, query_string={"no": "3"}).status_code == 404
    assert done(desk.sergei.post(f"{path}/retire"))["state"] == "retired"
    assert (found(desk, "invoice"), desk.nancy.get(path).status_code) == ([], 404)
    assert done(desk.sergei.post(f"{path}/publish"))["state"] == "published"


def test_what_the_state_does_not_allow_is_refused(desk: Desk) -> None:
    article = written(desk, published=False)
    path = f"{ARTICLES}/{article}"
    assert desk.sergei.post(f"{path}/retire").json["code"] == "article_state"
    done(desk.sergei.post(f"{path}/publish"))
    assert desk.sergei.post(f"{path}/publish").status_code == 409
    stale = desk.sergei.put(path, json=SEAL, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert desk.sergei.post(ARTICLES, json={}).json["errors"][0]["field"] == "en"
    assert desk.sergei.post(f"{ARTICLES}/{UNKNOWN}/publish").status_code == 404
    assert desk.nancy.post(ARTICLES, json=SEAL).status_code == 403


def test_a_ticket_is_answered_with_what_fits_its_words(desk: Desk) -> None:
    seal, invoice = written(desk), written(desk, INVOICE)
    written(desk, published=False)
    ticket = a_new_ticket(desk, subject="The pump drips", description="At the seal")
    path = f"{TICKETS}/{ticket['id']}/suggested-articles"
    assert [each["id"] for each in done(desk.nancy.get(path))["articles"]] == [seal]
    said(desk, ticket["id"], "And my invoice has no due date, and the invoice is late")
    fits = done(desk.nancy.get(path))["articles"]
    assert {each["id"] for each in fits} == {seal, invoice}
    assert fits[0]["score"] >= fits[1]["score"] > 0
    chinese = a_new_ticket(desk, subject="水泵漏水，密封圈坏了")
    (only,) = done(desk.nancy.get(f"{TICKETS}/{chinese['id']}/suggested-articles"))["articles"]
    assert only["id"] == seal
    assert desk.janet.get(path).status_code == 404


def test_what_solved_a_ticket_is_counted_once(desk: Desk) -> None:
    article, draft = written(desk), written(desk, published=False)
    tickets = [a_new_ticket(desk)["id"] for _ in range(2)]
    for ticket_id in (*tickets, tickets[0]):
        path = f"{TICKETS}/{ticket_id}/solved-by"
        assert desk.sergei.post(path, json={"article_id": article}).status_code == 204
    assert done(desk.nancy.get(f"{ARTICLES}/{article}"))["solved"] == 2
    assert act(desk, tickets[0], "solved-by", {"article_id": draft}, 404)["code"] == "article_not_found"
    assert (
        desk.nancy.post(f"{TICKETS}/{tickets[0]}/solved-by", json={"article_id": article}).status_code == 403
    )


@pytest.mark.parametrize("q", ["%", "_", "' OR 1=1 --", "the a of", "!!!", "\U0001f600"])
def test_a_search_for_no_word_finds_nothing(desk: Desk, q: str) -> None:
    written(desk)
    assert found(desk, q) == []
