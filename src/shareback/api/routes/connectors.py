"""Where connected malls post their webhooks; the shape's own signature stands for a token."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shareback.api.connectors.deliveries import deliver

router = Router(tags=["connections"])


@router.post("/{programme}/connections/{name}", auth=None, include_in_schema=False)
def take(request: HttpRequest, programme: int, name: str) -> HttpResponse:
    """Take a delivery; no part of the document, since malls post bodies of their own shape."""
    return deliver(request, programme, name)
