"""oscar's models as they are."""

from oscar.apps.catalogue.reviews.models import *
