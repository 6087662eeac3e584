"""What a service that was taken over cannot do to the servers, tried on them."""
