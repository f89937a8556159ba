"""The demo's bank statement: it agrees with the journal but for one cent, and halts nothing."""

from shareback.engine import commands as cmd
from shareback.gateways.bank.importing import Source, import_file
from shareback.gateways.bank.models import Reconciliation
from shareback.journal.models import Day
from shareback.journal.models.programme import Halt
from shareback.mall.demo.statement import CENT_UYUAN, statement
from shareback.rules.layout import Head
from tests.backends.journals import DAY, Opens
from tests.engine.small import AT, YUAN, do, opened, order
from tests.gateways.bank.banks import halted


def test_one_cent_is_unexplained_and_nothing_is_halted(engine: Opens) -> None:
    one = opened(engine, maturity_days=7)
    for day in range(6):
        at = AT + day * DAY
        do(one, order(f"o{day}", yuan=100 + day, at=at), order(f"p{day}", "m2", 100, at))
        do(one, cmd.RefundOrder(at, f"p{day}", "r", (day + 1) * YUAN))
    one.close(one.head()[Head.DAY])
    rows = Day.objects.using(one.alias).filter(programme_id=one.id).order_by("day")
    days = list(rows.values_list("day", "bank"))
    content = statement(days, "CNY").encode()

    done = import_file(one.id, Source(content, "camt053", {}, "", "demo", AT), one.alias)

    assert done.compared is not None
    assert (done.compared.unexplained, done.compared.open_lines) == (CENT_UYUAN, 1)
    assert (done.compared.missing, done.compared.in_transit) == (0, 0)
    assert done.compared.state == Reconciliation.State.UNEXPLAINED
    assert halted(one) == Halt.NONE
