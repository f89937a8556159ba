"""oscar's models as they are."""

from oscar.apps.payment.models import *
