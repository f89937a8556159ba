"""The site's addresses, and the two that it is compared with."""

from django.urls import include, path

from bench.peers.plain_view import do_nothing, pay_order

urlpatterns = [
    path("api/v1/programmes/<int:programme>/bench/nothing", do_nothing),
    path("api/v1/programmes/<int:programme>/bench/orders", pay_order),
    path("", include("shareback.web.urls")),
]
