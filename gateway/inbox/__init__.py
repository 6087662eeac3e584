"""What waits for somebody's yes, of every service that asks for one."""
