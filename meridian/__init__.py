"""The whole of Meridian on one machine: the embedded system, the command line, import, audit and the demo."""
