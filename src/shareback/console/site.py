"""The console's site: one back office for goods, orders, offers, merchants and the programme."""

from unfold.sites import UnfoldAdminSite

CONSOLE = UnfoldAdminSite(name="console")
