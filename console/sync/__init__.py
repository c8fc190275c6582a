"""The sync of the catalogue: plan, fetch, decode, write, and at the end what is gone."""
