"""The addresses of the API."""

from django.urls import path

from shareback.api.oauth import token
from shareback.api.v1 import api

urlpatterns = [
    path("v1/oauth/token", token, name="api-token"),
    path("v1/", api.urls),
]
