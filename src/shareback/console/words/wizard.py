"""Texts of the wizard that opens a programme."""

WORDS: dict[str, tuple[str, str]] = {
    "menu_programme_new": ("新建项目", "New programme"),
    "wizard_lead": (
        "选一个模板开始，所有参数都可修改。",
        "Start from a template; every parameter can be changed.",
    ),
    "wizard_choose": ("使用此模板", "Use it"),
    "wizard_check": ("检查并预览", "Check and preview"),
    "wizard_open": ("开立项目", "Open the programme"),
    "wizard_open_note": (
        (
            "开立后写入日志，发行方、名称、时区与等级不可更改，其余参数只能经两人批准修改。"
            "您将成为该项目的运营，审批人须由管理员另行指定。"
        ),
        (
            "It is written to the log: issuer, name, clock and tiers stay, and other parameters"
            " change only with two approvers. You will be its operator; approvers are appointed at"
            " the command line."
        ),
    ),
    "wizard_done": ("“{name}”已开立。", "{name} is open."),
    "wizard_taken": ("已被使用。", "It is taken."),
    "wizard_slug_bad": (
        "小写字母、数字与连字符，首尾不为连字符。",
        "Small letters, digits and hyphens, with no hyphen at either end.",
    ),
    "wizard_zone_bad": ("没有这个时区。", "There is no such time zone."),
    "wizard_tiers_bad": (
        "无法识别：{line}",
        "This line cannot be read: {line}",
    ),
    "wizard_issuer": ("项目与发行方", "Programme and issuer"),
    "wizard_issuer_note": (
        "发行方显示在每个页面上，校验位会核对。",
        "The issuer stands on every page; its check digits are verified.",
    ),
    "wizard_parameters": ("参数", "Parameters"),
    "wizard_parameters_note": (
        "不能兑现承诺的参数会被拒绝，并说明原因。",
        "What cannot keep its promises is refused, with the reason.",
    ),
    "wizard_shop": ("商城与首个商家", "Shop and first merchant"),
    "wizard_shop_note": (
        "商家让利率取毛利率，开立后可修改。",
        "The merchant gives up the margin rate of each sale.",
    ),
    "wizard_issuer_code": ("统一社会信用代码", "Unified social credit code"),
    "wizard_issuer_register": ("境外登记机构", "Foreign register"),
    "wizard_issuer_test": ("测试发行方（非真实货币）", "Test issuer (play money)"),
    "wizard_one": ("一笔 ¥100 的订单", "One order of ¥100"),
    "wizard_example": ("前一百笔 ¥100 订单", "The first hundred orders of ¥100"),
    "wizard_example_note": (
        "由生产规则逐笔计算：收货即成熟，无推荐人，不日结。",
        "By the production rules, one by one: matured at receipt, nobody referred, no day closed.",
    ),
    "wizard_orders": ("第几笔", "Order"),
    "wizard_award": ("所得积分", "Award"),
    "wizard_reserve": ("资金池", "Reserve"),
    "wizard_supply": ("流通量", "Supply"),
    "wizard_price": ("价格", "Price"),
    "wizard_first": ("首位买家积分价值", "First buyer's points, worth"),
    "template_wine": ("红酒商城", "A wine mall"),
    "template_wine_note": (
        "单一品牌，高毛利：30% 让利托底，按价值奖励。",
        "One brand with a high margin: 30% back the points, awards by value.",
    ),
    "template_shares": ("消费满额得股", "Shares for a spend"),
    "template_shares_note": (
        "每消费 ¥2,000 得 10 份，永不稀释：份数不超过让利所能买到的数量。",
        "10 shares for each ¥2,000, and never more than what the contribution buys.",
    ),
    "template_platform": ("多商家平台", "A platform with many merchants"),
    "template_platform_note": (
        "商家毛利较低：6% 让利，额度为消费额的一半。",
        "Merchants with thin margins: 6% back the points, quota is half of what is spent.",
    ),
    "w_name": ("项目名称", "Programme's name"),
    "w_name_note": ("全站唯一，不可更改。", "One of its kind on this site; it stays."),
    "w_issuer_name": ("发行方名称", "Issuer's name"),
    "w_issuer_name_note": ("登记的全称。", "As it is registered."),
    "w_issuer_kind": ("登记方式", "How it is registered"),
    "w_issuer_kind_note": ("决定下面填写哪几项。", "It says which of the next fields count."),
    "w_code": ("统一社会信用代码", "Unified social credit code"),
    "w_code_note": ("18 位，校验末位。", "18 characters; the last is checked."),
    "w_register": ("登记机构", "Register"),
    "w_register_note": ("仅境外发行方。", "For foreign issuers alone."),
    "w_number": ("登记号", "Number there"),
    "w_number_note": ("仅境外发行方。", "For foreign issuers alone."),
    "w_tiers": ("会员等级", "Tiers"),
    "w_tiers_note": (
        "每行一级：名称，积分门槛，分红权重。例如：银卡，150，1.1。可留空，开立后不可更改。",
        (
            "One a line: name, points from, weight in dividends, such as: Silver, 150, 1.1. May be"
            " left empty; they stay."
        ),
    ),
    "w_timezone": ("时区", "Time zone"),
    "w_timezone_note": ("日结按此时区。", "Days are closed on its clock."),
    "w_slug": ("商城地址", "Shop's address"),
    "w_slug_note": ("用于 /m/…/，不可更改。", "In /m/…/; it stays."),
    "w_shop_name": ("商城名称", "Shop's name"),
    "w_shop_name_note": ("显示给会员。", "As members see it."),
    "w_shop_name_en": ("商城英文名", "In English"),
    "w_shop_name_en_note": ("可留空。", "May be left empty."),
    "w_merchant_name": ("首个商家", "First merchant"),
    "w_merchant_name_note": ("显示给会员。", "As members see it."),
    "w_merchant_name_en": ("商家英文名", "In English"),
    "w_merchant_name_en_note": ("可留空。", "May be left empty."),
}
