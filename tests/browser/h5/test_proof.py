"""Members check in their own browser that they are counted; and what the check is worth."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from shareback.proofs.documents import check_document, read_proof
from shareback.proofs.notes import verifier_from_text
from tests.browser.h5.conftest import INDEX, Phone, Picks
from tests.browser.h5.steps import asked, button
from tests.browser.h5.world import BOSS, LI, WANG
from tests.proofs.proof_vectors import FILE
from tests.proofs.trees import FOREIGN

VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))

# Runs the very module that the page loads.
VERIFY = """async ([address, rows]) => {
  const { verify } = await import(address);
  const told = [];
  for (const { document, trusted } of rows) {
    try {
      const { by, accrued } = await verify(document, trusted);
      const keys = by.map(({ name, id }) => `${name}+${id}`);
      told.push({ holds: true, by: keys, accrued: `${accrued}` });
    } catch (fault) {
      told.push({ holds: false, check: fault.check, reason: fault.reason });
    }
  }
  return told;
}"""

# What a browser lacks: all of WebCrypto, as over plain HTTP; or Ed25519 in it, as older ones do.
LACKING = {
    "nothing": "",
    "Ed25519": """SubtleCrypto.prototype.importKey = async () => {
      throw new DOMException("not here", "NotSupportedError");
    };""",
    "WebCrypto": 'Object.defineProperty(crypto, "subtle", { value: undefined });',
}


def module() -> str:
    """The address of the verifier in the pages as they are built."""
    manifest = json.loads((INDEX.parent / "manifest.json").read_text("utf-8"))
    return f"/static/h5/{manifest['src/proofs/verify.ts']['file']}"


def short(key: str) -> str:
    """Name and id of a key; base64 has plus signs of its own."""
    return "+".join(key.split("+", 2)[:2])


def result_on(page: Page) -> Locator:
    """What came of the check."""
    return page.get_by_role("region", name="Result")


def verified(page: Page, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the verifier says to some proofs."""
    told: list[dict[str, Any]] = page.evaluate(VERIFY, [module(), rows])
    return told


@pytest.mark.parametrize("lacking", LACKING)
def test_the_browser_accepts_and_refuses_what_the_vectors_say(phone: Picks, lacking: str) -> None:
    one = phone()
    one.page.add_init_script(LACKING[lacking])
    one.go()
    for row, told in zip(VECTORS["accepted"], verified(one.page, VECTORS["accepted"]), strict=True):
        by = [short(text) for text in row["vouched"]]
        assert told == {"holds": True, "by": by, "accrued": row["accrued"]}, row["name"]
    for row, told in zip(VECTORS["refused"], verified(one.page, VECTORS["refused"]), strict=True):
        expected = {"holds": False, "check": row["check"], "reason": row["reason"]}
        assert told == expected, row["name"]
    assert one.faults == []


def test_a_member_checks_the_balance_and_keeps_the_proof(phone: Picks, tmp_path: Path) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    li.go("points")
    section = page.get_by_role("region", name="Verify my balance")
    section.get_by_role("link", name="Check now").click()
    result = result_on(page)
    expect(result).to_contain_text("It holds")
    expect(result).to_contain_text(re.compile("accounts? (was|were) checked against this close"))
    told = asked(li, "GET", "/me/proof")
    proof = read_proof(json.dumps(told))
    own = page.get_by_role("region", name=re.compile("^Your account at the close of"))
    points = Decimal(proof.account.sums.points).scaleb(-8)
    expect(own).to_contain_text(f"{points.quantize(Decimal('0.0001'), 'ROUND_DOWN'):,}")
    steps = page.get_by_role("region", name="What was checked")
    expect(steps.locator("li.done")).to_have_count(4)
    expect(steps).to_contain_text("No independent witness has signed it yet")
    expect(steps).to_contain_text(short(told["keys"][0]))
    with page.expect_download() as found:
        button(page, "Download the proof").click()
    assert found.value.suggested_filename == f"proof-vintage-{told['date']}.json"
    found.value.save_as(tmp_path / "proof.json")
    text = (tmp_path / "proof.json").read_text("utf-8")
    check_document(text, [verifier_from_text(one) for one in told["keys"]])
    assert li.faults == []


