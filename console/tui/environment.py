"""Textual's settings for a console that is used over SSH. Textual reads them once, when it is imported."""

import os

_DEFAULTS = {
    "TEXTUAL_ANIMATIONS": "none",  # an animation is bytes that say nothing
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "ESCDELAY": "25",  # milliseconds after which a lone ESC is the key: on a slow line sequences still arrive whole
}

for _name, _value in _DEFAULTS.items():
    os.environ.setdefault(_name, _value)
