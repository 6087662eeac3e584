"""Forms of inventory over HTTP: the common edge, mounted for items."""

from __future__ import annotations

from libs.common.forms import FormKind, Words
from libs.common.forms_api import FormsMount, forms_noun, names_of
from services.inventory.api.items import ItemOut
from services.inventory.domain.items import DOCUMENT
from services.inventory.reports.catalogue import last_said
from services.inventory.use_cases.tell_form import tell_form

ITEM = FormKind(DOCUMENT, Words("Item", "物料"), names_of(ItemOut), last_said)

forms = forms_noun(
    FormsMount(
        prefix="inventory",
        about="items",
        kinds=(ITEM,),
        authors=("warehouse", "sales_manager"),
        told=tell_form,
    )
)
