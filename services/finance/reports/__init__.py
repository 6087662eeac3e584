"""Reads only: lists, the account at a glance, journal and trial balance."""
