"""What leads are known by, whose they become, what a score learns, and how a calendar is written."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.crm.domain.calendar import Entry, calendar
from services.crm.domain.identity import Key, keys_of, mail_kind
from services.crm.domain.lead import Lead, disqualified, lead_number, merged, qualified
from services.crm.domain.lead_errors import LeadStateRefuses, MergeWrong
from services.crm.domain.lead_score import (
    Decided,
    Model,
    Reason,
    TooFew,
    as_data,
    features_of,
    from_data,
    learn,
    score,
)
from services.crm.domain.team import Territory, territory_for, whose_turn
from services.crm.reports.lead_words import sentence

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEAD = Lead("a", "L-000001", "Quay Works", "nancy", AT)


@pytest.mark.parametrize(
    "name", ["Quay Works", "QUAY-WORKS, Ltd.", "quay works GmbH & Co. KG", "Quáy Works Inc", "ＱＵＡＹ works"]
)
def test_a_company_is_the_same_whatever_its_form_and_spelling(name: str) -> None:
    assert keys_of(company=name) == {Key("company", "quayworks")}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("上海泵业有限公司", "上海泵业"),
        ("上海泵业股份有限公司", "上海泵业"),
        ("公司", "公司"),
        ("Co. Ltd", "coltd"),
    ],
)
def test_a_chinese_company_is_known_without_its_form_and_a_mere_form_stays(name: str, key: str) -> None:
    assert keys_of(company=name) == {Key("company", key)}


@pytest.mark.parametrize(
    "phone", ["+49 (40) 555-01234", "004940 55501234", "４０５５５０１２３４", "4055501234"]
)
def test_a_telephone_is_the_same_with_and_without_its_country(phone: str) -> None:
    assert keys_of(phone=phone) == {Key("phone", "4055501234")}


def test_what_tells_nobody_apart_is_no_key() -> None:
    assert keys_of(company=" ", email=None, phone="12345") == set()
    assert [mail_kind(mail) for mail in (None, "a@QQ.com", "a@quay.example")] == ["none", "free", "company"]


def test_what_is_decided_is_decided_once() -> None:
    for decided in (disqualified(LEAD, "no_need", None, AT), qualified(LEAD, "c", None, "o", AT)):
        for act in (
            lambda lead: disqualified(lead, "other", None, AT),
            lambda lead: qualified(lead, "c", None, "o", AT),
            lambda lead: merged(lead, replace(LEAD, id="b"), AT),
            lambda lead: merged(replace(LEAD, id="b"), lead, AT),
        ):
            with pytest.raises(LeadStateRefuses):
                act(decided)
    assert lead_number(12) == "L-000012"


def test_the_kept_one_learns_only_what_it_did_not_know() -> None:
    gone = replace(LEAD, id="b", city="Ulm", phone="1", employees=5)
    kept, left = merged(replace(LEAD, city="Kiel"), gone, AT)
    assert (kept.city, kept.phone, kept.employees, left.state, left.merged_into_id) == (
        "Kiel",
        "1",
        5,
        "merged",
        "a",
    )
    with pytest.raises(MergeWrong):
        merged(LEAD, LEAD, AT)


def test_the_first_territory_that_fits_decides() -> None:
    rules = [
        Territory("fairs", source="fair", owner_id="a"),
        Territory("de", country="Germany", owner_id="b"),
        Territory("mx", country="México", region="north", owner_id="c"),
    ]

    def owner(country: str | None, region: str | None, source: str | None) -> str | None:
        found = territory_for(rules, country=country, region=region, source=source)
        return found.owner_id if found else None

    assert owner("GERMANY", None, "Fair") == "a"
    assert owner("germany", "north", None) == "b"
    assert owner("Mexico", "North", None) == "c"
    assert owner("Mexico", None, None) is None
    assert [whose_turn(("x", "y", "z"), turn) for turn in (1, 2, 3, 4)] == ["x", "y", "z", "x"]


def decided_leads(count: int, seed: int = 7) -> list[Decided]:
    """Return leads whose chance is 80 % from referrals, 20 % else, and worse with a free address."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        source, mail = chance.choice(["referral", "fair", "web"]), chance.choice(["free", "company"])
        log_odds = (1.4 if source == "referral" else -1.4) - (0.9 if mail == "free" else 0)
        likely = 1 / (1 + math.exp(-log_odds))
        features = {
            "source": source,
            "campaign": "none",
            "country": "de",
            "phone": "yes",
            "mail": mail,
            "size": "1-9",
        }
        found.append(Decided(features, chance.random() < likely))
    return found


