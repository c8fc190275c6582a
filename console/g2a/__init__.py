"""The client of the G2A Export API."""