def test_a_merchant_checks_its_account_from_its_desk(phone: Picks) -> None:
    keeper = phone()
    page = keeper.page
    keeper.log_in(BOSS)
    keeper.go("merchant/1")
    page.get_by_role("link", name="Verify my balance").click()
    expect(result_on(page)).to_contain_text("It holds")
    told = asked(keeper, "GET", "/merchant/1/proof")
    assert told["account"]["kind"] == 2
    assert told["checked"] >= 1
    own = page.get_by_role("region", name=re.compile("^Your account at the close of"))
    coins = Decimal(told["account"]["sums"][4]).scaleb(-6)
    expect(own).to_contain_text(f"Coins{coins.quantize(Decimal('0.01'), 'ROUND_DOWN'):,}")
    expect(own).to_contain_text(f"Merchant number{told['account']['number']}")
    expect(own).not_to_contain_text("Quota")
    assert keeper.faults == []


def test_the_proof_of_somebody_else_is_none(phone: Picks) -> None:
    wang = phone()
    wang.log_in(WANG)
    told = asked(wang, "GET", "/me/proof")
    li = phone()
    li.log_in(LI)
    with_proof(li, lambda proof: proof.update(told))
    li.go("points/proof")
    expect(result_on(li.page)).to_contain_text("It does not hold")
    expect(result_on(li.page)).to_contain_text("another account")
    assert li.faults == []


def test_a_check_counts_once_for_each_member(phone: Picks) -> None:
    counts = []
    for person in (LI, LI, WANG):
        one = phone()
        one.log_in(person)
        one.go("points/proof")
        expect(result_on(one.page)).to_contain_text("against this close")
        counts.append(asked(one, "GET", "/me/proof")["checked"])
        assert one.faults == []
    first, again, other = counts
    # In another test of this house a merchant may have checked too.
    assert first >= 1
    assert (again, other) == (first, first + 1)


def with_proof(one: Phone, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the server tell another proof than it does."""

    def tell(route: Route) -> None:
        told = route.fetch().json()
        change(told)
        route.fulfill(json=told)

    one.page.route("**/me/proof", tell)


def more_points(told: dict[str, Any]) -> None:
    """An account that has more than is counted."""
    told["account"]["sums"][0] = str(int(told["account"]["sums"][0]) + 1)


def of_no_form(told: dict[str, Any]) -> None:
    """A sum below zero."""
    told["path"][0]["sums"][0] = "-1"


def key_exchanged(told: dict[str, Any]) -> None:
    """A key that has signed nothing."""
    told["keys"] = [FOREIGN.verifier.to_text()]


@pytest.mark.parametrize(
    ("change", "reason", "step"),
    [
        (more_points, "another root", "Your account is counted"),
        (of_no_form, "below zero", "The proof is whole"),
        (key_exchanged, "no trusted key", "own key has signed"),
    ],
)
def test_a_proof_that_does_not_hold_is_told_with_what_to_do(
    phone: Picks, change: Callable[[dict[str, Any]], None], reason: str, step: str
) -> None:
    li = phone()
    page = li.page
    li.log_in(LI)
    with_proof(li, change)
    with page.expect_response(lambda answer: answer.url.endswith("/proof/checked")) as sent:
        li.go("points/proof")
    expect(result_on(page)).to_contain_text("It does not hold")
    expect(result_on(page)).to_contain_text(reason)
    expect(page.get_by_role("main")).to_contain_text("Download this proof and keep it")
    expect(page.locator("li.wrong")).to_contain_text(step)
    assert '"holds":false' in (sent.value.request.post_data or "")
    assert li.faults == []
    page.unroute("**/me/proof")
    button(page, "Check again").click()
    expect(result_on(page)).to_contain_text("It holds")


def test_another_key_than_before_is_noticed(phone: Picks) -> None:
    li = phone()
    li.log_in(LI)
    li.go("points/proof")
    expect(result_on(li.page)).to_contain_text("It holds")
    expect(li.page.get_by_role("main")).not_to_contain_text("another than when you last checked")
    li.page.evaluate('localStorage.setItem("shareback_keys_vintage", "00ff")')
    li.page.reload()
    expect(li.page.get_by_role("main")).to_contain_text("another than when you last checked")
