"""Tests of this service alone."""
