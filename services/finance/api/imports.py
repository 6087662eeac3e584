"""Bringing credit limits in over HTTP."""

from __future__ import annotations

from libs.common.importing_api import ImportMount, imports_noun
from services.finance.api.company import company_terms
from services.finance.imports.credit_limits import CREDIT_LIMITS, credit_limits

imports = (
    imports_noun(
        ImportMount("credit-limit", CREDIT_LIMITS, lambda _tx, _owners: credit_limits(company_terms()))
    ),
)
