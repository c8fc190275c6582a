"""The lists of actions by screen: how `keys.toml` names them."""

from collections.abc import Mapping, Sequence

from console.tui.actions import history, log, main, notices, products, removals, run_detail
from console.tui.actions.action import Action

SCREENS: Mapping[str, Sequence[Action]] = {
    "main": main.ACTIONS,
    "history": history.ACTIONS,
    "run": run_detail.ACTIONS,
    "log": log.ACTIONS,
    "record": log.RECORD_ACTIONS,
    "products": products.ACTIONS,
    "product": products.SHEET_ACTIONS,
    "removals": removals.ACTIONS,
    "notices": notices.ACTIONS,
}


def name_of(actions: Sequence[Action]) -> str:
    """The name of the screen with these actions; empty where it has none, and its keys cannot be moved."""
    return next((name for name, each in SCREENS.items() if each is actions), "")
