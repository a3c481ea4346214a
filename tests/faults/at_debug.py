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
        names = list(logging.root.manager.loggerDict)
        for name in names:
            if which == "all" or name.partition(".")[0] not in VENDORS:
                logging.getLogger(name).setLevel(logging.DEBUG)
        root = logging.getLogger()
        root.setLevel(logging.DEBUG)
        for handler in root.handlers:
            handler.setLevel(logging.DEBUG)
        time.sleep(0.05)


if __name__ == "__main__":
    threading.Thread(target=keep_loud, args=(sys.argv[1],), daemon=True).start()
    sys.exit(main(sys.argv[2:]))
