"""The people of the demo, and what they do on its first day."""

from typing import NamedTuple

CODE = "246810"
"""The log-in code of every phone of the demo."""

PASSWORD = "calm and exact 7"  # noqa: S105 - of play money, told to everybody
"""The password of everybody in the demo."""


class Person(NamedTuple):
    """A member: a household of the data set under an invented name.

    Attributes:
        phone: Eleven digits.
        name: Theirs.
        rank: The household's place by what it spent in the year, from 0.
        city: Province, city, district.
        street: The rest of the address.
    """

    phone: str
    name: str
    rank: int
    city: tuple[str, str, str]
    street: str


class Clerk(NamedTuple):
    """Somebody who serves merchants: the Chinese names of these, and whether they own them."""

    phone: str
    name: str
    merchants: tuple[str, ...]
    owns: bool


class Bought(NamedTuple):
    """Something that is bought on the demo's first day.

    Attributes:
        buyer: The place of the member in `MEMBERS`, or `GUEST`.
        title: The Chinese title of the good.
        pieces: How many.
        until: How far it comes: "unpaid", "paid", "shipped" or "received".
        score: Stars of the review, 0 for none.
        text: What the review says.
        coins: Whether coins pay for it, as far as they go.
        points: Whether points pay for it, as far as they go.
    """

    buyer: int
    title: str
    pieces: int = 1
    until: str = "received"
    score: int = 0
    text: str = ""
    coins: bool = False
    points: bool = False


MEMBERS = (
    Person(
        "13800001001", "李雷", 0, ("北京市", "北京市", "海淀区"), "中关村南大街 12 号 3 单元 501"
    ),
    Person("13800001002", "王芳", 5, ("上海市", "上海市", "徐汇区"), "衡山路 88 号 702"),
    Person("13800001003", "张伟", 20, ("广东省", "深圳市", "南山区"), "科苑路 15 号 B 座 1203"),
    Person("13800001004", "刘洋", 60, ("浙江省", "杭州市", "西湖区"), "文三路 206 号 2 幢 401"),
    Person("13800001005", "陈静", 120, ("江苏省", "南京市", "鼓楼区"), "北京西路 33 号 601"),
    Person("13800001006", "赵敏", 240, ("四川省", "成都市", "武侯区"), "人民南路 4 段 19 号 1506"),
    Person("13800001007", "孙浩", 480, ("湖北省", "武汉市", "洪山区"), "珞喻路 129 号 902"),
    Person("13800001008", "周婷", 800, ("陕西省", "西安市", "雁塔区"), "小寨东路 26 号 1101"),
    Person("13800001009", "吴磊", 1_200, ("山东省", "青岛市", "市南区"), "香港中路 61 号 803"),
    Person("13800001010", "郑洁", 1_800, ("云南省", "昆明市", "盘龙区"), "北京路 155 号 304"),
)

GUEST = len(MEMBERS)
INVITED = Person("13800001011", "许小满", -1, ("北京市", "北京市", "朝阳区"), "工体北路 8 号 1802")
"""Joins on the first day, by the invitation of the first member."""

CLERKS = (
    Clerk("13800001021", "陈掌柜", ("青岗酒庄", "云栖茶庄"), owns=True),
    Clerk("13800001022", "马师傅", ("青石面馆", "麦田烘焙"), owns=True),
    Clerk("13800001023", "何经理", ("山居酒店", "长路加油站", "飞充数字"), owns=True),
    Clerk("13800001024", "苏木", ("云上书店", "木言家居", "四季果园"), owns=True),
    Clerk("13800001025", "小杨", ("青岗酒庄", "青石面馆"), owns=False),
)

OPERATORS = ("operator", "approver", "finance", "auditor", "support")
"""User names at the console; each has the role of its name."""

TO_COINS = ((0, 80), (1, 40), (2, 20))
"""Which members turn how many points into coins."""

BASKET = (("桂花乌龙 150 克", 1), ("墨绿马克杯", 2), ("栖霞红富士苹果 5 斤", 1))
"""What the first member has in the basket."""

