"""The kinds of faults, one file per family."""
