"""A tiny HTTP server that takes delivery reports and replies, as the portal would."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit

HOST = "127.0.0.1"


class Receiver:
    """Remembers the calls; answers what `answers` holds, then always `OK`."""

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []
        self.posts: list[dict[str, str]] = []
        self.answers: list[tuple[int, bytes]] = []
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self.url = f"http://{HOST}:{self._server.server_port}/reports/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def reports(self) -> list[dict[str, str]]:
        """Every single report of all calls, in the order of their arrival."""
        return [report for call in self.calls for report in split_reports(call)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802
                query = urlsplit(self.path).query
                status, body = receiver.answers.pop(0) if receiver.answers else (200, b"OK")
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                receiver.calls.append(dict(parse_qsl(query, keep_blank_values=True)))

            def do_POST(self) -> None:  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = receiver.answers.pop(0) if receiver.answers else (200, b"OK")
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
                receiver.posts.append(dict(parse_qsl(body, keep_blank_values=True)))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler


def split_reports(call: dict[str, str]) -> list[dict[str, str]]:
    """Take the comma-joined columns of a call apart."""
    columns = {name: value.split(",") for name, value in call.items()}
    return [
        {name: values[row] for name, values in columns.items()}
        for row in range(len(columns["MsgId"]))
    ]
