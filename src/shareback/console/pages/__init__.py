"""The programme's pages: members, orders, the journal, who calls, who watches."""
