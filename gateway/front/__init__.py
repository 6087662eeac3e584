"""What stands between the socket and the application: no request takes a thread before it is there as a whole."""
