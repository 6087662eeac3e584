"""Conversations that wait for the answers of others: from an order to its cash."""
