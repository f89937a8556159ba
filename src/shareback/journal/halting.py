"""Stop a programme's payouts, and let them go on: the one place where that is written."""

from django.db import DEFAULT_DB_ALIAS, transaction

from shareback.journal.models import Programme
from shareback.journal.models.programme import Halt


def set_halted(programme: int, halted: Halt, alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Say why a programme pays nothing out for the moment, or that it does.

    The row is locked first, so a batch that is being decided is finished before; the next one of
    any writer, in this process or another, sees the change.

    Args:
        programme: The programme's number.
        halted: What holds from now on.
        alias: Which of Django's databases holds it.

    Returns:
        Whether that is a change.
    """
    rows = Programme.objects.using(alias)
    with transaction.atomic(using=alias):
        before = rows.select_for_update().values_list("halted", flat=True).get(pk=programme)
        if before == halted:
            return False
        rows.filter(pk=programme).update(halted=halted)
    return True
