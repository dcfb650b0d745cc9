"""`{% url %}` as Django's, which remembers addresses without arguments.

A page has a dozen and a half of them, and to find them took longer than its query. They are the same for everybody, as
long as the process lives.
"""

from __future__ import annotations

from django import template
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as any_url

register = template.Library()


class FixedUrl(template.Node):
    """The address of a view that takes no arguments."""

    def __init__(self, node: URLNode) -> None:
        self._node = node
        self._address: str | None = None

    def render(self, context: Context) -> str:
        """Found once; a template is kept for all requests."""
        if self._address is None:
            self._address = self._node.render(context)
        return self._address


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    """Django's tag, if it names the view by a variable, takes arguments or keeps the address in a variable."""
    node = any_url(parser, token)
    is_fixed = isinstance(node.view_name.var, str) and not (node.args or node.kwargs or node.asvar)
    return FixedUrl(node) if is_fixed else node
