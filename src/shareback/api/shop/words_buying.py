"""The words of what stands in the way of buying, paying and returning: status, English, Chinese."""

BUYING: dict[str, tuple[int, str, str]] = {
    # Baskets.
    "good_gone": (409, "This good is not on sale any more.", "该商品已下架。"),
    "sold_out": (409, "This good is sold out.", "该商品已售罄。"),
    "stock_short": (409, "There are not so many pieces left.", "库存不足。"),
    "quantity_invalid": (422, "The quantity is not in its range.", "数量超出允许范围。"),
    "basket_full": (409, "No more goods fit into the basket.", "购物车已满。"),
    "line_gone": (404, "This line is not in the basket.", "购物车中没有此商品。"),
    "coupon_unknown": (404, "There is no such coupon.", "没有这张优惠券。"),
    "coupon_expired": (409, "The coupon is not valid today.", "优惠券不在有效期内。"),
    "coupon_used": (409, "The coupon has been used.", "优惠券已使用。"),
    "coupon_no_use": (
        409,
        "The coupon takes nothing off what is in the basket.",
        "优惠券不适用于购物车中的商品。",
    ),
    # The checkout.
    "nothing_chosen": (409, "Nothing is chosen.", "请先选择商品。"),
    "too_much": (409, "One order cannot come to so much.", "单笔订单金额超过上限。"),
    "address_needed": (409, "Say first where it shall go.", "请先填写收货地址。"),
    "address_gone": (404, "There is no such address.", "没有这个地址。"),
    "no_gateway": (409, "The shop takes no cash at present.", "商城暂时无法收取现金。"),
    "price_moved": (
        409,
        "The amount has changed meanwhile; look at it again.",
        "金额已变化，请重新确认。",
    ),
    "points_gone": (
        409,
        "The points that were to pay a part do not suffice any more.",
        "用于抵扣的积分已不足。",
    ),
    "points_moved": (
        409,
        "The points that were to pay a part have come to be worth more than all of it.",
        "用于抵扣的积分已升值，超过应付金额。",
    ),
    "paid_late": (
        409,
        "The payment came after the purchase had been closed.",
        "付款到达时，这笔交易已关闭。",
    ),
    "too_many_unpaid": (
        409,
        "Too many purchases wait for their payment; pay or cancel one first.",
        "待付款的交易过多，请先支付或取消其中一笔。",
    ),
    "key_taken": (
        422,
        "The idempotency key was used for another command.",
        "幂等键已用于另一条命令。",
    ),
    "purchase_gone": (404, "There is no such purchase.", "没有这笔交易。"),
    "coins_held": (
        409,
        "Some of these coins are of orders that wait for the rest of their payment.",
        "部分恒定积分属于尚未完成支付的订单，暂不能兑换。",
    ),
    "already_paid": (409, "It has been paid already.", "该笔交易已支付。"),
    "gateway_away": (
        503,
        "The payment service does not answer; try again a little later.",
        "支付服务暂时无响应，请稍后再试。",
    ),
    "notice_wrong": (
        409,
        "The notice does not fit the payment that it names.",
        "通知与所指支付不符。",
    ),
    # Orders.
    "order_gone": (404, "There is no such order.", "没有这笔订单。"),
    "not_shipped": (409, "The order has not been shipped.", "订单尚未发货。"),
    "not_to_ship": (409, "There is nothing to ship.", "该订单无需发货。"),
    "not_returnable": (409, "This order cannot be returned now.", "该订单当前不能退货。"),
    "return_running": (409, "A return of this order is under way.", "该订单正在退货处理中。"),
    "return_too_many": (
        409,
        "So many pieces are not there to be returned.",
        "退货数量超过可退数量。",
    ),
    "return_gone": (404, "There is no such return.", "没有这笔退货。"),
    "return_decided": (409, "The return has been decided already.", "该退货已处理。"),
    "return_undecided": (409, "The return has not been accepted.", "该退货尚未同意。"),
    # Vouchers.
    "voucher_unknown": (404, "There is no such voucher here.", "没有这张券。"),
    "voucher_redeemed": (409, "The voucher has been redeemed already.", "该券已核销。"),
    "voucher_returned": (409, "The voucher has been returned.", "该券已退款。"),
    "voucher_expired": (409, "The voucher's time is over.", "该券已过期。"),
}
