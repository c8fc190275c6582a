"""Everything the console can do, once: keys, footer, help and palette all read these lists, one for each screen."""

from console.tui.actions.action import Action, Group, Permission, barred, bindings, enabled

__all__ = ["Action", "Group", "Permission", "barred", "bindings", "enabled"]
