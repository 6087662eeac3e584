"""Bringing price policies in over HTTP."""

from __future__ import annotations

from libs.common.importing_api import ImportMount, imports_noun, plainly
from services.sales.imports.prices import PRICES, prices

imports = (imports_noun(ImportMount("price", PRICES, plainly(prices))),)
