"""Where a client gets its access tokens: OAuth 2 client credentials (RFC 6749, section 4.4)."""

from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientCredentialsGrant, scope_to_list
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shareback.api.clients import secret_is_right
from shareback.api.models import Client
from shareback.api.problems import Problem
from shareback.api.tokens import LIFETIME_S, TOKENS
from shareback.engine.wellformed import is_encodable

METHODS = ["client_secret_basic", "client_secret_post"]
IN_QUERY = (
    "nothing may stand in the address's query: send a form, and credentials in it or by Basic"
)


class OAuthClient:
    """A client as the authorization server asks for it."""

    def __init__(self, row: Client) -> None:
        """Stand for a client of ours."""
        self.row = row

    @property
    def client_id(self) -> str:
        """Under which it asks."""
        return self.row.client_id

    def get_client_id(self) -> str:
        """As `client_id`."""
        return self.row.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        """What of the scopes asked for it may have; all that it may have where it names none."""
        allowed = self.row.scopes.split()
        asked = scope_to_list(scope) or allowed
        return " ".join(each for each in asked if each in allowed)

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether a secret is right."""
        return secret_is_right(self.row, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """How it may authenticate."""
        return endpoint == "token" and method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        """It acts for itself only."""
        return grant_type == "client_credentials"


class Server(AuthorizationServer):  # type: ignore[misc] # Authlib ships no types
    """Gives out tokens of ours, and keeps none of them."""

    def __init__(self) -> None:
        """Know the one grant."""
        super().__init__(None, None)
        self.register_grant(Grant)

    def query_client(self, client_id: str) -> OAuthClient | None:
        """A client that may call."""
        if not is_encodable(client_id):
            return None
        row = Client.objects.filter(client_id=client_id, active=True).first()
        return None if row is None else OAuthClient(row)

    def save_token(self, token: dict[str, Any], request: Any) -> None:  # noqa: ANN401
        """A token says all there is to know; nothing is kept."""

    def generate_token(
        self,
        grant_type: str,  # noqa: ARG002 - as Authlib calls it
        client: OAuthClient,
        user: object = None,  # noqa: ARG002 - as above
        scope: str | None = None,
        **_options: object,
    ) -> dict[str, Any]:
        """A signed token."""
        allowed = client.get_allowed_scope(scope)
        return {
            "token_type": "Bearer",
            "access_token": TOKENS.sign(client.client_id, allowed),
            "expires_in": LIFETIME_S,
            "scope": allowed,
        }


class Grant(ClientCredentialsGrant):  # type: ignore[misc] # as above
    """Client credentials, by Basic authentication or in the form."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


SERVER = Server()


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Give a client a token for its id and secret."""
    if request.GET:
        # An address ends in the logs of every proxy on the way.
        return Problem(400, "invalid", IN_QUERY).response(request)
    try:
        response: HttpResponse = SERVER.create_token_response(request)
    except OAuth2Error as fault:
        return Problem(400, "invalid", fault.get_error_description()).response(request)
    except ValueError:
        # Credentials that are no text, or that no database can hold.
        return Problem(401, "unauthorised").response(request)
    response.headers["Cache-Control"] = "no-store"
    return response
