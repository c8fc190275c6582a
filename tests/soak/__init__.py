"""Hours of runs under faults: what the process holds on to stays flat."""
