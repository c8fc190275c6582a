"""The types of columns that SQLite and PostgreSQL call otherwise."""

from sqlalchemy import BigInteger, Integer, Text

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""In the same order on both: that of the letters' numbers, whatever language a server speaks."""

ROW_ID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the type is exactly INTEGER."""
