"""Messages in: none; crm tells and does not listen."""
