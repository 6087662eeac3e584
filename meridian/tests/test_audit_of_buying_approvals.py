"""The audit sees what was bought otherwise than its approval says, each way."""

from __future__ import annotations

import pytest

from libs.common.approvals import Approver, Case, Flow, Step, define_flow
from libs.common.testing.plugin import MakeDatabase
from meridian.tests.test_audit_bites import offenders, unguarded
from services.inventory.domain.approving import PURCHASE, REQUISITION
from services.inventory.tests.builders import MIGRATIONS, Shop
from services.inventory.tests.buying import Buying

CHECK = "I15_what_is_bought_is_as_its_approval_says"
FAULTS = (
    "UPDATE requisition SET state = 'approved' WHERE state = 'open'",
    "UPDATE requisition SET approval_id = NULL WHERE state = 'open'",
    "UPDATE purchase_order SET approval_id = NULL WHERE state = 'draft'",
    "UPDATE approval SET state = 'approved', ended_at = requested_at WHERE document = 'purchase_requisition'",
    "UPDATE approval SET state = 'approved', ended_at = requested_at WHERE document = 'purchase_order'",
    "UPDATE purchase_order SET state = 'cancelled' WHERE state = 'draft'",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_waits_and_went_on_all_the_same_is_found(make_database: MakeDatabase, fault: str) -> None:
    shop = Shop(make_database("inventory", MIGRATIONS))
    buying, main, valve = Buying(shop), shop.warehouse(), shop.item()
    foundry = buying.supplier()
    buying.buys(valve, foundry)
    ready = buying.ask(valve, main, 4)
    buying.approve(ready.id)
    draft = buying.draft(foundry, ready.id)
    step = Step("Money", 1, (Approver("role", "finance"),))
    for document in (REQUISITION, PURCHASE):
        flow = Flow("", document, "All", 0, (Case(),), (step,), created_by="fay")
        shop.do(lambda tx, flow=flow: define_flow(tx, flow))
    assert buying.ask(valve, main, 4).approval_id is not None
    assert buying.send(draft).approval_id is not None
    assert not offenders(shop.database, "inventory", CHECK)

    unguarded(shop.database, fault)
    assert offenders(shop.database, "inventory", CHECK)