def test_a_score_finds_what_makes_customers_and_is_judged_on_what_it_has_not_seen() -> None:
    model = learn(decided_leads(1500))
    assert isinstance(model, Model)
    assert (model.taught, model.calibrated, model.judged) == (900, 300, 300)
    assert model.brier < model.brier_of_mean - 0.02
    assert sum(each.count for each in model.reliability) == model.judged
    assert all(abs(each.foretold - each.won) < 0.2 for each in model.reliability)
    features = dict(decided_leads(1)[0].features)
    good, reasons = score(model, features | {"source": "referral", "mail": "company"})
    poor, _ = score(model, features | {"source": "fair", "mail": "free"})
    assert good > 0.65 > 0.2 > poor
    assert (reasons[0].feature, reasons[0].effect > 0) == ("source", True)
    # Every reason is a part of the log-odds: together with the prior they are the score.
    whole = model.slope * model.prior + model.shift + sum(reason.effect for reason in reasons)
    assert good == pytest.approx(1 / (1 + math.exp(-whole)))
    assert from_data(as_data(model)) == model


def test_what_was_never_seen_says_nothing() -> None:
    model = learn(decided_leads(400))
    assert isinstance(model, Model)
    features = dict(decided_leads(1)[0].features)
    assert score(model, features | {"country": "xx"})[1][-1].effect == 0


@pytest.mark.parametrize(
    "leads", [[], decided_leads(99), [Decided(each.features, False) for each in decided_leads(400)]]
)
def test_without_enough_past_leads_there_is_no_score(leads: list[Decided]) -> None:
    found = learn(leads)
    assert isinstance(found, TooFew)
    assert (found.decided, found.won) == (len(leads), sum(each.won for each in leads))


def test_a_score_looks_at_what_is_known_of_a_lead() -> None:
    lead = replace(LEAD, source="Fair", email="a@qq.com", employees=49, phone="1")
    assert features_of(lead, "C-1") == {
        "source": "fair",
        "campaign": "C-1",
        "country": "unknown",
        "phone": "yes",
        "mail": "free",
        "size": "10-49",
    }


def test_reasons_in_words() -> None:
    assert sentence(Reason("source", "fair", 0.7), "en") == "Source: fair: makes it likelier"
    assert sentence(Reason("mail", "free", -0.7), "zh") == "邮箱类型：免费邮箱：降低成交可能"
    assert sentence(Reason("country", "", 0.0), "en") == "Country: was not seen before and tells nothing"
    assert sentence(Reason("source", "yes", 0.0), "en") == "Source: yes: tells nothing"


def test_a_calendar_is_folded_by_bytes_and_escaped() -> None:
    entry = Entry("i", "call", "港湾" * 40, "A;B,C\\D", "one\r\ntwo", AT, AT, 3)
    lines = calendar([entry], "x").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    whole = b"\r\n".join(lines).replace(b"\r\n ", b"").decode().split("\r\n")
    assert "SUMMARY:" + "港湾" * 40 + " (A\\;B\\,C\\\\D)" in whole
    assert {
        "DESCRIPTION:one\\ntwo",
        "DTSTART:20260302T080000Z",
        "DTEND:20260302T083000Z",
        "SEQUENCE:2",
    } <= set(whole)
    assert (whole[0], whole[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
