"""R6.2: what solved a ticket is written down, published, found by its words and suggested on the next ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.console.person import PHONE, Person
from tests.e2e.world import World

Enter = Callable[..., Person]


def _a_solved_ticket(world: World, word: str) -> Any:
    sid = world.system["sid"]
    body = {"customer_id": world.customer()["id"], "kind": "technical", "subject": f"The {word} drips"}
    ticket = sid.post("/tickets", body, key=world.name("ticket"))
    sid.post(f"/tickets/{ticket['id']}/take", {}, key=world.name("take"))
    solved = {"resolution": f"Close the valve, then change the {word}."}
    return sid.post(f"/tickets/{ticket['id']}/resolve", solved, key=world.name("resolve"))


def _an_article(world: World, word: str, *, publish: bool = True) -> Any:
    sid, text = world.system["sid"], {"title": f"A {word} that drips", "body": f"Change the {word}."}
    article = sid.post("/articles", {"en": text}, key=world.name("article"))
    if publish:
        sid.post(f"/articles/{article['id']}/publish", {}, key=world.name("publish"))
    return article


def _found(page: Page, words: str) -> Any:
    page.get_by_label("Words of the article").fill(words)
    return page.locator("tbody tr", has_text=words)


def test_r6_2_a_solution_becomes_an_article_that_is_suggested_on_the_next_ticket(
    person: Enter, world: World
) -> None:
    word = world.name("seal").replace("-", "")
    ticket = _a_solved_ticket(world, word)
    sid = person("sid")
    page = sid.go(f"/service/tickets/{ticket['id']}")
    page.get_by_role("link", name="Write an article from this").click()
    english = page.locator("[data-language=en]")
    expect(english.get_by_label("Title")).to_have_value(f"The {word} drips")
    expect(english.get_by_label("What to do")).to_have_value(f"Close the valve, then change the {word}.")
    chinese = page.locator("[data-language=zh]")
    chinese.get_by_label("Title").fill(f"{word} 漏水")
    save = page.get_by_role("button", name="Save the version")
    expect(save).to_be_disabled()
    chinese.get_by_label("What to do").fill("先关闭阀门，再更换。")
    save.click()
    expect(page.locator(".page-head .tag")).to_have_text("Draft")
    expect(page.locator("section[data-language=zh]")).to_contain_text("再更换")
    assert world.system["sid"].get("/articles/search", q=word)["articles"] == []

    sid.press("Publish")
    expect(page.locator(".page-head .tag")).to_have_text("Published")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    page.locator(".page-head").get_by_role("link", name="Knowledge").click()
    expect(_found(page, word)).to_have_count(1)
    other = _a_solved_ticket(world, word)
    page = sid.go(f"/service/tickets/{other['id']}")
    suggested = page.locator(".article", has_text=word)
    suggested.locator("summary").click()
    suggested.get_by_role("link", name="Article").click()
    expect(page.locator("h1")).to_contain_text(word)


def test_r6_2_a_next_version_is_read_by_others_once_it_is_published(person: Enter, world: World) -> None:
    word = world.name("hose").replace("-", "")
    article = _an_article(world, word)
    sid = person("sid")
    page = sid.go(f"/service/articles/{article['id']}")
    sid.press("Write the next version")
    body = page.locator("[data-language=en]").get_by_label("What to do")
    expect(body).to_have_value(f"Change the {word}.")
    body.fill(f"Change the {word} and its clamp.")
    page.get_by_role("link", name="Knowledge").first.click()
    page.locator(".el-message-box").get_by_role("button", name="Stay").click()
    expect(body).to_have_value(f"Change the {word} and its clamp.")
    sid.press("Save the version")
    sid.sees("Everybody else still reads version 1.")

    sam = person("sam", phone=True)
    theirs = sam.go(f"/service/articles/{article['id']}")
    expect(theirs.locator("section[data-language=en]")).to_contain_text(f"Change the {word}.")
    expect(theirs.get_by_role("button", name="Publish")).to_have_count(0)
    assert theirs.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    sid.press("Publish")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    theirs = sam.go(f"/service/articles/{article['id']}")
    expect(theirs.locator("section[data-language=en]")).to_contain_text("and its clamp")

    sid.press("Retire")
    page.locator(".el-message-box").get_by_role("button", name="Retire").click()
    expect(page.locator(".page-head .tag")).to_have_text("Retired")
    expect(_found(sam.go("/service/articles"), word)).to_have_count(0)
    sam.sees("No published article has these words.")


def test_r6_2_who_does_not_write_articles_reads_what_is_published(person: Enter, world: World) -> None:
    word = world.name("gasket").replace("-", "")
    draft, shown = (_an_article(world, word, publish=each) for each in (False, True))
    sam = person("sam")
    page = sam.go("/service/articles")
    expect(page.get_by_role("button", name="Write an article")).to_have_count(0)
    expect(_found(page, word)).to_have_count(1)
    page.locator("tbody tr", has_text=word).locator("a").first.click()
    page.wait_for_url(f"**/service/articles/{shown['id']}")
    sam.go(f"/service/articles/{draft['id']}")
    sam.sees("there is no such article")
