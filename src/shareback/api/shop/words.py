"""The words of the shop's own problems, in English and Chinese, and their HTTP status."""

from typing import NamedTuple

from shareback.api.shop.words_buying import BUYING


class Word(NamedTuple):
    """One problem: its HTTP status, and one sentence in each language."""

    status: int
    en: str
    zh: str


SHOP_WORDS: dict[str, Word] = {
    # Who asks.
    "log_in": Word(401, "Log in first.", "请先登录。"),
    "not_a_member": Word(
        403,
        "This account is not a member of this shop yet; join first.",
        "此账号还不是本商城会员，请先加入。",
    ),
    "csrf": Word(403, "The page is out of date; load it again.", "页面已过期，请刷新后重试。"),
    "owners_only": Word(403, "Only the merchant's owner may do this.", "仅商家负责人可以操作。"),
    "code_wrong": Word(422, "The code is wrong or has expired.", "验证码错误或已过期。"),
    "codes_unavailable": Word(503, "Codes cannot be sent at present.", "暂时无法发送验证码。"),
    "login_wrong": Word(422, "Phone, name or password is wrong.", "手机号、用户名或密码错误。"),
    "second_factor": Word(
        403,
        "This account logs in with a second factor, at the console.",
        "此账号需要两步验证，请在后台登录。",
    ),
    "account_inactive": Word(403, "This account is switched off.", "此账号已停用。"),
    "too_often": Word(
        429, "Too many attempts; wait a little and try again.", "操作过于频繁，请稍后再试。"
    ),
    "phone_invalid": Word(422, "This is no mobile number.", "手机号不正确。"),
    "password_weak": Word(422, "The password is too weak.", "密码太弱。"),
    "current_password_wrong": Word(422, "The present password is wrong.", "当前密码错误。"),
    "invite_unknown": Word(422, "There is no such invitation.", "邀请码不存在。"),
    "shop_closed": Word(403, "The shop is closed.", "商城暂停营业。"),
    # Goods and reviews.
    "not_received": Word(
        403, "Only who bought it and received it can review it.", "购买并收货后才能评价。"
    ),
    "already_reviewed": Word(409, "You have reviewed this already.", "您已评价过该商品。"),
    "concession_too_low": Word(
        409,
        "The merchant gives up less than this category contributes.",
        "商家让利低于该类别的托底与分红比例。",
    ),
    "category_unknown": Word(422, "There is no such category.", "没有这个类别。"),
    "picture_unreadable": Word(
        422, "This is no picture that can be read, or it is too large.", "图片无法识别或过大。"
    ),
    "pictures_full": Word(
        409,
        "No more pictures fit; remove one first.",
        "图片已达上限，请先删除。",
    ),
    "addresses_full": Word(
        409,
        "No more addresses fit; remove one first.",
        "地址已达上限，请先删除。",
    ),
    # Coins at the counter.
    "charge_expired": Word(
        409,
        "The code has expired; ask for a new one.",
        "收款码已过期，请重新获取。",
    ),
    "charge_cancelled": Word(409, "The merchant has withdrawn this code.", "商家已撤销此收款码。"),
    "charge_paid": Word(409, "This code has been paid already.", "此收款码已支付。"),
    # Statements on paper.
    "statement_too_long": Word(
        409,
        "More happened in this month than one statement takes; ask the operator for it.",
        "本月记录过多，无法放入一份月结单，请向运营方索取。",
    ),
    "statements_unavailable": Word(
        503, "Statements cannot be made at present.", "暂时无法生成月结单。"
    ),
    # Proofs.
    "not_drawn_up": Word(
        409,
        "What is owed to this account is drawn up after the next close.",
        "此账户要在下一次日结之后才能核对。",
    ),
}
SHOP_WORDS.update({code: Word(*said) for code, said in BUYING.items()})
