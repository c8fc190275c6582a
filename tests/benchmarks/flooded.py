"""The console, with a log that is flooded: a thread of its process logs so many records a second for ever.

    FLOOD=1000 python -m tests.benchmarks.flooded --home DIR

They go the way of every record: through the program's own log into its file, to the feed, and to the log pane.
"""

import logging
import os
import threading
import time

from console.start import main

_STEPS_PER_SECOND = 50


def _flood(per_second: int) -> None:
    logger, number = logging.getLogger("flood"), 0
    while True:
        for _ in range(per_second // _STEPS_PER_SECOND):
            number += 1
            logger.info("Record %s of a flood: page %s came with HTTP 500 and is tried again in 2.5 s", number, number)
        time.sleep(1 / _STEPS_PER_SECOND)


if __name__ == "__main__":
    threading.Thread(target=_flood, args=(int(os.environ["FLOOD"]),), daemon=True).start()
    main()
