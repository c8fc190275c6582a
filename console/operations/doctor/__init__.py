"""The doctor: what is configured, reachable and writable, and what needs to be put right."""
