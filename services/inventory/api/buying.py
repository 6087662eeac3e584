"""Who may do what when the company buys or makes."""

from __future__ import annotations

READERS = ("warehouse", "finance", "api_client")
BUYERS = ("warehouse", "api_client")
DECIDERS = ("warehouse", "finance")
"""Who releases what somebody wants to buy: people only, and above the company's limit not who wrote it."""
RELEASERS = ("warehouse",)
"""Who lets something be made: people only, who know what the machines are busy with."""
RULE_SETTERS = ("finance",)
