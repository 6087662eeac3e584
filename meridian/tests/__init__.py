"""Tests of the embedded system, the command line, the import, the audit and the demo."""
