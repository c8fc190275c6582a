"""What can be asked of the engine and what it tells: the one interface between the engine and its faces."""