SENT_BACK = ("手织格纹靠垫", "颜色比想象的深一些，想退掉。")
"""What the first member asks to send back, and why."""

DAY = (
    Bought(0, "贺兰山东麓 2019 干红葡萄酒", 2, score=5, text="单宁很细，配羊排刚好，已经回购。"),
    Bought(0, "手织格纹靠垫", 2, "received"),
    Bought(0, "牛肉拉面双人套餐券", 1, "paid"),
    Bought(0, "酒窖品鉴双人券", 1, "paid", coins=True),
    Bought(0, "亚麻罩台灯", 1, "shipped"),
    Bought(0, "《夜航》精装", 1, "paid"),
    Bought(0, "话费充值 100 元"),
    Bought(0, "手绘青花盖碗", 1, "unpaid"),
    Bought(1, "明前龙井 100 克", 1, score=5, text="豆香明显，茶汤清亮，包装也用心。"),
    Bought(1, "黄油可颂两只券", 2, score=5, text="层次分明，刚出炉的时候最好吃。"),
    Bought(1, "草本香薰蜡烛", 1, score=4, text="味道淡淡的，睡前点一会儿很放松。"),
    Bought(1, "庭院套房一晚券", 1, "paid"),
    Bought(1, "巨峰葡萄 2 斤", 1, "shipped", coins=True),
    Bought(2, "桃红起泡酒", 3, score=4, text="气泡细，夏天冰镇很合适。"),
    Bought(2, "全合成机油 4 升", 1, score=5, text="正品，发货快，日期新鲜。"),
    Bought(2, "加油券 200 元", 1, score=5, text="站里直接扫码，很方便。", coins=True),
    Bought(2, "电子书年卡", 1, score=4, text="书不少，离线阅读很实用。"),
    Bought(3, "古树普洱生茶饼 357 克", 1, score=5, text="条索完整，喝着甘甜，值得存。"),
    Bought(3, "当季水果箱", 2, score=5, text="五种都新鲜，孩子抢着吃。"),
    Bought(3, "贺兰山东麓 2019 干红葡萄酒", 1, score=4, text="果香足，醒半小时更好。"),
    Bought(3, "双人早餐券", 1, score=5, text="可颂和咖啡都是现做的，景色也好。"),
    Bought(4, "《草木四时》彩图本", 1, score=5, text="插图太美了，送给妈妈她很喜欢。"),
    Bought(4, "青釉花瓶", 1, score=5, text="釉色温润，插一枝就好看。"),
    Bought(4, "栖霞红富士苹果 5 斤", 2, score=5, text="又脆又甜，一个坏的都没有。"),
    Bought(4, "鲜虾云吞面一碗券", 1, score=4, text="虾很新鲜，汤底清爽。"),
    Bought(5, "秘制辣椒油 200 克", 2, score=5, text="香而不燥，拌什么都好吃。"),
    Bought(5, "精致洗车券", 1, score=4, text="洗得仔细，周末要排一会儿队。"),
    Bought(5, "牛肉拉面双人套餐券", 1, score=5, text="汤头浓，面劲道，小菜也不错。"),
    Bought(6, "电子书年卡", 1, score=5, text="通勤路上看完了三本。"),
    Bought(6, "墨绿马克杯", 1, score=5, text="手感厚实，颜色很耐看。"),
    Bought(7, "赣南脐橙 5 斤", 1, score=4, text="皮薄汁多，个头略小。"),
    Bought(7, "葡式蛋挞六只", 1, score=5, text="回烤五分钟，酥得掉渣。"),
    Bought(8, "音乐会员月卡", 1, points=True),
    Bought(9, "话费充值 50 元", 1, points=True),
    Bought(GUEST, "栖霞红富士苹果 5 斤", 1, score=5, text="朋友推荐的，果然好吃。"),
    Bought(GUEST, "一笼鲜肉小笼券", 1, "paid"),
)
"""In its order."""
