"""oscar's models as they are."""

from oscar.apps.shipping.models import *
