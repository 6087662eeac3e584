"""Faults against the real system: real processes, real sockets, servers of its own, and clients that do not give up."""
