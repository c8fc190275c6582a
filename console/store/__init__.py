"""The catalogue's database: the tables, and everything that touches them."""
