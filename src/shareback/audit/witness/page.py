"""The witness' page: what it saw last of each log, and what it refused to cosign."""

from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from shareback.audit.witness.identity import Identity
from shareback.audit.witness.ledger import Refused, Seen
from shareback.audit.witness.trust import Logs

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #8886; padding: .4rem .8rem .4rem 0; text-align: left }
td.size, th.size { font-variant-numeric: tabular-nums; text-align: right }
pre { background: #8882; overflow-x: auto; padding: .8rem }
.fork h3 { color: #d22 }
"""


def moment(at: int) -> str:
    """A time in seconds UTC, for people."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def overview(identity: Identity, logs: Logs, seen: list[Seen], refused: list[Refused]) -> str:
    """The page."""
    name = escape(identity.name)
    unseen = sorted(logs.keys() - {one.origin for one in seen})
    forks = [one for one in refused if one.ground.is_fork]
    others = [one for one in refused if not one.ground.is_fork]
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Witness {name}</title>
<style>{STYLE}</style>
<h1>Witness {name}</h1>
<p>It cosigns a log's checkpoint only where that extends the last one that it saw.</p>
<pre>{escape(identity.verifier.to_text())}</pre>
<h2>Last seen</h2>
<table>
<tr><th>log<th class="size">entries<th>cosigned
{"".join(map(row_of, seen))}{"".join(map(row_of_unseen, unseen))}</table>
<h2>Forks refused: {len(forks)}</h2>
{"".join(map(evidence, forks)) or "<p>None.</p>"}
<h2>Not shown to extend what was seen: {len(others)}</h2>
{"".join(map(evidence, others)) or "<p>None.</p>"}
</html>
"""


def row_of(seen: Seen) -> str:
    """A log's row."""
    address = f"/checkpoint/{quote(seen.origin)}"
    return (
        f'<tr><td><a href="{address}">{escape(seen.origin)}</a>'
        f'<td class="size">{seen.size:,}<td>{moment(seen.at)}\n'
    )


def row_of_unseen(origin: str) -> str:
    """The row of a log that is trusted and has not asked yet."""
    return f'<tr><td>{escape(origin)}<td class="size">–<td>not seen yet\n'


def evidence(refused: Refused) -> str:
    """A refused note beside the one that had been cosigned."""
    kind = "fork" if refused.ground.is_fork else "doubt"
    return f"""<section class="{kind}">
<h3>{escape(refused.origin)}: {escape(refused.ground.value)}</h3>
<p>{moment(refused.at)}. Refused:</p>
<pre>{escape(refused.note)}</pre>
<p>Cosigned before:</p>
<pre>{escape(refused.cosigned) or "nothing"}</pre>
</section>
"""
