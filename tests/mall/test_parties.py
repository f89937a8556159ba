"""Owners of merchants: whoever is appointed, nobody who was linked before is parted (R4.4, A37)."""

from functools import partial
from typing import TYPE_CHECKING

from shareback.engine import commands as cmd
from shareback.journal.models import Order as Journaled
from shareback.mall import members, opening
from shareback.mall.engines import now_us
from shareback.mall.models import Membership, MerchantStaff
from shareback.mall.oscar.partner.models import Partner
from tests.backends.house import House
from tests.mall.racing import at_once

if TYPE_CHECKING:
    from collections.abc import Callable


def parties(house: House, people: list[Membership], shops: list[Partner]) -> set[int]:
    """The parties of some members and merchants."""
    return {house.account(one).party for one in people} | {
        house.merchant_account(one).party for one in shops
    }


def earns(house: House, li: Membership, partner: Partner) -> bool:
    """Whether an order at a merchant earns its buyer anything."""
    order = house.bought(li, house.good("10.00", partner=partner, kind="digital"))
    row = Journaled.objects.get(programme_id=house.programme, order_id=order.number)
    return not row.linked


def test_a_second_owner_does_not_unlink_the_first(house: House) -> None:
    li, wang = house.member(), house.member()
    opening.appoint(house.partner, li.user)
    opening.appoint(house.partner, wang.user)
    assert len(parties(house, [li, wang], [house.partner])) == 1
    assert not earns(house, li, house.partner)
    assert not earns(house, wang, house.partner)
    house.check()


def test_owners_of_several_merchants_bring_all_of_them_together(house: House) -> None:
    tea, silk = house.merchant("茶庄"), house.merchant("绸庄")
    li, wang, zhao = house.member(), house.member(), house.member()
    opening.appoint(house.partner, li.user)
    opening.appoint(tea, wang.user)
    opening.appoint(silk, zhao.user)
    assert len(parties(house, [li, wang, zhao], [house.partner, tea, silk])) == 3
    opening.appoint(tea, li.user)
    opening.appoint(silk, wang.user)
    (party,) = parties(house, [li, wang, zhao], [house.partner, tea, silk])
    assert party > 0
    assert not earns(house, zhao, house.partner)
    assert earns(house, house.member(), house.partner)
    house.check()


def test_an_owner_of_two_merchants_who_joins_brings_them_together(house: House) -> None:
    tea = house.merchant("茶庄")
    zhao, user = house.member(), house.user()
    opening.appoint(tea, zhao.user)
    for partner in (house.partner, tea):
        opening.appoint(partner, user)
    joined = members.join(house.shop, user)
    assert len(parties(house, [joined, zhao], [house.partner, tea])) == 1
    house.check()


def test_an_account_that_is_adopted_is_linked_too(house: House) -> None:
    user = house.user()
    opening.appoint(house.partner, user)
    (answer,) = house.tell(cmd.JoinMember(now_us(), "old-1"))
    adopted = members.adopt(house.shop, user, "old-1", answer.number)
    (party,) = parties(house, [adopted], [house.partner])
    assert party > 0
    house.check()


def test_clerks_are_linked_with_nobody(house: House) -> None:
    li = house.member()
    opening.appoint(house.partner, li.user, MerchantStaff.Role.CLERK)
    assert house.account(li).party == 0
    assert earns(house, li, house.partner)


def test_what_others_have_linked_stays_together(house: House) -> None:
    li, wang = house.member(), house.member()
    opening.appoint(house.partner, li.user)
    # Somebody who writes to the journal itself says that wang is one with a cousin.
    cousin = house.member()
    house.tell(
        cmd.LinkParty(now_us(), 77, wang.member_id, ""),
        cmd.LinkParty(now_us(), 77, cousin.member_id, ""),
    )
    opening.appoint(house.partner, wang.user)
    assert len(parties(house, [li, wang, cousin], [house.partner])) == 1


def test_joining_while_being_appointed_links_all_the_same(house: House) -> None:
    shops = [house.merchant(f"商家{number}") for number in range(4)]
    user = house.user()
    works: list[Callable[[], object]] = [partial(opening.appoint, one, user) for one in shops]
    works.append(partial(members.join, house.shop, user))
    at_once(works)
    joined = Membership.objects.get(user=user, programme_id=house.programme)
    assert len(parties(house, [joined], shops)) == 1
    house.check()
