"""Who may do what when the company buys."""

from __future__ import annotations

READERS = ("warehouse", "finance", "api_client")
BUYERS = ("warehouse", "api_client")
DECIDERS = ("warehouse", "finance")
"""Who releases what somebody wants to buy: people only, and above the company's limit not who wrote it."""
RULE_SETTERS = ("finance",)
