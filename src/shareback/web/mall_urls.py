"""The addresses of the whole house: the journal's pages, the mall's and the console's."""

from django.urls import path

from shareback.api.payments import notice
from shareback.api.shop.api import shop_api
from shareback.console.site import CONSOLE
from shareback.web.cashier import cashier, pay
from shareback.web.phone import phone, picture
from shareback.web.urls import handler404, handler500
from shareback.web.urls import urlpatterns as journal

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("console/", CONSOLE.urls),
    path("api/v1/shops/", shop_api.urls),
    path("api/v1/payments/<slug:gateway>/notices", notice, name="payment-notice"),
    path("pay/<uuid:number>", pay, name="pay"),
    path("cashier/<str:reference>", cashier, name="cashier"),
    path("m/<slug:slug>/", phone, name="phone"),
    path("m/<slug:slug>/<path:rest>", phone, name="phone-page"),
    path("media/<path:path>", picture, name="picture"),
    *journal,
]
