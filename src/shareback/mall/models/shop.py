"""A programme's shop."""

from django.db import models

from shareback.journal.models import Programme


class Shop(models.Model):
    """The mall of one programme.

    Attributes:
        slug: By which it is found: ``/m/<slug>/``.
        name_en: Its English name; `name` is the Chinese one.
        hotline: Whom members can call.
    """

    programme = models.OneToOneField(
        Programme, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True, default="")
    motto = models.CharField(max_length=120, blank=True, default="")
    motto_en = models.CharField(max_length=120, blank=True, default="")
    hotline = models.CharField(max_length=40, blank=True, default="")
    is_open = models.BooleanField(default=True)
