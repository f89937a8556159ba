"""The words of every problem, in English and Chinese; each is one sentence."""

WORDS: dict[str, dict[str, str]] = {
    # Refusals of the rules, as docs/reference/commands.md tells them.
    "programme_ended": {
        "en": "The programme has ended; only accounts are settled and paid.",
        "zh": "项目已结束，只办理清算与付款。",
    },
    "end_announced": {
        "en": "The end is announced: no new orders, no funded awards, no second announcement.",
        "zh": "已宣布结束：不再接受新订单、资助奖励和再次宣布。",
    },
    "not_ended": {
        "en": (
            "Too early: the end is not announced, or its day has not come, or the programme "
            "has not ended."
        ),
        "zh": "为时过早：尚未宣布结束、日期未到，或项目还没有结束。",
    },
    "day_not_open": {
        "en": "The command belongs to another day than the open one.",
        "zh": "命令所属的日子不是当前开放的一天。",
    },
    "profile_forbids": {
        "en": "The programme's profile does not have this.",
        "zh": "项目所选模式不提供此操作。",
    },
    "needs_two_approvers": {
        "en": (
            "Two people must approve: a large late refund, a withdrawal from the treasury, "
            "an amendment, the end."
        ),
        "zh": "须两人批准：大额成熟后退款、提取平台自有资金、修改参数、宣布结束。",
    },
    "member_unknown": {
        "en": "There is no such member.",
        "zh": "没有这个会员。",
    },
    "merchant_unknown": {
        "en": "There is no such merchant.",
        "zh": "没有这个商家。",
    },
    "order_unknown": {
        "en": "There is no such order.",
        "zh": "没有这笔订单。",
    },
    "payment_unknown": {
        "en": "There is no such payment, or it was made with the other of points and coins.",
        "zh": "没有这笔支付，或它是用另一种积分支付的。",
    },
    "amount_invalid": {
        "en": (
            "An amount, rate, day or other number is not in its range; or an amendment "
            "changes what stays."
        ),
        "zh": "金额、比率、日期等数字超出允许范围；或修正案改了不能改的内容。",
    },
    "refund_above_paid": {
        "en": "More than what was paid and not yet given back.",
        "zh": "超过已付而未退的金额。",
    },
    "value_above_money": {
        "en": "A funded award would be worth more than the money behind it.",
        "zh": "资助奖励的价值超过出资额。",
    },
    "value_above_quota": {
        "en": "A funded award would reach the quota that comes with it.",
        "zh": "资助奖励的价值达到或超过随附的额度。",
    },
    "already_received": {
        "en": "The order was marked as received before.",
        "zh": "订单此前已确认收货。",
    },
    "order_closed": {
        "en": "The order was refunded in full and is closed.",
        "zh": "订单已全额退款并关闭。",
    },
    "self_referral": {
        "en": "Nobody refers themselves.",
        "zh": "不能推荐自己。",
    },
    "referral_cycle": {
        "en": "The referrer joined after the member.",
        "zh": "推荐人比会员加入得晚。",
    },
    "referrer_already_set": {
        "en": "The member has a referrer already.",
        "zh": "会员已有推荐人。",
    },
    "linked_parties": {
        "en": "Both sides are the same person, payee or identity.",
        "zh": "双方是同一人、同一收款方或同一身份。",
    },
    "orders_pending": {
        "en": "Orders are still on their way; the programme cannot end.",
        "zh": "仍有在途订单，项目不能结束。",
    },
    "points_short": {
        "en": "More points than are held.",
        "zh": "积分不够。",
    },
    "coins_short": {
        "en": "More coins than are held.",
        "zh": "恒定积分不够。",
    },
    "cash_short": {
        "en": "More than the cash balance.",
        "zh": "余额不足。",
    },
    "payable_short": {
        "en": "More than the merchant is owed.",
        "zh": "超过应付商家的金额。",
    },
    "treasury_short": {
        "en": "The treasury cannot bear it; fund it first.",
        "zh": "平台自有资金不足，请先注资。",
    },
    "quota_used_up": {
        "en": "The member has no quota left.",
        "zh": "会员额度已用完。",
    },
    "nothing_to_pay": {
        "en": "So little that it comes to nothing, or that rounding would eat it.",
        "zh": "数额太小，取整后为零或损失过大。",
    },
    "supply_cap_reached": {
        "en": "Points would be issued above the cap.",
        "zh": "会超过发行上限。",
    },
    "out_of_range": {
        "en": "A figure would become too large to be counted.",
        "zh": "数字将大到无法计数。",
    },
    "id_taken": {
        "en": "The id stands for something else already.",
        "zh": "编号已被另一内容占用。",
    },
    "key_taken": {
        "en": "The idempotency key was used for another command.",
        "zh": "幂等键已用于另一条命令。",
    },
    "id_invalid": {
        "en": "The id or key is empty, too long, or cannot be stored.",
        "zh": "编号或幂等键为空、过长或无法存储。",
    },
    "bank_short": {
        "en": (
            "The bank holds less than the reserve; nothing is paid out until it does. Orders and "
            "their refunds go on."
        ),
        "zh": "银行存款低于储备，补足前暂停兑付；下单和订单退款照常。",
    },
    "bank_unexplained": {
        "en": (
            "Bank and books differ without an explanation; nothing is paid out until there is "
            "one. Orders and their refunds go on."
        ),
        "zh": "银行与账面不符且尚未说明，查清前暂停兑付；下单和订单退款照常。",
    },
    # Of the API itself.
    "unauthorised": {
        "en": "The access token or the signature is missing, wrong or has ended.",
        "zh": "缺少访问令牌或签名，或其无效、已过期。",
    },
    "forbidden": {
        "en": "The client lacks the scope for this.",
        "zh": "该客户端没有此项权限。",
    },
    "address_forbidden": {
        "en": "The client may not call from this address.",
        "zh": "该客户端不得从此地址调用。",
    },
    "own_request": {
        "en": "The client that asked for a refund cannot approve it; another must.",
        "zh": "提出退款申请的客户端不能自行批准，须由另一客户端批准。",
    },
    "not_found": {
        "en": "There is nothing under this address.",
        "zh": "此地址下没有内容。",
    },
    "method_not_allowed": {
        "en": "The address does not take this method.",
        "zh": "此地址不接受该方法。",
    },
    "invalid": {
        "en": "The request is not as the document says.",
        "zh": "请求不符合接口文档。",
    },
    "key_missing": {
        "en": "Every write needs an Idempotency-Key.",
        "zh": "每个写操作都须带 Idempotency-Key。",
    },
    "key_in_flight": {
        "en": "A request with this key is being worked on.",
        "zh": "带此幂等键的请求正在处理。",
    },
    "too_large": {
        "en": "The body is larger than is taken at once.",
        "zh": "请求体超过单次上限。",
    },
    "length_required": {
        "en": "The body must tell its length beforehand.",
        "zh": "请求必须带有 Content-Length。",
    },
    "too_many_requests": {
        "en": "The client has called too often; wait a little.",
        "zh": "调用过于频繁，请稍候。",
    },
    "busy": {
        "en": "Too many requests wait; send it again a little later.",
        "zh": "排队的请求过多，请稍后重发。",
    },
    "unavailable": {
        "en": (
            "The journal cannot be reached or did not answer in time; it may have been done: "
            "send it again with the same key."
        ),
        "zh": "账本暂时无法访问或未及时应答，操作可能已完成；请用同一幂等键重发。",
    },
    "days_unclosed": {
        "en": (
            "More than 40 days would be closed at once; the operator must check the server's "
            "clock, or close them."
        ),
        "zh": "将一次关闭 40 天以上，须由运营者检查服务器时钟或先行关账。",
    },
    "internal": {
        "en": "A fault of ours; nothing was written.",
        "zh": "系统内部错误，未写入任何内容。",
    },
}
