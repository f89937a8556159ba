"""Texts of the page of proofs: what is owed, who signs, coverage, terms, files."""

from shareback.web.texts.keys import Texts

ZH: Texts = {
    "proofs_title": "{name} · 证明",
    "proofs": "证明",
    "proofs_note": "这些账目不需要任何人相信：用这里的材料就能核对。",
    "proofs_link": "检查点、应付总额、密钥与见证人",
    "owes": "应付总额",
    "owes_as_of": "{day} 日终",
    "owes_by_accounts": "全部账户合计",
    "owes_by_books": "账簿数字",
    "owes_agrees": "一致",
    "owes_yes": "是",
    "owes_no": "否",
    "owes_points": "持有的积分",
    "owes_worth": "当日日终价值",
    "owes_coins": "持有的恒定积分",
    "owes_cash": "余额与商家货款",
    "owes_dividends": "已累计的分红",
    "owes_receivable": "迟到退款后会员所欠",
    "owes_digest": "应付（摘要）",
    "owes_note": (
        "每个账户都是一棵树上的叶子，每个节点都写着它下面所有账户的合计。每位会员都能核对自己的账"
        "户在其中。额度不在其内：额度是上限，从来不是欠款。分红向下取整余下的部分留在账簿上。"
    ),
    "checked_words": (
        "本次日终已有 {today} 个账户核对；累计核对过 {ever} 个，会员与商家账户共 {accounts} 个。"
    ),
    "checkpoint": "最近的检查点",
    "checkpoint_file": "下载文件",
    "checkpoint_words": (
        "写着日志的长度与根、应付总额，以及谁签了名。请留一份：日志若在日后被改写，就再也对不上它。"
    ),
    "log_keys": "签名密钥",
    "key_signs": "自 {since} 起签名",
    "key_retired": "{since} 至 {until} 签名",
    "witnesses": "见证人",
    "witness_cosigned": "已为 {day} 日终联署",
    "witness_seen": "已联署到第 {size} 条",
    "witness_fault": "未联署：{fault}",
    "no_witnesses": "这些检查点还没有见证人联署。",
    "no_checkpoints": "第一个检查点在第一次日终时签署。",
    "terms_in_force": "现行参数",
    "terms_note": "参数只能由两人批准、从将来的某天起修改，绝不追溯。",
    "amendments": "历次修改",
    "no_amendments": "参数与项目开始时相同。",
    "checkpoints": "全部检查点",
    # Coverage.
    "coverage_title": "覆盖率",
    "coverage_hint": "会员积分价值与分红池，相当于全部剩余额度的多少",
    "coverage_explained": (
        "额度是上限，从来不是欠款；覆盖率说明按当日价格，剩余额度中有多少已有着落。"
    ),
    "coverage_summary": (
        "{days} 个日终：最低 {lowest}（{lowest_day}），最近 {last}（{last_day}）。"
    ),
    "coverage_thinned": "天数较多，图中每一点是连续 {step} 天里的最低值。",
    "coverage_unknown": "还没有剩余额度，无从计算覆盖率。",
    "coverage_table": "各月最后一个日终",
    "coverage_days_file": "每一天的数值见每日数据文件",
    # Terms, and who changed them.
    "term_name": "项目名称",
    "term_currency": "货币",
    "term_timezone": "时区",
    "term_tiers": "会员等级",
    "term_tier": "{name}（{threshold} 积分起，分红权重 {multiplier}）",
    "term_partner": "{name} · 合伙人（{threshold} 积分起，分红权重 {multiplier}）",
    "term_authority": "批准依据",
    "terms_version": "第 {version} 版，自 {day} 起",
    "terms_first": "第 1 版，自开立起",
    "terms_now": "现行",
    "terms_past": "已被取代",
    "terms_to_come": "尚未生效",
    "amended_from": "自 {day} 起",
    "proposed": "提出",
    "approved_first": "第一人批准",
    "approved_second": "第二人批准",
    "approved_elsewhere": "由两人批准，但不是在本站控制台批准的，这里不知道是谁。",
    "person": "{name}（{roles}）",
    "person_roles": "、",
    "person_unnamed": "未具名",
    "before": "原为",
    "after": "改为",
    "unchanged": "所改参数与之前相同。",
    # Files.
    "downloads": "下载",
    "downloads_note": "只有公开数字，没有任何会员的数据。",
    "file_days": "每日数据",
    "file_days_words": "每个已结束的日子一行：价格、资金池、流通积分、分红、覆盖率、日志根。",
    "file_checkpoints": "全部检查点",
    "file_checkpoints_words": "每个日终的检查点，连同项目与见证人的签名和公钥。",
    "file_terms": "现行参数",
    "file_terms_words": "可直接用作计划文件，用自己的订单试算。",
    "how_to_check": "自己核对",
    "how_to_check_words": (
        "格式见源代码中的 {proofs} 与 {log}，测试向量在 {vectors}。"
        "{verifier} 只依据它们和规则写成，不用本程序的任何部分；您也可以自己写一个。"
        "持有导出文件的审计人用两者之一离线重算全部账目："
    ),
}

