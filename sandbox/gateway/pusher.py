"""The thread that pushes delivery reports and replies while the process lives."""

from __future__ import annotations

import logging
import threading

import requests
from django.db import DatabaseError, connection

from sandbox.gateway.replies import due_replies, push_replies
from sandbox.gateway.reports import due_reports, push
from sandbox.models import Provider
from sandbox.serwersms.reports import push as push_serwersms

logger = logging.getLogger(__name__)

PAUSE = 0.1  # seconds between looks at the table


class ReportPusher(threading.Thread):
    """Pushes whatever is due until `stop()`."""

    def __init__(self) -> None:
        super().__init__(name="report-pusher", daemon=True)
        self._stopping = threading.Event()

    def run(self) -> None:
        with requests.Session() as session:
            while not self._stopping.wait(PAUSE):
                self._push_due(session)
        connection.close()

    def _push_due(self, session: requests.Session) -> None:
        try:
            push(due_reports(), session)
            push_serwersms(due_reports(Provider.SERWERSMS), session)
            push_replies(due_replies(), session)
        except DatabaseError:
            # A reset may delete rows under our feet, a long write may hold the lock: look again.
            logger.warning(
                "Reports or replies could not be read or noted; trying again", exc_info=True
            )

    def stop(self) -> None:
        """Ask the thread to end after the call under way."""
        self._stopping.set()
