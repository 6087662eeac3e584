"""Say who the company is, as it stands on papers."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction, next_number
from services.sales.domain.paper import CompanyProfile
from services.sales.store import papers

SERIES = "company_profile"


def define_company(tx: Transaction, wanted: CompanyProfile, by: str) -> CompanyProfile:
    """Store the next revision of the profile; papers that are printed from now on bear it. Two authors take turns."""
    profile = replace(wanted, revision=next_number(tx, SERIES))
    papers.add_profile(tx, profile, by)
    return profile