EN: Texts = {
    "proofs_title": "{name} · proofs",
    "proofs": "Proofs",
    "proofs_note": "Nobody has to believe these accounts: this is what they are checked with.",
    "proofs_link": "Checkpoints, what is owed, keys, witnesses",
    "owes": "What is owed",
    "owes_as_of": "At the close of {day}",
    "owes_by_accounts": "Sum of all accounts",
    "owes_by_books": "By the books",
    "owes_agrees": "Agree",
    "owes_yes": "yes",
    "owes_no": "no",
    "owes_points": "Points held",
    "owes_worth": "Worth at that close",
    "owes_coins": "Coins held",
    "owes_cash": "Cash balances and merchants’ money",
    "owes_dividends": "Dividends accrued",
    "owes_receivable": "Owed by members after late refunds",
    "owes_digest": "Owed (digest)",
    "owes_note": (
        "Each account is a leaf of a tree whose nodes hold the sums of all below them. Every "
        "member can check that their own account is in it. Quotas are no part of this: a quota "
        "is a ceiling, never a debt. What rounding down leaves of the dividends stays with the "
        "books."
    ),
    "checked_words": (
        "Checked against this close: {today} accounts. Checked at some time: {ever} of "
        "{accounts} members’ and merchants’ accounts."
    ),
    "checkpoint": "The last checkpoint",
    "checkpoint_file": "As a file",
    "checkpoint_words": (
        "The log’s size and root, what was owed, and who signed it. Keep a copy: a log that is "
        "rewritten later no longer fits it."
    ),
    "log_keys": "Keys that sign",
    "key_signs": "signs since {since}",
    "key_retired": "signed from {since} until {until}",
    "witnesses": "Witnesses",
    "witness_cosigned": "cosigned the close of {day}",
    "witness_seen": "cosigned up to entry {size}",
    "witness_fault": "does not cosign: {fault}",
    "no_witnesses": "Nobody cosigns these checkpoints yet.",
    "no_checkpoints": "The first checkpoint is signed at the first close.",
    "terms_in_force": "The terms in force",
    "terms_note": "They change only from a day ahead, with two approvers, never backwards.",
    "amendments": "Amendments",
    "no_amendments": "The terms are those with which the programme opened.",
    "checkpoints": "All checkpoints",
    # Coverage.
    "coverage_title": "Coverage",
    "coverage_hint": "What members’ points and the pot are worth, of all quota that is left",
    "coverage_explained": (
        "A quota is a ceiling, never a debt. Coverage tells how much of it there would be money "
        "for at the price of the day."
    ),
    "coverage_summary": (
        "{days} closes: lowest {lowest} ({lowest_day}), last {last} ({last_day})."
    ),
    "coverage_thinned": "There are many days: each point is the lowest of {step} in a row.",
    "coverage_unknown": "No quota is left yet, so there is no coverage to speak of.",
    "coverage_table": "At the last close of each month",
    "coverage_days_file": "Every day is in the file of the days",
    # Terms, and who changed them.
    "term_name": "Programme",
    "term_currency": "Currency",
    "term_timezone": "Time zone",
    "term_tiers": "Tiers",
    "term_tier": "{name} (from {threshold} points, weight {multiplier})",
    "term_partner": "{name}, partner (from {threshold} points, weight {multiplier})",
    "term_authority": "Authority",
    "terms_version": "Version {version}, since {day}",
    "terms_first": "Version 1, since it opened",
    "terms_now": "in force",
    "terms_past": "superseded",
    "terms_to_come": "not in force yet",
    "amended_from": "From {day}",
    "proposed": "Proposed",
    "approved_first": "First approval",
    "approved_second": "Second approval",
    "approved_elsewhere": (
        "Approved by two people, though not at this site’s console: who they are is not known here."
    ),
    "person": "{name} ({roles})",
    "person_roles": ", ",
    "person_unnamed": "not named",
    "before": "Before",
    "after": "After",
    "unchanged": "The parameters are the same as before.",
    # Files.
    "downloads": "Downloads",
    "downloads_note": "Public figures alone; nothing of any member is in them.",
    "file_days": "Every day",
    "file_days_words": (
        "A line for each closed day: price, reserve, supply, dividends, coverage, the log’s root."
    ),
    "file_checkpoints": "All checkpoints",
    "file_checkpoints_words": (
        "The checkpoint of each close with the signatures of the programme and its witnesses, "
        "and their keys."
    ),
    "file_terms": "The terms in force",
    "file_terms_words": "A programme file, to try the same terms on orders of your own.",
    "how_to_check": "Check it yourself",
    "how_to_check_words": (
        "The formats are specified in {proofs} and {log} of the source, with test vectors in "
        "{vectors}. {verifier} was written from these and the rules, and uses no part of this "
        "program; you may write your own. Whoever has an auditor’s export computes all accounts "
        "again with either, offline:"
    ),
}
"""The same keys in the same order."""
