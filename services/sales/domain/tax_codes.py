"""Which tax a line bears: codes with a rate from a day on, and the company's setting from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from libs.common.errors import Invalid, NotFound
from services.sales.domain.taxes import NO_RULE, TaxRule, percent_of

CODE = r"[A-Z][A-Z0-9-]{1,19}"


class UnknownTaxCode(Invalid):
    """A tax code that nobody has defined."""

    code = "unknown_tax_code"
    usual_cure = "choose one from GET /api/v1/tax-codes, or define it there"


class TaxRateMissing(Invalid):
    """A code that applies has no rate on the day of the document."""

    code = "tax_rate_missing"
    usual_cure = "give the code a rate from an earlier day with POST /api/v1/tax-codes"


class NothingToTax(NotFound):
    """An item or customer whose tax is asked for is not known here."""

    code = "nothing_to_tax"
    usual_cure = (
        "choose one from GET /api/v1/items or GET /api/v1/customers; a new one arrives within seconds"
    )


@dataclass(frozen=True)
class TaxRate:
    """The rate of a code from ``valid_from`` on; of two of one day the later ``version`` counts."""

    code: str
    version: int
    valid_from: date
    ppm: int
    name: str
    name_zh: str

    @property
    def percent(self) -> Decimal:
        """The rate as a percentage."""
        return percent_of(self.ppm)


@dataclass(frozen=True)
class TaxSetting:
    """How the company's documents are taxed from ``valid_from`` on; version 0: no tax is worked out.

    ``standard_code`` is for items without a code of their own; without one they bear no tax.
    """

    version: int = 0
    valid_from: date | None = None
    rule: TaxRule = NO_RULE
    standard_code: str | None = None

    @property
    def prices(self) -> str:
        """Whether prices contain the tax."""
        return self.rule.prices

    @property
    def rounding(self) -> str:
        """What is rounded."""
        return self.rule.rounding


@dataclass(frozen=True)
class TaxTerms:
    """What applies on one day: the setting, and the rate of each code that has one."""

    setting: TaxSetting
    ppm: Mapping[str, int] = field(default_factory=dict)

    def code_for(self, item_code: str | None, customer_code: str | None) -> str | None:
        """Return the code of a line: the customer's own, else the item's, else the standard one."""
        return (customer_code or item_code or self.setting.standard_code) if self.setting.version else None

    def rate_for(self, code: str | None, on: date, field: str = "issued_on") -> int:
        """Return the rate of ``code`` in parts per million; refuse a code that has none on the day in ``field``."""
        if code is None:
            return 0
        if code not in self.ppm:
            raise TaxRateMissing(f"{code} has no rate on {on.isoformat()}", field=field)
        return self.ppm[code]
