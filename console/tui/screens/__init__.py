"""The screens: one carries the day."""
