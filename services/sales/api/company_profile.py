"""Who the company is, as it stands on papers, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import Noun, Strict, fields, principal
from services.sales.api.who import PRICERS, READERS
from services.sales.domain.paper import CompanyProfile, Wording
from services.sales.reports.papers import company
from services.sales.use_cases.define_company import define_company

profile = Noun("company-profile", "/api/v1/company-profile", description="The company on its papers")


class CompanyWordingIn(Strict):
    """How the company names itself in one language."""

    name = fields.Text(max=200, required=True)
    address = fields.Text(max=500, multiline=True)
    bank = fields.Text(max=500, multiline=True)
    footer = fields.Text(max=300, multiline=True)


class CompanyWordingOut(Strict):
    """How the company names itself in one language."""

    name = fields.Text(max=200)
    address = fields.Text(max=500, allow_none=True)
    bank = fields.Text(max=500, allow_none=True)
    footer = fields.Text(max=300, allow_none=True)


class CompanyProfileIn(Strict):
    """The head and the foot of every paper; what is left out does not stand on them."""

    en = fields.Nested(CompanyWordingIn, required=True)
    zh = fields.Nested(CompanyWordingIn, required=True)
    tax_number = fields.Text(max=60)
    phone = fields.Text(max=60)
    email = fields.Text(max=120)
    website = fields.Text(max=120)
    logo_text = fields.Text(
        max=24, metadata={"description": "Stands in the company's colour before its name."}
    )


class CompanyProfileOut(Strict):
    """The company on its papers; revision 0 until it was said who it is."""

    en = fields.Nested(CompanyWordingOut)
    zh = fields.Nested(CompanyWordingOut)
    tax_number = fields.Text(max=60, allow_none=True)
    phone = fields.Text(max=60, allow_none=True)
    email = fields.Text(max=120, allow_none=True)
    website = fields.Text(max=120, allow_none=True)
    logo_text = fields.Text(max=24, allow_none=True)
    revision = fields.CountField()


@profile.command(
    "PUT", "/", body=CompanyProfileIn, answer=CompanyProfileOut, roles=PRICERS, summary="Say who we are"
)
def define(tx: Transaction, body: dict[str, Any]) -> CompanyProfile:
    """Store the next revision; papers that are printed from now on bear it."""
    en, zh = Wording(**body.pop("en")), Wording(**body.pop("zh"))
    return define_company(tx, CompanyProfile(en, zh, **body), principal().subject)


@profile.query("/", answer=CompanyProfileOut, roles=READERS, summary="Who we are")
def show(connection: Connection) -> CompanyProfile:
    """Show the company as it stands on papers."""
    return company(connection)
