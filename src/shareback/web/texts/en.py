"""The pages in English."""

from shareback.web.texts.keys import Texts

TEXTS: Texts = {
    # Every page.
    "html_lang": "en",
    "skip": "Skip to the content",
    "switch": "中文",
    "switch_label": "切换到中文",
    "play_money": "Test programme · play money",
    "play_money_why": "The issuer is a test issuer; no amount on this page is real money.",
    "tagline": "Every purchase gives a share back.",
    "footer": "Every figure is read from the books, in exact integers; nothing is estimated.",
    "month": "{name} {year}",
    "month_names": (
        "January,February,March,April,May,June,July,August,September,October,November,December"
    ),
    # The programme.
    "programme_title": "{name} · public accounts",
    "issuer": "Issuer",
    "issuer_code": "Unified social credit code {code}",
    "issuer_register": "{register} {number}",
    "as_of": "As of the close of {day}, plus what has been booked today",
    "as_of_first": "Opened today, {day}; no day has closed yet",
    "end_announced": "The end is announced: from {day} the programme may end; no new orders.",
    "ended": "The programme has ended: all points are paid one price, without fee or quota.",
    "price_today": "Price today",
    "per_point": "a point",
    "since_start": "since {day}, from the issue price of {start}",
    "equation": "reserve ÷ points in circulation = price",
    "equation_empty": "No points are in circulation; the price rests where it last was.",
    "price_curve": "Price",
    "price_curve_hint": "At each day's close; drag the slider below to zoom",
    "price_curve_summary": "From {from_price} on {first} to {to_price} on {last}.",
    "days_table": "See each day as a table",
    "no_curve": "The curve appears once the first day has closed.",
    # Figures.
    "figures": "Today's figures",
    "reserve": "Reserve",
    "reserve_note": "The money behind the points; it moves only together with points",
    "supply": "Points in circulation",
    "supply_note": "{issued} issued, {burned} burned",
    "coverage": "Coverage",
    "coverage_note": "(value of members’ points {value} + dividend pot {pot}) ÷ quota left {open}",
    "fillable": "Quota that can be filled",
    "fillable_note": "The largest share of all quota that sales can ever fill",
    "orders": "Orders",
    "orders_note": "{matured} matured · {pending} pending · {refunded} with a refund",
    "members": "Members",
    "members_note": "{merchants} merchants · {exits} exits so far",
    "escrow": "Order escrow",
    "escrow_note": "Shares of orders that have not matured; refunds take them back",
    "treasury": "Treasury",
    "treasury_note": "{free} free · {bound} bound",
    "receivables": "Receivables",
    "receivables_note": "What members still owe after late refunds",
    "dividends_total": "Dividends so far",
    "dividends_total_note": "{credited} credited · {payable} payable",
    "cap": "Issued against the cap",
    "cap_note": "{issued} of {cap} points issued. At the cap issuing stops, for ever.",
    # Charts.
    "dividends_chart": "Dividends by day",
    "dividends_chart_hint": "Profit shared among all members at each close",
    "dividends_chart_summary": "{total} in {days} days.",
    "exits_chart": "Exits",
    "exits_chart_hint": "Each day and in total; an exit sells all of a member’s points",
    "exits_chart_summary": "{total} exits in {days} days.",
    "label_price": "Price",
    "label_dividends": "Dividends",
    "label_exits": "Exits that day",
    "label_exits_total": "Exits in total",
    "label_open_day": "today, still open",
    # Where the money is.
    "money": "Where the money is",
    "money_note": "The bank holds exactly the sum of the accounts: {bank}",
    "account_reserve": "Reserve",
    "account_order_escrow": "Order escrow",
    "account_pot": "Dividend pot, not shared yet",
    "account_payable": "Dividends payable",
    "account_cash": "Members’ cash balances",
    "account_merchant_payable": "Owed to merchants",
    "account_free": "Treasury, free",
    "account_bound": "Treasury, bound",
    "account_suspense": "Unmatched money",
    "account_coins_owed": "Owed for coins at the end",
    "account": "Account",
    "amount": "Amount",
    "share": "Share",
    "total": "Total",
    # Plain words.
    "plain": "In plain words",
    "plain_note": "What every member should know",
    "quota_title": "The quota is a ceiling, never a debt",
    "quota_words": (
        "It says how much a member may receive at most; nobody owes it. Under today’s terms at most"
        " {back} of every {spent} spent come back to members, and at most {share} of all quota can"
        " ever be filled."
    ),
    "slow_title": "Growth slows down",
    "slow_words": (
        "Leaving redemptions and referrals aside, the price doubles when there have been about"
        " {times} times as many orders. Without new sales it stops rising."
    ),
    "slow_words_plain": (
        "The more orders there have been, the more it takes to lift the price. Without new sales"
        " it stops rising."
    ),
    "guarantee_title": "Nothing is guaranteed beyond the reserve",
    "guarantee_words": (
        "The {reserve} in the reserve are all that stands behind the points. If the bank holds less"
        " than the reserve, buy-backs halt."
    ),
    "price_title": "The price has one formula",
    "price_words": (
        "Price = reserve ÷ points in circulation. The rules of the books let no entry lower it."
        " That is said of the books; it is no promise that anyone will buy."
    ),
    "dividend_title": "Dividends come from the profit of sales",
    "dividend_words": (
        "They are paid only out of the profit of matured orders, never out of the reserve."
        " No sales, no dividends."
    ),
    "fee_title": "Selling back has a fee",
    "fee_words": (
        "Points are bought back at the price of the moment, less a fee of {fee} that stays in the"
        " reserve, and never above the member’s quota left."
    ),
    "not_sold_title": "Points are earned, never sold",
    "not_sold_words": (
        "Only cash paid for real goods earns them. Nobody can buy points, or pass them on to"
        " another member: {document}."
    ),
    "no_buyback_title": "For goods only",
    "no_buyback_words": (
        "This programme buys no points back for money: they turn into goods or coins only."
    ),
    # Verification.
    "bank_title": "The reserve against the bank",
    "bank_never": (
        "No bank statement has been compared with these accounts yet: what the bank holds is, so "
        "far, the operator’s word."
    ),
    "bank_compared": (
        "Compared with the bank’s own statements as of the end of {day}; last compared on {at}."
    ),
    "bank_agreed": "They agree: nothing is unexplained.",
    "bank_open": (
        "Something is unexplained. Where it still is after 24 hours, nothing is paid out until it "
        "is explained."
    ),
    "bank_short": (
        "The bank holds less than the reserve. Nothing is paid out until it holds all of it."
    ),
    "bank_overdue": (
        "Something has been unexplained for more than 24 hours. Nothing is paid out until it is "
        "explained."
    ),
    "bank_row_books_reserve": "Reserve by the books",
    "bank_row_books_bank": "All accounts by the books",
    "bank_row_bank": "Held by the bank",
    "bank_row_in_transit": "On its way",
    "bank_row_unexplained": "Unexplained",
    "verify": "Verify it yourself",
    "verify_words": (
        "Everything is written to a log that only grows. The root hash below pins all {size} of its"
        " entries: change one, and the root changes. The command below recomputes all accounts"
        " from the first entry on."
    ),
    "log_root": "Root hash of the log",
    "log_size": "Entries of the log",
    "command": "Command to verify",
    "copy": "Copy",
    "copied": "Copied",
    # Finding a member.
    "lookup": "Look up a member",
    "lookup_note": "This is a demo: any member’s statement can be opened by its number.",
    "lookup_label": "Member number",
    "lookup_placeholder": "1 to {members}",
    "lookup_button": "Open the statement",
    "lookup_range": "Member numbers go from 1 to {members} today.",
    "lookup_nobody": "There are no members yet.",
    # The table of days.
    "days_title": "Each day · {name}",
    "days": "Each day",
    "days_note": "Figures at the close, the latest first.",
    "back_to_programme": "Back to the programme",
    "date": "Date",
    "price": "Price",
    "older": "Older",
    "newer": "Newer",
    "pages": "Page {page} of {pages}",
    "no_days": "The first day has not closed yet.",
    # A member's statement.
    "member_title": "Member {number} · {name}",
    "member": "Member {number}",
    "base_tier": "Member",
    "tier_note": "dividend weight × {multiplier}",
    "points_value": "Value of the points",
    "points_value_note": "{points} points × today’s price {price}",
    "points": "Points",
    "cash": "Cash",
    "cash_note": "can be withdrawn",
    "coins": "Coins",
    "coins_note": "each pays for 1 yuan of goods here",
    "accrued": "Dividends accrued",
    "accrued_note": "not credited yet; added to cash at the next movement",
    "owed": "Owed by you",
    "owed_note": "after a late refund; taken first from cash, dividends and awards",
    "quota": "Quota",
    "quota_ring": "{share} used",
    "quota_granted": "Granted",
    "quota_used": "Used",
    "quota_left": "Left",
    "quota_note": "A ceiling on what may be received, not a debt.",
    "pending": "Pending orders",
    "pending_note": "They mature when the return window has closed, at the price of that day.",
    "pending_worth": "pending, worth {worth} until the close of {day}",
    "pending_up_to": "pending, worth up to {worth} until the close of {day}",
    "pending_unreceived": "pending, worth {worth}; matures {days} days after receipt",
    "pending_unreceived_up_to": "pending, worth up to {worth}; matures {days} days after receipt",
    "pending_linked": "bought at a linked merchant: earns no points",
    "pending_order": "Order {order} · paid {paid} on {day}",
    "pending_none": "No order is pending.",
    "pending_sum": "{count} in all, worth {worth} together",
    "pending_rest": "{count} more, worth {worth} together",
    "pending_more": "{count} older orders are not listed, worth {worth} together.",
    "member_plain": "About this statement",
    "member_quota_words": (
        "The {left} of quota left are a ceiling on what you may still receive; nobody owes them to"
        " you. Of all members’ quota, sales can fill at most {share}."
    ),
    "member_quota_gone": (
        "The quota is used up: no dividends and no buy-back until new purchases bring new quota."
    ),
    "pace_reached": (
        "At the pace of the last {window} days the quota would be reached, and the points sold, in"
        " about {days} days (around {day}). The pace changes, and usually slows."
    ),
    "pace_never": "At the pace of the last {window} days the quota is not reached within 10 years.",
    "pace_unknown": "No day has closed yet, so there is no pace to go by.",
    "pace_no_points": (
        "No points are held, so no dividends accrue. New purchases bring points and quota when"
        " they mature."
    ),
    "member_value_words": (
        "Points are valued at today’s price; selling them back costs {fee} and pays at most the"
        " quota left. No entry of the books lowers the price; nobody promises to buy."
    ),
    "member_value_goods": (
        "Points are valued at today’s price; they turn into goods or coins only, at most up to the"
        " quota left."
    ),
    "member_guarantee_words": (
        "The {reserve} in the reserve are all that stands behind all members’ points."
    ),
    "entries": "Entries",
    "entries_note": "The latest first, a month at a time.",
    "no_entries": "Nothing has happened yet.",
    "months": "Months",
    "month_entries": "{count} entries",
    "what": "What and why",
    "held": "Points held",
    "dividends_of_month": "Dividends this month",
    "dividends_days": "{days} days · by the points held each day",
    "weighed": "Held that day",
    "dividend": "Dividend",
    "month_points": "Points",
    "month_cash": "Cash and dividends",
    "why_dividends": "Dividends accrue day by day and join the cash at the next movement",
    # Entries.
    "entry_paid": "Order paid",
    "entry_paid_detail": "Order {order} · paid {paid}",
    "entry_matured": "Order matured",
    "entry_matured_detail": (
        "Order {order} · price that day {price} · worth {worth} · quota +{quota}"
    ),
    "entry_matured_linked": "Order {order} · linked merchant: no points, no quota",
    "entry_referral": "Referral award",
    "entry_referral_detail": (
        "Order no. {number} of a member you brought · price that day {price} · worth {worth}"
    ),
    "entry_refund": "Refund before maturity",
    "entry_refund_detail": "Order {order} · {money} given back · the pending award shrinks with it",
    "entry_late_refund": "Late refund",
    "entry_late_refund_detail": "Order {order} · {money} given back · quota {quota}",
    "entry_redeemed": "Points sold back",
    "entry_redeemed_detail": "{gross} less a fee of {fee} · {money} to cash",
    "entry_spent": "Paid with points",
    "entry_spent_detail": "Merchant {merchant} · {gross}",
    "entry_converted": "Turned into coins",
    "entry_converted_detail": "{gross} · uses {gross} of quota",
    "entry_exited": "Exit",
    "entry_exited_detail": (
        "Value and dividends reached the quota; all points sold · {gross} less a fee of {fee}"
        " · {money} to cash"
    ),
    "entry_exited_coins": "The value reached the quota; all points became coins · {gross}",
    "entry_returned": "Goods paid with points returned",
    "entry_returned_detail": "Merchant {merchant} gave back {gross}, turned into points that day",
    "entry_coins_paid": "Paid with coins",
    "entry_coins_paid_detail": "Merchant {merchant}",
    "entry_coins_back": "Coins given back",
    "entry_coins_back_detail": "By merchant {merchant}",
    "entry_funded": "Funded award",
    "entry_funded_detail": "{funder} put {gross} into the reserve · quota +{quota}",
    "funder_treasury": "The operator",
    "funder_merchant": "Merchant {merchant}",
    "entry_withdrawn": "Cash withdrawn",
    "entry_withdrawn_detail": "{money} paid out",
    "entry_taken_back": "Points taken back",
    "entry_taken_back_detail": (
        "Awarded for an order that was refunded late · worth {gross} that day"
    ),
    "entry_booked": "Amount owed booked",
    "entry_booked_detail": "For points that are gone, and their dividends · {money}",
    "entry_collected": "Amount owed repaid",
    "entry_collected_detail": "{money} taken from cash or dividends",
    "entry_kept": "Amount owed repaid",
    "entry_kept_detail": "{money} kept of the refund",
    "entry_burned": "Repaid in points",
    "entry_burned_detail": "Points of a new award, against {money} owed",
    "entry_tier": "Tier is now {tier}",
    "entry_tier_detail": "{held} points held at the close · dividend weight × {multiplier}",
    "entry_settled": "Programme ended, account settled",
    "entry_settled_detail": "{gross} for the points; {money} to cash, coins included",
    # When there is nothing to show.
    "missing_title": "Page not found",
    "missing": "There is nothing here",
    "missing_words": "The address may be mistyped, or the page is gone.",
    "missing_member": "There is no member {number}",
    "missing_member_text": "“{number}” is no member number",
    "closed_statements": "Statements are private",
    "closed_statements_words": (
        "This is a real programme: a statement is open to its own member only."
    ),
    "home": "To the start",
    "unbuilt_title": "The phone pages are not built yet",
    "unbuilt_words": "Run `make setup` in the checkout; then load this page again.",
    "empty_title": "No programme yet",
    "empty_words": (
        "The database holds no programme. Run make demo to see one replayed from a real data set."
    ),
    "error_title": "Something went wrong",
    "error_words": (
        "The server could not answer this request. No account is affected; please try again later."
    ),
}
