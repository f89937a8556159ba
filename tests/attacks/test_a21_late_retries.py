"""A21: keys never expire, and the business key refuses too."""

from shareback.journal.models import Answer
from tests.backends.servers import Mall

ORDER = {"order_id": "o", "member_id": "li", "amount": "100"}


def test_without_its_kept_answer_an_order_still_refuses_to_be_paid_twice(mall: Mall) -> None:
    first = mall.post("/orders", ORDER, key="k")
    # As if keys were forgotten after a while, which they are not.
    Answer.objects.using(mall.alias).filter(programme_id=mall.programme).delete()
    again = mall.post("/orders", ORDER, key="k")
    assert again.content == first.content
    other = mall.post("/orders", ORDER | {"amount": "1"}, key="new")
    assert (other.status_code, other.json()["code"]) == (409, "id_taken")
    assert mall.get("").json()["orders"] == 1


def test_nothing_ever_removes_a_kept_answer(mall: Mall) -> None:
    mall.done("/treasury/funds", {"amount": "1"}, "k")
    for n in range(20):
        mall.done("/treasury/funds", {"amount": "1"}, f"k{n}")
    assert mall.post("/treasury/funds", {"amount": "2"}, "k").json()["code"] == "key_taken"
