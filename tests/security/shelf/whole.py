"""All rooms of the shelf together, and one of everything in them."""

from __future__ import annotations

from tests.security.shelf.approvals import Approvals
from tests.security.shelf.deliveries import Deliveries
from tests.security.shelf.payables import Payables
from tests.security.shelf.pipeline import Pipeline
from tests.security.shelf.prices import Prices
from tests.security.shelf.production import Production
from tests.security.shelf.purchasing import Purchasing
from tests.security.shelf.settlement import Settlement
from tests.security.shelf.stock import Stock
from tests.security.shelf.tickets import Tickets
from tests.security.shelf.users import Users


class Shelf(
    Users, Pipeline, Prices, Approvals, Deliveries, Stock, Purchasing, Production, Settlement, Tickets
):
    """A prepared company: documents of every service, each made when it is first asked for."""

    def fill(self) -> None:
        """Make one of everything, so that no list is empty."""
        contact = {"name": "Li Wei", "email": "li@example.com"}
        self.post("admin", f"/customers/{self.customer['id']}/contacts", contact)
        about = (
            self.order,
            self.invoice,
            self.delivery,
            self.quotation,
            self.linked,
            self.template,
            self.policy,
            self.promotion,
            self.approval,
            self.flow_of_watched,
            self.override,
            self.terms,
            self.write_off,
            self.refund,
            self.finance_flow,
            self.delegation,
            self.payment,
            self.bank_line,
            self.order_type,
            self.advance,
            self.credit_note,
            self.returned,
            self.carrier,
            self.pick_list,
            self.discrepancy,
            self.arrived,
            self.reminder,
            self.fresh_debtor(),
            self.user,
            self.supplier,
            self.requisition,
            self.purchase_order,
            self.production_order,
            self.fresh_reorder_point(),
            self.count,
            self.transfer,
            self.opportunity,
            self.fresh_activity(),
            Payables(self).supplier_payment(),
        )
        assert all(about)
        self.post("sid", f"/tickets/{self.ticket['id']}/take", {})
        self.speak()
