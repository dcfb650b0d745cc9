"""A gateway that speaks as much of SMSAPI's sms.do as the sender needs, and answers after a fixed time.

Hand-made, so that it costs less than what is measured. Run as a process: python -m benchmarks.fake_gateway PORT MS
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count
from urllib.parse import parse_qs

_ids = count(1)


class Connection(asyncio.Protocol):
    """Requests of one kept-alive connection, one after the other."""

    latency = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        self._received = b""
        loop = asyncio.get_running_loop()
        # From when it had the request: to make the answer costs as long as the sender's own work.
        due = loop.time() + self.latency
        loop.call_at(due, self._transport.write, _answer(body))  # type: ignore[attr-defined]


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _answer(body: bytes) -> bytes:
    idx = parse_qs(body.decode())["idx"][0].split("|")
    listed = [{"id": f"{next(_ids):024X}", "idx": one, "status": "QUEUE"} for one in idx]
    content = json.dumps({"count": len(listed), "list": listed}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content)


async def serve(port: int) -> None:
    """Until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    Connection.latency = float(sys.argv[2]) / 1000
    asyncio.run(serve(int(sys.argv[1])))
