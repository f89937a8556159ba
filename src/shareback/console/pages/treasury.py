"""The treasury and the merchants' settlements: what one person of finance books."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shareback.console.accounts import numbered, outside_ids, partners
from shareback.console.asking import Asked, read_money, read_words
from shareback.console.desk import Desk, desk_of, remark
from shareback.console.once import key_of, new_token
from shareback.console.pages.merchants import name_of
from shareback.console.pages.proposing import asked
from shareback.console.pages.refunds import tallies
from shareback.console.refusals import why
from shareback.console.routes import Page
from shareback.console.site import amiss, show
from shareback.engine import commands as cmd
from shareback.engine.batch import DaysUnclosed
from shareback.journal.models import Identity, Merchant
from shareback.mall.engines import must, now_us
from shareback.mall.faults import Refused
from shareback.units.text import yuan

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
def treasury(request: HttpRequest) -> HttpResponse:
    """What the treasury holds; finance books money that has come to it."""
    desk = desk_of(request)
    voice, is_typed = desk.voice, request.method == "POST"
    fields, read = money_form(request, is_typed=is_typed)
    if None not in read:
        money, note = read
        command = cmd.FundTreasury(now_us(), money, key_of(request))
        if book(request, command, f"treasury funded: {yuan(money)}, {note}"):
            messages.success(request, voice.say("treasury_funded", money=voice.money(money)))
            return HttpResponseRedirect(reverse("console:treasury"))
    actions = [
        (reverse(f"console:{name}"), voice.say(name))
        for name in ("propose_withdrawal",)
        if desk.may_see(name)
    ]
    page = show(
        request,
        "ask",
        voice.say("menu_treasury"),
        lead=voice.say("treasury_lead"),
        tallies=tallies(desk),
        actions=actions,
        asked=fields if desk.may_do("treasury") else [],
        form_title=voice.say("treasury_fund"),
        form_note=voice.say("treasury_fund_note"),
        button=voice.say("treasury_fund_button"),
        once=new_token(),
    )
    return amiss(page) if is_typed else page


@require_http_methods(FORM)
def merchant_settle(request: HttpRequest, number: int) -> HttpResponse:
    """Book what was paid out to a merchant.

    Raises:
        Http404: The programme has none of this number (A55).
    """
    desk = desk_of(request)
    voice = desk.voice
    found, outside, name = merchant_of(desk, number)
    fields, read = money_form(request, is_typed=request.method == "POST")
    back = reverse("console:merchant", args=[number])
    if None not in read:
        money, note = read
        command = cmd.SettleMerchant(now_us(), outside, money, key_of(request))
        if book(request, command, f"merchant {number} settled: {yuan(money)}, {note}"):
            messages.success(request, voice.say("settled_done", money=voice.money(money)))
            return HttpResponseRedirect(back)
    page = show(
        request,
        "ask",
        voice.say("settle_title", name=name),
        lead=voice.say("settle_lead", money=voice.money(found.payable)),
        above=(back, name),
        asked=fields,
        form_note=voice.say("settle_note"),
        button=voice.say("settle_button"),
        once=new_token(),
    )
    return amiss(page) if request.method == "POST" else page


def merchant_of(desk: Desk, number: int) -> tuple[Merchant, str, str]:
    """A merchant's account, its outside id and its name.

    Raises:
        Http404: There is none of this number whom anybody could name.
    """
    rows = Merchant.objects.filter(programme_id=desk.programme.pk, number=number)
    found = rows.first() if numbered(str(number)) else None
    ids = outside_ids(desk.programme.pk, Identity.Kind.MERCHANT, [number]) if found else {}
    if found is None or not ids.get(number):
        raise Http404(str(number))
    shop = partners(desk.programme.pk, [ids[number]]).get(number)
    return found, ids[number], name_of(desk, shop) if shop else ids[number]


def money_form(request: HttpRequest, *, is_typed: bool) -> tuple[list[Asked], list[Any]]:
    """An amount and its reference: the fields, and what was read from them."""
    desk = desk_of(request)
    say = desk.voice.say
    wanted = (
        (Asked("money", say("ask_money"), kind="number", unit=desk.voice.sign.strip()), read_money),
        (Asked("note", say("ask_voucher"), note=say("ask_voucher_note")), short_words),
    )
    both = [asked(desk, field, request.POST, read, is_typed=is_typed) for field, read in wanted]
    return [field for field, _ in both], [value for _, value in both]


def short_words(voice: Any, typed: str) -> str:  # noqa: ANN401 - as `read_words`
    """A reference, which fits the trail."""
    return read_words(voice, typed, 100)


def book(request: HttpRequest, command: cmd.Command, line: str) -> bool:
    """Have the engine book something; whether it did, or what kept it is told."""
    desk = desk_of(request)
    try:
        (answer,) = must(desk.programme.pk, [command])
    except (Refused, DaysUnclosed) as fault:
        remark(request, f"not booked: {line}")
        messages.error(request, desk.voice.say("yes_refused", why=why(desk.voice, fault)))
        return False
    if answer.repeated:
        remark(request, f"sent twice, booked once: {line}")
        messages.warning(request, desk.voice.say("sent_before"))
        return False
    remark(request, line)
    return True


PAGES = (
    Page("treasury", "treasury/", treasury),
    Page("merchant_settle", "merchants/<int:number>/settle/", merchant_settle),
)
