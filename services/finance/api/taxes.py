"""What invoices and credit notes have in common when their taxes are shown."""

from __future__ import annotations

from libs.common.web import Strict, fields


class LineTaxOut(Strict):
    """The tax of a line, on top of its amount."""

    code = fields.Text(max=20)
    percent = fields.PercentField(decimals=4)
    amount = fields.MoneyField()


class TaxTotalOut(Strict):
    """What the lines of one code and rate are worth without tax, and their tax."""

    code = fields.Text(max=20)
    percent = fields.PercentField(decimals=4)
    net = fields.MoneyField()
    tax = fields.MoneyField()
