"""The actions that every screen has."""

from console.tui.actions.action import Action, Group

PALETTE = Action(
    id="palette",
    keys="colon,ctrl+p",
    shown=": Ctrl+P",
    label="palette",
    help="Find an action by its name",
    group=Group.CONSOLE,
    listed=False,
)

HELP = Action(
    id="help",
    keys="question_mark,f1",
    shown="? F1",
    label="help",
    help="Show the keys that work here and now",
    group=Group.CONSOLE,
    footer=8,
)

NOTICES = Action(
    id="notices",
    keys="exclamation_mark",
    shown="!",
    label="notices",
    help="Read again what was said in passing",
    group=Group.CONSOLE,
)

AGAIN = Action(
    id="ask_again",
    keys="ctrl+r,f5",
    shown="Ctrl+R F5",
    label="ask again",
    help="Ask again for what did not come",
    group=Group.CONSOLE,
    enabled=lambda now: now.has_problem,
    footer=0,
)

BACK = Action(
    id="back",
    keys="escape,q",
    shown="Esc q",
    label="back",
    help="Go back; nothing unconfirmed is done",
    group=Group.CONSOLE,
    footer=9,
    listed=False,
)
