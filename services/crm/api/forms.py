"""Forms of crm over HTTP: the common edge, mounted for customers."""

from __future__ import annotations

from libs.common.forms import FormKind, Words
from libs.common.forms_api import FormsMount, forms_noun, names_of
from services.crm.api.customers import CustomerOut
from services.crm.domain.customer import DOCUMENT
from services.crm.reports.customers import last_said
from services.crm.use_cases.tell_form import tell_form

CUSTOMER = FormKind(DOCUMENT, Words("Customer", "客户"), names_of(CustomerOut), last_said)

forms = forms_noun(
    FormsMount(prefix="crm", about="customers", kinds=(CUSTOMER,), authors=("sales_manager",), told=tell_form)
)
