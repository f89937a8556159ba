"""Profiles: what a programme may switch on, and the public document behind each refusal (R9).

Some of it has no command yet, and some never will; what a profile says of it stands here all the
same, so that whoever asks is told the same everywhere.
"""

from enum import Enum
from typing import Literal, NamedTuple

Profile = Literal["goods-only", "profit-share", "sandbox", "authorised"]


class Feature(Enum):
    """What a profile allows or refuses."""

    POINTS_FOR_GOODS = "points-for-goods"
    DIVIDENDS = "dividends"
    BUY_BACK = "buy-back"
    BRIDGE = "bridge"
    EXCHANGE = "exchange"
    COLLECTIBLES = "collectibles"
    TOKEN = "token"  # noqa: S105 - a thing on a chain, no password
    REGISTRY = "registry"
    STOCK_REGISTER = "stock-register"
    STOCK_CONVERSION = "stock-conversion"
    POINTS_FOR_MONEY = "points-for-money"
    TRANSFER = "transfer"
    SECOND_LEVEL = "second-level"


class Document(NamedTuple):
    """A public document that stands behind a refusal.

    Attributes:
        title: Its title, in the language in which it was published.
        reference: Who published it, and under which number or date.
    """

    title: str
    reference: str

    def __str__(self) -> str:
        return f"《{self.title}》（{self.reference}）"


POINTS_STANDARD = Document("绿色消费积分制度与行业自律相关标准公告", "国促会通证经济工作委员会")
FUND_RAISING = Document("防范和处置非法集资条例", "国务院令第737号，2021年")
TOKEN_SALES = Document("关于防范代币发行融资风险的公告", "中国人民银行等七部委，2017年9月4日")
VIRTUAL_MONEY = Document("关于进一步防范和处置虚拟货币交易炒作风险的通知", "银发〔2021〕237号")
TRADING_PLACES = Document("关于清理整顿各类交易场所切实防范金融风险的决定", "国发〔2011〕38号")
NFT_RISKS = Document(
    "关于防范NFT相关金融风险的倡议",
    "中国互联网金融协会、中国银行业协会、中国证券业协会，2022年4月13日",
)
SECURITIES = Document("中华人民共和国证券法", "2019年修订，第九条")
PYRAMIDS = Document("禁止传销条例", "国务院令第444号，2005年，第七条")

DOCUMENT_BEHIND: dict[Feature, Document] = {
    Feature.DIVIDENDS: FUND_RAISING,
    Feature.BUY_BACK: FUND_RAISING,
    Feature.BRIDGE: VIRTUAL_MONEY,
    Feature.EXCHANGE: TRADING_PLACES,
    Feature.COLLECTIBLES: NFT_RISKS,
    Feature.TOKEN: TOKEN_SALES,
    Feature.REGISTRY: TRADING_PLACES,
    Feature.STOCK_REGISTER: SECURITIES,
    Feature.STOCK_CONVERSION: SECURITIES,
    Feature.POINTS_FOR_MONEY: POINTS_STANDARD,
    Feature.TRANSFER: POINTS_STANDARD,
    Feature.SECOND_LEVEL: PYRAMIDS,
}
"""What every refusal of a feature names; points for goods are refused nowhere."""

MONEY = frozenset({Feature.POINTS_FOR_GOODS, Feature.DIVIDENDS, Feature.BUY_BACK})
OUTSIDE = frozenset(
    {
        Feature.BRIDGE,
        Feature.EXCHANGE,
        Feature.COLLECTIBLES,
        Feature.TOKEN,
        Feature.REGISTRY,
        Feature.STOCK_CONVERSION,
    }
)

ALLOWED: dict[Profile, frozenset[Feature]] = {
    "goods-only": frozenset({Feature.POINTS_FOR_GOODS}),
    "profit-share": MONEY | {Feature.STOCK_REGISTER},
    "sandbox": MONEY | OUTSIDE | {Feature.STOCK_REGISTER},
    "authorised": MONEY | OUTSIDE | {Feature.STOCK_REGISTER},
}
"""The table of R9. Points for money, transfers between members and a second level stand nowhere."""


def allows(profile: Profile, feature: Feature) -> bool:
    """Whether a profile lets a programme switch a feature on.

    Args:
        profile: The programme's.
        feature: What somebody wants to do.

    Source:
        R9.
    """
    return feature in ALLOWED[profile]
