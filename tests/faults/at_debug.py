"""Run ``leavers`` with every logger and handler at DEBUG, whatever the service sets.

The first argument says which: ``own`` leaves the vendors' libraries as the service quietens them,
``all`` spares none.
"""

import logging
import sys
import threading
import time

from service.cli import main

VENDORS = ("urllib3", "requests", "requests_oauthlib", "oauthlib", "zenpy", "github", "trello")


def keep_loud(which: str) -> None:
    """Set the levels again and again, since the service sets its own when it starts."""
    while True:
        names = [
            name
            for name in list(logging.root.manager.loggerDict)
            if which == "all" or name.partition(".")[0] not in VENDORS
        ]
        for logger in (logging.getLogger(), *map(logging.getLogger, names)):
            # To set a level makes every logger that there is forget what it has cached.
            if logger.level != logging.DEBUG:
                logger.setLevel(logging.DEBUG)
        for handler in logging.getLogger().handlers:
            handler.setLevel(logging.DEBUG)
        time.sleep(0.05)


if __name__ == "__main__":
    threading.Thread(target=keep_loud, args=(sys.argv[1],), daemon=True).start()
    sys.exit(main(sys.argv[2:]))
