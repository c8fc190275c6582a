"""Whether the package `console` that Python has found is ours."""

import console


def not_ours() -> str | None:
    """What to do where another package has overwritten ours; None where all is well."""
    if getattr(console, "DISTRIBUTION", None) == "g2a-console":
        return None
    return (
        "Another package named `console` has overwritten files of g2a-console: `pip uninstall console`, then "
        "`pip install --force-reinstall --no-deps g2a-console`, or give g2a-console an environment of its own."
    )
