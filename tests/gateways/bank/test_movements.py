"""What moved over the bank adds up to what the books say it holds, whatever happened."""

from shareback.engine.engine import Engine
from shareback.gateways.bank.movements import moved_between
from shareback.rules.layout import Head


def test_all_that_moved_is_what_the_bank_holds(life: Engine) -> None:
    head = life.head()
    moved = moved_between(life.id, (0, head[Head.DAY]), head[Head.SEQUENCE], life.alias)
    assert len({one.kind for one in moved}) >= 5
    assert sum(one.amount_uyuan for one in moved) == head[Head.BANK]
