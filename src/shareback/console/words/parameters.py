"""Texts of a programme's parameters: what each means, and why some cannot be (R2)."""

WORDS: dict[str, tuple[str, str]] = {
    "p_backing_rate": ("托底让利率", "Backing rate"),
    "p_backing_rate_note": (
        "每笔现金订单中进入托底资金池的比例。",
        "The part of each order's cash that goes into the reserve.",
    ),
    "p_award_rate": ("奖励率", "Award rate"),
    "p_award_rate_note": (
        "让利中以积分奖励买家的比例；其余提升价格。",
        "The part of the contribution that the buyer gets as points; the rest lifts the price.",
    ),
    "p_referral_rate": ("推荐奖励率", "Referral rate"),
    "p_referral_rate_note": (
        "让利中奖励推荐人的比例，仅一级。",
        "The part of the contribution that the referrer gets; one level only.",
    ),
    "p_margin_rate": ("毛利率", "Margin rate"),
    "p_margin_rate_note": (
        "未申报利润的订单按此估算利润。",
        "The profit of an order that states none.",
    ),
    "p_dividend_rate": ("分红率", "Dividend rate"),
    "p_dividend_rate_note": (
        "每笔订单利润中进入每日分红池的比例。",
        "The part of each order's profit that goes into the daily pot.",
    ),
    "p_quota_multiple": ("额度倍数", "Quota multiple"),
    "p_quota_multiple_note": (
        "会员消费所得额度为消费额的倍数。是上限，不是承诺。",
        "Quota for each yuan spent. A ceiling, never a promise.",
    ),
    "p_redemption_fee": ("回购手续费", "Redemption fee"),
    "p_redemption_fee_note": (
        "卖出积分时留在资金池。",
        "Stays in the reserve when points are sold.",
    ),
    "p_goods_redemption_fee": ("积分购物手续费", "Fee on goods"),
    "p_goods_redemption_fee_note": (
        "用积分购物时留在资金池。",
        "Stays in the reserve when goods are paid with points.",
    ),
    "p_backing_by_category": ("分类托底比例", "Backing by category"),
    "p_backing_by_category_note": (
        "每行一个：名称 = 百分比，如 绿色 = 45；空为全部按托底比例。",
        "One a line: name = per cent, such as green = 45; empty: the backing rate for all.",
    ),
    "p_rates_bad": (
        "看不懂这一行：{line}。请写成 名称 = 百分比，名称不重复。",
        "This line cannot be read: {line}. Write name = per cent, each name once.",
    ),
    "p_profile": ("合规档位", "Profile"),
    "p_profile_note": (
        "仅换商品：不分红、不回购换现金。沙盒与获批档位须用计划文件开设。",
        (
            "Goods only: no dividends, no buying back for money. Sandbox and authorised"
            " programmes are opened from a file."
        ),
    ),
    "p_choice_bad": ("没有这个选项。", "There is no such choice."),
    "p_profile_profit-share": ("利润分享", "Profit share"),
    "p_profile_goods-only": ("仅换商品", "Goods only"),
    "p_profile_sandbox": ("沙盒", "Sandbox"),
    "p_profile_authorised": ("已获批", "Authorised"),
    "p_maturity_days": ("成熟天数", "Days to maturity"),
    "p_maturity_days_note": (
        "收货后经过的天数；此前退款不影响资金池。",
        "After receipt; a refund before then never touches the pool.",
    ),
    "p_late_refund_limit": ("逾期退款限额", "Late refund limit"),
    "p_late_refund_limit_note": (
        "超过此额的成熟后退款须两人批准。",
        "A refund after maturity above this needs two approvers.",
    ),
    "p_supply_cap": ("发行上限", "Supply cap"),
    "p_supply_cap_note": ("发完即止；只能降低。", "Awards stop there; it may only fall."),
    "p_award_mode": ("奖励方式", "Award mode"),
    "p_award_mode_note": (
        "按价值：让利的一部分；按消费：每满一定金额得固定份数。",
        "By value: a part of the contribution. Per spend: a fixed number for each amount.",
    ),
    "p_award_mode_value": ("按价值", "By value"),
    "p_award_mode_per_spend": ("按消费额", "Per spend"),
    "p_award_points": ("每份积分", "Points for each"),
    "p_award_points_note": ("仅按消费额时使用。", "In the mode per spend alone."),
    "p_award_spend": ("每份消费额", "Spend for each"),
    "p_award_spend_note": ("仅按消费额时使用。", "In the mode per spend alone."),
    "p_issue_price": ("发行价", "Issue price"),
    "p_issue_price_note": ("第一笔积分的价格。", "The price of the first points."),
    "p_days": ("{count} 天", "{count} days"),
    "p_days_unit": ("天", "days"),
    "p_points_unit": ("分", "points"),
    "why_awards": (
        "奖励率与推荐奖励率之和超过 100%：奖励将多于让利，价格可能下跌（R2）。",
        (
            "Award rate and referral rate come to more than 100%: awards would exceed the"
            " contribution and the price could fall (R2)."
        ),
    ),
    "why_margin": (
        "让利加分红超过毛利率：支出将多于销售所得（R2）。",
        (
            "Backing rate and dividends come to more than the margin: more would be paid out than"
            " sales earn (R2)."
        ),
    ),
    "why_quota": (
        "额度倍数须大于让利率，否则刚得到奖励就会出局（R2）。",
        "The quota multiple must be above the backing rate, else an award could exit at once (R2).",
    ),
    "why_dividends": (
        "所选模式不分红，分红率须为 0（R9）。",
        "The profile pays no dividends: the dividend rate must be 0 (R9).",
    ),
    "why_per_spend": (
        "按消费额奖励须填写积分与消费额（R2）。",
        "The mode per spend needs points and a spend (R2).",
    ),
    "why_zero": ("让利率须大于 0（R2）。", "The backing rate must be above 0 (R2)."),
    "why_code": (
        "统一社会信用代码的校验位不符。",
        "The unified social credit code has its check digit wrong.",
    ),
    "why_issuer": (
        "须填写统一社会信用代码，或境外登记机构与登记号。",
        "A unified social credit code is needed, or a foreign register and number.",
    ),
    "why_range": (
        "发行上限与倍数的乘积超出可计数范围（R3.7）。",
        "The supply cap times the largest multiplier is more than can be counted (R3.7).",
    ),
    "why_tiers": (
        "等级的积分门槛须逐级升高，且大于 0（R2）。",
        "Tiers must rise by points held, from above 0 (R2).",
    ),
    "why_number": ("须为数字。", "A number is wanted."),
    "why_bounds": ("超出允许范围。", "It is out of its range."),
}
