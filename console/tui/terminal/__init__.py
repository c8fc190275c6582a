"""The terminal itself: what is written to it and read from it, and what it cannot show."""
