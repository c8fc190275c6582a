"""What the main screen has to do with the file of moved keys: it tells what is wrong in it, and writes one."""

import asyncio

from textual import events, on, work
from textual.message import Message

from console.text import clean
from console.tui.screens.action_screen import REFUSAL_SECONDS, ActionScreen


class KeyFile(ActionScreen[None]):
    """The part of the main screen that knows of `keys.toml`."""

    class KeysWritten(Message):
        """The file was written, or was not; `told` says so."""

        def __init__(self, told: str) -> None:
            super().__init__()
            self.told = told

    @on(events.Mount)
    def _tell_of_keys(self) -> None:
        """Say what of the file with the keys is ignored."""
        if problems := self.keys.problems:
            more = f" The log tells of {len(problems) - 1} more." if len(problems) > 1 else ""
            self.tell_refusal(f"{problems[0]}{more}")

    def action_write_keys(self) -> None:
        """Write all keys into the file."""
        self._write_keys()

    @work(group="keys", exit_on_error=False)
    async def _write_keys(self) -> None:
        from console.tui.keys.writing import write_keys  # noqa: PLC0415 - see LATER

        path = self.keys.path
        if path is None:
            return
        try:
            await asyncio.to_thread(write_keys, path, self.keys)
            told = f"All keys are listed in {path.name} in the home: change them there, and start the console again."
        except FileExistsError:
            told = f"There is a {path.name} in the home, which stays as it is: move it away to have keys listed anew."
        except OSError as error:
            told = f"{clean(str(path))} cannot be written: {error.strerror}."
        self.post_message(self.KeysWritten(told))

    @on(KeysWritten)
    def _tell_written(self, message: KeysWritten) -> None:
        self.notify(message.told, timeout=REFUSAL_SECONDS, markup=False)
