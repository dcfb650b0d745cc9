"""A response that ends in the middle: the client sees its connection closed."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse

HANG_UP = "sandbox.hang_up"  # key in the WSGI environment, put there by sandbox.server


def cut_response(request: HttpRequest, body: bytes, *, keep: int) -> StreamingHttpResponse:
    """Promise `body` and close the connection after `keep` bytes of it; 0 answers nothing."""
    response = StreamingHttpResponse(_cut(request, body[:keep]), content_type="application/json")
    response["Content-Length"] = str(len(body))
    return response


def _cut(request: HttpRequest, kept: bytes) -> Iterator[bytes]:
    if kept:
        yield kept
    request.environ[HANG_UP]()  # type: ignore[attr-defined]
    # wsgiref takes this for a client that went away: it stops writing and says nothing.
    raise ConnectionAbortedError
