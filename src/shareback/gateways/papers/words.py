"""The words of papers: each key's Chinese and English side by side; and how figures are shown."""

from calendar import month_name
from dataclasses import dataclass

from shareback.rules.programme import Programme
from shareback.units.shown import Amounts, sign_of

LANGUAGES = ("zh", "en")

WORDS: dict[str, tuple[str, str]] = {
    # Every paper.
    "month": ("{year} 年 {number} 月", "{name} {year}"),
    "so_far": ("本月尚未结束，截至 {day}", "So far, up to {day}: the month has not ended"),
    "period": ("期间", "Period"),
    "days": ("{first} 至 {last}", "{first} to {last}"),
    "issuer": ("发行人", "Issuer"),
    "issuer_test": ("{name}（测试项目，金额都不是真钱）", "{name} (test programme, play money)"),
    "code": ("统一社会信用代码", "Credit code"),
    "price_first": ("首次日终价格", "Price, first close"),
    "price_last": ("最近日终价格", "Price, last close"),
    "price_of": ("{price}（{day}）", "{price} on {day}"),
    "no_close": ("本月尚无日终", "no day of this month has closed"),
    "beginning": ("月初", "At the beginning"),
    "end": ("月末", "At the end"),
    "now": ("目前", "Now"),
    "change": ("变动", "Change"),
    "sum": ("合计", "Together"),
    "count": ("笔数", "Count"),
    # A member's.
    "member_heading": ("会员月结单", "Member’s monthly statement"),
    "member": ("会员 {number}", "Member {number}"),
    "member_number": ("会员编号", "Member number"),
    "phone": ("手机", "Phone"),
    "balances": ("余额", "Balances"),
    "points": ("积分", "Points"),
    "worth": ("积分价值，按 {before} / {after}", "Worth of points, at {before} / {after}"),
    "cash_balance": ("余额与分红", "Cash and dividends"),
    "cash": ("余额", "Cash"),
    "coins": ("恒定积分", "Coins"),
    "granted": ("累计额度", "Quota granted"),
    "used": ("已用额度", "Quota used"),
    "left": ("剩余额度", "Quota left"),
    "owed": ("应还款", "Amount owed"),
    "balances_lead": (
        "分红计入产生的当日；待成熟的订单不在其内。",
        "Dividends are counted on the day they accrue; orders that have not matured are not in it.",
    ),
    "by_kind": ("分类合计", "Totals by kind"),
    "kind": ("事项", "What"),
    "entries": ("收支明细", "Entries"),
    "entries_lead": ("共 {count} 条，按发生的先后。", "{count} in all, in order of happening."),
    "no_entries": ("本月没有变动。", "Nothing happened in this month."),
    "date": ("日期", "Date"),
    "what": ("事项与原因", "What and why"),
    "held": ("积分结余", "Points held"),
    "quota": ("额度", "Quota"),
    "plain": ("实话实说", "In plain words"),
    # How to check it.
    "proof": ("如何核对", "How to check this"),
    "proof_lead": (
        "下面是 {day} 日终签署的检查点：它锁定了当时的全部账目。",
        "The checkpoint that was signed at the close of {day}: it binds all accounts as of then.",
    ),
    "proof_log": ("日志", "Log"),
    "proof_size": ("记录数", "Entries"),
    "proof_root": ("根", "Root"),
    "proof_owed": ("应付总额摘要", "Digest of what is owed"),
    "proof_witnesses": ("联署的见证人", "Cosigned by"),
    "proof_nobody": ("尚无", "nobody yet"),
    "proof_none": (
        "还没有为本月签署检查点：第一次日终之后才有。",
        "No checkpoint has been signed for this month yet: there is one after a close.",
    ),
    "proof_where": (
        (
            "检查点可在本站公开下载，地址为 {path}，其中各行必须与上面逐字相同；项目公开账页的"
            "“证明”一页列出签名密钥与见证人。"
        ),
        (
            "Anybody can fetch the checkpoint from this site at {path}: its lines must read"
            " exactly as above. The page “Proofs” of the programme’s public accounts names the"
            " keys and witnesses."
        ),
    ),
    "proof_member": (
        "在手机页面“我的积分”的“核对我的余额”中，您的手机会自行重算：您的账户确实计入上述应付总额。",
        (
            "Under My points, at “Verify my balance”, your own phone recomputes that your account"
            " is counted in what is owed."
        ),
    ),
    "proof_export": (
        "持有导出文件的人，可用 shareback verify 从第一条记录起重算全部数字。",
        (
            "Whoever was given an export recomputes every figure from the first entry on with"
            " shareback verify."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Voice(Amounts):
    """The language of a paper, and its programme's currency.

    Attributes:
        language: "zh" or "en".
    """

    language: str

    @classmethod
    def of(cls, language: str, parameters: Programme) -> "Voice":
        """The voice of a programme's papers."""
        return cls(language, sign=sign_of(parameters.currency))

    def say(self, key: str, **figures: object) -> str:
        """A text with its figures filled in."""
        return WORDS[key][self.language == "en"].format(**figures)

    def month(self, text: str) -> str:
        """A month such as "2026-03", in words."""
        year, number = map(int, text.split("-"))
        return self.say("month", year=year, number=number, name=month_name[number])
