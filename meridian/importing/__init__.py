"""Bringing a company in: CSV files in one documented format, checked whole before anything is written."""
