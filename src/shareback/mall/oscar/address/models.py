"""oscar's addresses as they are; `shareback.mall.addresses` writes them as people in China do."""

from oscar.apps.address.models import *
