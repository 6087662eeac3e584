"""Sagas: conversations with other services that end done or compensated, kept in the database step by step."""

from libs.common.saga.by_hand import NotOpen, ask_now, resolve
from libs.common.saga.definition import Await, Cancel, Data, Pivot, Reply, Saga, Step, When
from libs.common.saga.engine import Handled, TooLateToCancel, cancel, handle, look_ahead, of_aggregate, start
from libs.common.saga.instance import Instance, LoggedStep
from libs.common.saga.picture import picture
from libs.common.saga.reading import asleep, find, needing_attention, tell, waiting_since
from libs.common.saga.timers import due

__all__ = [
    "Await",
    "Cancel",
    "Data",
    "Handled",
    "Instance",
    "LoggedStep",
    "NotOpen",
    "Pivot",
    "Reply",
    "Saga",
    "Step",
    "TooLateToCancel",
    "When",
    "ask_now",
    "asleep",
    "cancel",
    "due",
    "find",
    "handle",
    "look_ahead",
    "needing_attention",
    "of_aggregate",
    "picture",
    "resolve",
    "start",
    "tell",
    "waiting_since",
]
