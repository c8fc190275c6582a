"""The terminal interface: it shows what the engine tells, and asks for what the operator wants. It decides nothing."""

import console.tui.environment  # noqa: F401 - before anything of textual, which reads its environment once
