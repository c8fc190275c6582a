"""The real program is killed again and again, and each time looked at: `python -m tests.kill_loop`."""
