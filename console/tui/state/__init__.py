"""What the console knows: the engine's snapshot, kept up to date by its events. Values alone, no widgets."""
