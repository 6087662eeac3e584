"""What sales refuses about promotions and coupons, each with the code that callers may act upon."""

from __future__ import annotations

from libs.common.errors import Invalid, NotFound, Refused


class GiftOfNothing(Invalid):
    """A promotion would take nothing off."""

    code = "gift_of_nothing"
    usual_cure = "give more than zero; to end a promotion give its last day in valid_until"


class GiftNotOne(Invalid):
    """A promotion gives none or several of the things that it can give."""

    code = "gift_not_one"
    usual_cure = "give exactly one of percent_off, amount_off, free_units and bundle"


class PartNamedTwice(Invalid):
    """An item stands in a bundle more than once."""

    code = "part_named_twice"
    usual_cure = "name each item once, with the quantity that a set holds"


class UsesWithoutCoupon(Invalid):
    """A number of uses was given for a promotion that has no coupon."""

    code = "uses_without_coupon"
    usual_cure = "give a coupon too, or leave max_uses out"


class CouponTaken(Refused):
    """The code is another promotion's."""

    code = "coupon_taken"
    usual_cure = "choose another code"


class CouponChanged(Refused):
    """A promotion's coupon stays what it is, for documents that are out bear it."""

    code = "coupon_changed"
    usual_cure = "define a promotion of another name for another coupon"


class FewerThanUsed(Refused):
    """A coupon was used more often already than it shall be."""

    code = "fewer_than_used"
    usual_cure = "give at least as many uses as there were, or end the promotion by valid_until"


class UnknownCoupon(Invalid):
    """There is no coupon of this code."""

    code = "unknown_coupon"
    usual_cure = "check the code, or leave it out"


class CouponWithoutEffect(Invalid):
    """The coupon takes nothing off this document."""

    code = "coupon_without_effect"
    usual_cure = "leave the coupon out, or try the prices to see why no line has it"


class CouponUsedUp(Refused):
    """The coupon was used as often as it may be."""

    code = "coupon_used_up"
    usual_cure = "revise the quotation without the coupon"


class PromotionNotFound(NotFound):
    """There is no such promotion, or the caller may not know of it."""

    code = "promotion_not_found"
