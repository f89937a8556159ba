"""oscar's models as they are."""

from oscar.apps.customer.models import *
