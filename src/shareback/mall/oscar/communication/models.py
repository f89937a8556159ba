"""oscar's models as they are."""

from oscar.apps.communication.models import *
