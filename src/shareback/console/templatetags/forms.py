"""Every form of the console says for which programme it was shown.

The tag that protects a form does it, so that no form of ours, of unfold's or of Django's can be
without, and no script is needed for it. Elsewhere the tag is Django's own.
"""

from typing import Any, cast

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


class MarkedFormNode(CsrfTokenNode):
    """The hidden fields of a form: the token, and the programme that the reader saw."""

    def render(self, context: Any) -> SafeString:  # noqa: ANN401 - a context of templates
        """Both fields, or the token alone where no programme is shown."""
        token = cast("SafeString", super().render(context))
        if "shown_field" not in context or "programme" not in context:
            return token
        mark = '{}<input type="hidden" name="{}" value="{}">'
        marked: SafeString = format_html(
            mark, token, context["shown_field"], context["programme"].pk
        )
        return marked


@register.tag
def csrf_token(parser: Parser, token: Token) -> MarkedFormNode:  # noqa: ARG001 - Django's own shape
    """In the place of Django's tag of this name."""
    return MarkedFormNode()
