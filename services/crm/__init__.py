"""CRM: the only truth of customers, of the people to talk to there, and of whose customers they are."""
