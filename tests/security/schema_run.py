"""Schemathesis on every operation of the document, as one role after another, with a fixed seed."""

from __future__ import annotations
ROLES = ()
def run_schemathesis(*a): return {}
