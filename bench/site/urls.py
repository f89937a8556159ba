"""The site's addresses, and the two that it is compared with."""

from django.urls import include, path

from bench.peers.plain_view import do_nothing, pay_order

urlpatterns = [
    path("api/v1/bench/<int:programme>/nothing", do_nothing),
    path("api/v1/bench/<int:programme>/orders", pay_order),
    path("", include("shareback.web.urls")),
]
