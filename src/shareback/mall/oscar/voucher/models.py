"""oscar's models as they are."""

from oscar.apps.voucher.models import *
