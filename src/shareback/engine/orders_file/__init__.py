"""Other people's orders, read from CSV or Parquet, checked as a whole before anything is imported.

The format is described for users in docs/reference/orders-file.md.
"""

from shareback.engine.orders_file.actions import Action, ActionKind, ActionRow
from shareback.engine.orders_file.faults import FileUnreadable, OrdersUnreadable, RowUnreadable
from shareback.engine.orders_file.layout import FIELDS, REQUIRED
from shareback.engine.orders_file.staging import StagedOrders, stage

__all__ = [
    "FIELDS",
    "REQUIRED",
    "Action",
    "ActionKind",
    "ActionRow",
    "FileUnreadable",
    "OrdersUnreadable",
    "RowUnreadable",
    "StagedOrders",
    "stage",
]
