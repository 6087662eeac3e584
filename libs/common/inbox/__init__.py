"""Messages in: who handles what, exactly once, in order per aggregate; what fails is parked beside the data."""

from libs.common.inbox.receiver import Receipt, Receiver
from libs.common.inbox.retention import purge_inbox
from libs.common.inbox.subscriptions import Subscription, Subscriptions

__all__ = ["Receipt", "Receiver", "Subscription", "Subscriptions", "purge_inbox"]
