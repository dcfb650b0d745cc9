"""The threaded HTTP server of the process."""

from __future__ import annotations

import threading
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from sandbox.connection_cut import HANG_UP


class RequestHandler(WSGIRequestHandler):
    """Lets a response close its connection before it is complete."""

    # Headers and body are written apart: with Nagle's algorithm each answer could wait 40 ms.
    disable_nagle_algorithm = True

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ[HANG_UP] = self._hang_up
        return environ

    def _hang_up(self) -> None:
        self.close_connection = True


class HttpServer(ThreadedWSGIServer):
    """Serves the sandbox's pages and contracts in the background until `shutdown()`."""

    request_queue_size = 128

    def __init__(self, host: str, port: int) -> None:
        """Bind at once: raises OSError when the port is taken."""
        super().__init__((host, port), RequestHandler)
        self.set_app(get_wsgi_application())
        self._thread = threading.Thread(target=self.serve_forever, name="http", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
