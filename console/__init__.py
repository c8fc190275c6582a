"""g2a-console: syncs a G2A product catalogue every night, and shows and steers that from the terminal."""

__version__ = "0.1.0"

DISTRIBUTION = "g2a-console"
"""Says that this package is ours: a package of the index named `console` installs the same folder."""
