"""Fixtures for the tests of messaging."""

from libs.common.tests.messaging.broker import make_broker

__all__ = ["make_broker"]
