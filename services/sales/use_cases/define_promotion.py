"""Define a promotion, or the next revision of one."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction, next_number
from libs.common.ids import derived_id
from services.sales.domain.errors import UnknownCustomer
from services.sales.domain.promotion import Promotion, check_promotion, items_of
from services.sales.domain.promotion_errors import CouponChanged, CouponTaken, FewerThanUsed
from services.sales.store import customers, items, promotions


def define_promotion(tx: Transaction, wanted: Promotion, by: str) -> Promotion:
    """Store the promotion; it takes the place of an earlier one of the same name, for documents from now on.

    The caller leaves id and revision open. Documents keep what they were given. Two authors of one name take turns.
    """
    if wanted.customer_id is not None and customers.find(tx.connection, wanted.customer_id) is None:
        raise UnknownCustomer(f"there is no customer {wanted.customer_id}", field="customer_id")
    known = items.known(tx.connection, (item_id for _, item_id in items_of(wanted.gift)))
    check_promotion(wanted, frozenset(known))
    revision = next_number(tx, f"promotion.{derived_id(wanted.name)}")
    promotion = replace(wanted, id=tx.new_id(), revision=revision)
    _keep_coupon(tx, promotion)
    promotions.add(tx, promotion, by)
    return promotion


def _keep_coupon(tx: Transaction, promotion: Promotion) -> None:
    """Take the code for the promotion, which has one for all its revisions or none."""
    code = promotions.coupon_of(tx.connection, promotion.name)
    if promotion.revision > 1 and code != promotion.coupon:
        raise CouponChanged(f"{promotion.name} has {code or 'no coupon'}", field="coupon")
    if promotion.coupon is None:
        return
    if not promotions.keep_coupon(tx, promotion.coupon, promotion.name, promotion.max_uses):
        if code is None:
            raise CouponTaken(f"{promotion.coupon} is another promotion's", field="coupon")
        raise FewerThanUsed(
            f"{promotion.coupon} was used more than {promotion.max_uses} times", field="max_uses"
        )
