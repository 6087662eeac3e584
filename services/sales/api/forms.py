"""Forms of sales over HTTP: the common edge, mounted for quotations and the orders that they become."""

from __future__ import annotations

from libs.common.forms import FormKind, Words
from libs.common.forms_api import FormsMount, forms_noun, names_of
from services.sales.api.orders import OrderShown
from services.sales.api.quotations import SentQuotationOut
from services.sales.domain.approval import DOCUMENT, FIELDS
from services.sales.reports.own_fields import last_said

QUOTATION = FormKind(
    DOCUMENT,
    Words("Quotation and order", "报价单与订单"),
    names_of(SentQuotationOut, OrderShown) | frozenset(FIELDS),
    last_said,
)

forms = forms_noun(
    FormsMount(
        prefix="sales",
        about="quotations, and to the orders that they become",
        kinds=(QUOTATION,),
        authors=("sales_manager",),
    )
)
