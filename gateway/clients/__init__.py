"""The five services as the gateway sees them: how to reach one, and which addresses and pages are whose."""
