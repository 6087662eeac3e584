"""One file per store: how its rows become the acts that a person would have done by hand."""
