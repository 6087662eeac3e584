"""Who may do what on the servers: passwords, and rights on the broker; deploy/postgres has the databases'."""
