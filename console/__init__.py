"""g2a-console: syncs a G2A product catalogue every night, and shows and steers that from the terminal."""

__version__ = "0.1.0"
