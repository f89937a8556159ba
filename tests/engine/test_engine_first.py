from shareback.engine import commands as cmd
from tests.backends.journals import OPENED, Opens
from shareback.engine.verifying import verify_full
import pytest, itertools
N=itertools.count()

def setup(engine, **p):
    e=engine(**p)
    e.apply([cmd.JoinMember(OPENED,f"m{i}") for i in range(5)]+[cmd.JoinMerchant(OPENED,"s0")])
    return e

def test_dup_order(engine: Opens):
    e=setup(engine)
    o=cmd.PayOrder(OPENED,"o1","m1","",100_000_000)
    print(e.apply([o])); print(e.apply([o, cmd.PayOrder(OPENED,"o2","m1","",100_000_000)]))
    print(e.apply([o._replace(paid_uyuan=5)]))
    e.forget()
    print(e.apply([o._replace(paid_uyuan=5)]))
    assert verify_full(e.programme.name, e.alias).findings==()

def test_key_other_body(engine: Opens):
    e=setup(engine)
    print(e.apply([cmd.FundTreasury(OPENED,5,key="k")]))
    print(e.apply([cmd.FundTreasury(OPENED,5,key="k")]))
    print(e.apply([cmd.FundTreasury(OPENED,6,key="k")]))
def test_key_other_body_same_batch(engine: Opens):
    e=setup(engine)
    print(e.apply([cmd.FundTreasury(OPENED,5,key="k"),cmd.FundTreasury(OPENED,6,key="k")]))
def test_key_amend(engine: Opens):
    e=setup(engine)
    print(e.apply([cmd.AmendProgramme(OPENED,10**6,2,e.programme,key="k")]))
def test_empty_id(engine: Opens):
    e=setup(engine)
    print(e.apply([cmd.JoinMember(OPENED,"")]))
    print(e.apply([cmd.JoinMember(OPENED,"x")]))
    assert verify_full(e.programme.name, e.alias).findings==()
@pytest.mark.parametrize("bad", ["\0","x"*201,"\ud800"],ids=["nul","long","surr"])
def test_bad_id(engine: Opens,bad):
    e=setup(engine)
    print(e.apply([cmd.JoinMember(OPENED,bad)]))
    print(e.apply([cmd.PayOrder(OPENED,bad,"m1","",100_000_000)]))
    print(e.apply([cmd.FundTreasury(OPENED,1,key=bad)]))
    assert verify_full(e.programme.name, e.alias).findings==()
@pytest.mark.parametrize("bad",[-1,-2,2**62,2**63,2**64,-2**70],ids=str)
def test_bad_int(engine,bad):
    e=setup(engine)
    e.apply([cmd.PayOrder(OPENED,"o","m1","",100_000_000,None,True)])
    for c in [cmd.JoinMember(OPENED,"y",party=bad),cmd.FundTreasury(OPENED,bad),cmd.RefundOrder(OPENED,"o","r",5,bad),cmd.PayOrder(OPENED,"o2","m1","",100_000_000,bad),cmd.AnnounceEnd(OPENED,bad,0),cmd.SettleAccounts(OPENED,1,bad),cmd.FundTreasury(bad,7)]:
        try: print(c,e.apply([c]))
        except Exception as x: print(c,"EXC",repr(x))
    print(verify_full(e.programme.name, e.alias).findings)
    assert 0
def test_refund_commit(engine):
    e=setup(engine)
    e.apply([cmd.PayOrder(OPENED,"o","m1","",100_000_000,None,True),cmd.RefundOrder(OPENED,"o","r",5)])
    from shareback.journal.models import Event
    from shareback.proofs.canonical import decode
    print([decode(bytes(x.body)) for x in Event.objects.using(e.alias).filter(programme_id=e.id)][-1])
    assert 0
