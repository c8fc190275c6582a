"""When runs happen, and that only one happens at a time."""
