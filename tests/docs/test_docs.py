"""The pages say what the code does: parameters, commands, refusals, rules; and their links hold."""

import csv
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from shareback.cli.console import Fault
from shareback.cli.example import worked_example
from shareback.cli.main import app, register
from shareback.cli.programmes import read_programme
from shareback.engine.exporting import CSV_COLUMNS, FILES
from shareback.engine.reporting import DAY_COLUMNS, MEMBER_COLUMNS
from shareback.rules.codes import FIRST_REFUSAL, RULE_OF, Code
from shareback.rules.profiles import ALLOWED, DOCUMENT_BEHIND, Feature, allows
from shareback.rules.programme import Authority, Issuer, Programme, Strict, TierTerms
from tests.docs.pages import (
    ROOT,
    anchors,
    blocks,
    broken_links,
    code_spans,
    page,
    pages,
    rows,
    sections,
)

ECONOMY = ("rules/economy.md", "rules/economy.zh-CN.md")
COMMANDS = page("reference/commands.md")
PROGRAMME_FILE = page("reference/programme-file.md")
RULE = re.compile(r"\bR(1[0-2]|[1-9])(\.[1-9])?\b")
OURS = "(?:work|root|home|Users|tmp|mnt|media|workspace|workspaces|scratch|private)"
MACHINE_PATH = re.compile(rf"(?<![\w.\-/])/{OURS}/[\w.\-]+|[A-Z]:\\\\?\w+|(?<![\w.])~/\w+")
REGISTRY = re.compile(
    r"pypi\.|pythonhosted|npmjs|registry\.|artifactory|devpi|verdaccio|nexus\.|mirrors?\."
    r"|index-url|proxy\.golang|crates\.io|\.internal\b|\.lan\b"
    r"|\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b",
    re.IGNORECASE,
)


# ------------------------------------------------------------------------------ programme files


def test_the_example_programme_file_loads() -> None:
    (example,) = blocks(PROGRAMME_FILE, "toml")
    programme = Programme.model_validate(tomllib.loads(example))
    assert not programme.issuer.test
    assert [tier.name for tier in programme.tiers] == ["Silver", "Partner"]


def test_the_example_states_the_defaults() -> None:
    (example,) = blocks(PROGRAMME_FILE, "toml")
    stated = tomllib.loads(example)
    told = Programme.model_validate(stated)
    plain = Programme(issuer=told.issuer)
    special = {"name", "issuer", "tiers", "backing_by_category"}
    for key in stated.keys() - special - {"dividend_rate"}:
        assert getattr(told, key) == getattr(plain, key), key
    assert told.dividend_ppm == plain.dividend_ppm


@pytest.mark.parametrize("part", [Programme, Issuer, TierTerms, Authority])
def test_every_key_of_a_programme_file_has_a_row(part: type[Strict]) -> None:
    keys = {field.alias or name for name, field in part.model_fields.items()}
    first_cells = {row[0] for row in rows(PROGRAMME_FILE)}
    assert {f"`{key}`" for key in keys} <= first_cells


def test_no_row_names_a_key_that_is_not_there() -> None:
    parts: tuple[type[Strict], ...] = (Programme, Issuer, TierTerms, Authority)
    keys = {field.alias or name for part in parts for name, field in part.model_fields.items()}
    told = {row[0].strip("`") for row in rows(sections(PROGRAMME_FILE)["Keys"])}
    assert told - {"key"} == keys


def quoted_refusals() -> list[tuple[str, str]]:
    """What the page says is refused, where it stands there in full, and with which words."""
    found = []
    for written, words in rows(sections(PROGRAMME_FILE)["What a refusal says"]):
        plain = re.sub(r"`[^`]*`", "", written).replace("and", "").replace("alone", "")
        if not plain.strip():
            found.append(("\n".join(code_spans(written)), words.strip("`")))
    return found


@pytest.mark.parametrize(("written", "words"), quoted_refusals())
def test_a_refusal_of_a_programme_file_is_quoted_exactly(
    written: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "programme.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(Fault) as refused:
        read_programme(path)
    assert str(refused.value).replace(str(path), "programme.toml") == words


def test_most_refusals_of_the_page_are_tried() -> None:
    assert len(quoted_refusals()) >= 8


# ----------------------------------------------------------------------------------------- rules


def cited_rules(folder: Path) -> set[str]:
    """Every rule that the Python files of a folder cite."""
    found = set()
    for path in folder.rglob("*.py"):
        found |= {match[0] for match in RULE.finditer(path.read_text(encoding="utf-8"))}
    return found


@pytest.mark.parametrize("name", ECONOMY)
def test_every_rule_that_the_code_cites_has_its_heading(name: str) -> None:
    text = page(name)
    headings = set(re.findall(r'^#+ <a id="r[\d.]+"></a>(R[\d.]+) ', text, re.MULTILINE))
    cited = cited_rules(ROOT / "src")
    assert len(cited) >= 40
    assert cited - headings == set()


@pytest.mark.parametrize("name", ECONOMY)
def test_a_heading_carries_the_anchor_of_its_rule(name: str) -> None:
    found = re.findall(r'^#+ <a id="(r[\d.]+)"></a>(R[\d.]+) ', page(name), re.MULTILINE)
    assert [(anchor, number.lower()) for anchor, number in found] == [
        (anchor, anchor) for anchor, _number in found
    ]


def test_the_twins_have_the_same_anchors_and_formulas() -> None:
    english, chinese = (page(name) for name in ECONOMY)
    wanted = set(re.findall(r'<a id="([^"]+)"', english))
    assert set(re.findall(r'<a id="([^"]+)"', chinese)) == wanted
    named = {span for span in code_spans(english) if span.isupper() and "_" in span}
    assert {span for span in code_spans(chinese) if span.isupper() and "_" in span} == named
    # Figures of the example, written without separators of thousands.
    example = english[english.index('<a id="example">') :]
    figures = set(re.findall(r"\d+\.\d{3,}", example))
    assert figures <= set(re.findall(r"\d+\.\d{3,}", chinese))


@pytest.mark.parametrize("name", ECONOMY)
def test_the_table_of_profiles_is_that_of_the_rules(name: str) -> None:
    features = {feature.value: feature for feature in Feature}
    told = {
        features[row[0].strip("`")]: (row[2:6], row[6])
        for row in re.findall(
            r"^\| (`[a-z-]+`) " + 6 * r"\| (.*?) " + r"\|$", page(name), re.MULTILINE
        )
        if row[0].strip("`") in features
    }
    for feature in Feature:
        granted, document = told[feature]
        assert [cell in {"yes", "有"} for cell in granted] == [
            allows(profile, feature) for profile in ALLOWED
        ]
        assert document == str(DOCUMENT_BEHIND.get(feature, "–"))


@pytest.mark.parametrize("name", ECONOMY)
def test_the_golden_figures_are_those_of_the_production_rules(name: str) -> None:
    told = {
        row[0]: tuple(row[1:]) for row in rows(page(name)) if len(row) == 5 and row[0].isdigit()
    }
    computed, worth = worked_example(100)
    for number in ("1", "2", "3", "100"):
        assert told[number] == tuple(
            str(cell) for cell in list(computed[int(number) - 1].values())[1:]
        )
    assert worth in page(name)


# ------------------------------------------------------------------------------------- refusals


def refusal_rows() -> dict[str, list[str]]:
    """The rows of the table of refusals, by name."""
    return {row[1].strip("`"): row for row in rows(sections(COMMANDS)["Refusals"])[1:]}


@pytest.mark.parametrize("code", [code for code in Code if code >= FIRST_REFUSAL])
def test_every_refusal_is_in_the_table(code: Code) -> None:
    number, _name, rule, english, chinese = refusal_rows()[code.name]
    cited = RULE_OF[code]
    assert number == str(int(code))
    assert rule == f"[{cited}](../rules/economy.md#{cited.lower()})"
    assert english.endswith(".")
    assert chinese.endswith("。")


def test_no_row_of_the_table_is_no_refusal() -> None:
    assert set(refusal_rows()) == {code.name for code in Code if code >= FIRST_REFUSAL}


# ------------------------------------------------------------------------------------- commands


def commands() -> dict[str, Any]:
    """The commands of the command line, as Typer makes them."""
    if not app.registered_commands:
        register()
    group: Any = typer.main.get_command(app)
    return dict(group.commands)


def test_every_command_has_a_section() -> None:
    assert set(commands()) <= set(sections(COMMANDS))


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_command_is_told_and_no_other(name: str) -> None:
    section = sections(COMMANDS)[name]
    told = {
        row[0].strip("`").split()[0]
        for row in rows(section)
        if row[0].startswith(("`--", "`NAME", "`ORDERS", "`FILE"))
    }
    there = set()
    command = commands()[name]
    parts = list(getattr(command, "commands", {}).values()) or [command]
    for parameter in (one for part in parts for one in part.params):
        is_argument = parameter.param_type_name == "argument"
        there |= {str(parameter.metavar)} if is_argument else set(parameter.opts)
    assert told == there - {"--help"}
    assert f"`shareback {name}" in section


def test_the_example_of_the_example_is_its_output() -> None:
    shown = sections(COMMANDS)["example"]
    computed, worth = worked_example(3)
    expected = json.dumps({"rows": computed, "first_holder_value": worth}, ensure_ascii=False)
    assert expected in shown


def test_every_column_and_key_is_told() -> None:
    first_cells = {span for row in rows(COMMANDS) for span in code_spans(row[0])}
    assert set(DAY_COLUMNS) | set(MEMBER_COLUMNS) <= first_cells
    assert set(CSV_COLUMNS) <= set(code_spans(sections(COMMANDS)["books"]))
    assert set(FILES.values()) <= set(code_spans(sections(COMMANDS)["books"]))


def test_the_example_of_a_replay_is_what_a_replay_gives(tmp_path: Path) -> None:
    section = sections(COMMANDS)["replay"]
    orders, day_lines, member_lines = blocks(section, "csv")
    shown = json.loads(re.search(r"^\{\n.*?^\}$", section, re.MULTILINE | re.DOTALL)[0])  # type: ignore[index]
    (tmp_path / "orders.csv").write_text(orders, encoding="utf-8")
    summary = replayed(tmp_path)
    assert {**summary, "seconds": 0} == {**shown, "seconds": 0}
    assert list(summary) == list(shown)
    days = (tmp_path / "out" / "days.csv").read_text(encoding="utf-8").splitlines()
    assert set(day_lines.splitlines()) <= set(days)
    members = (tmp_path / "out" / "members.csv").read_text(encoding="utf-8").splitlines()
    assert member_lines.splitlines() == members
    told = {span for row in rows(section) for span in code_spans(row[0])}
    assert set(summary) <= told
    assert len(list(csv.reader(orders.splitlines()))) == 6


def replayed(folder: Path) -> dict[str, object]:
    """The summary of a replay of the orders in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "shareback.cli.main", "replay", "orders.csv", "--json"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "SHAREBACK_DATABASE": f"sqlite://{folder}/shop.sqlite3",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    summary: dict[str, object] = json.loads(done.stdout)
    return summary


# ---------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_links_of_a_page_resolve(path: Path) -> None:
    assert broken_links(path) == []


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_names_no_path_of_a_machine_and_no_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [match[0] for match in MACHINE_PATH.finditer(text)] == []
    assert [match[0] for match in REGISTRY.finditer(text)] == []


def test_the_checks_of_links_and_names_can_fail(tmp_path: Path) -> None:
    planted = tmp_path / "planted.md"
    planted.write_text(
        "# One title\n[a](missing.md) [b](#no-such) [c](#one-title) [d](https://example.com)\n",
        encoding="utf-8",
    )
    assert len(broken_links(planted)) == 2
    assert MACHINE_PATH.search("see /home/anna/notes, or not")
    assert not MACHINE_PATH.search("sqlite:////var/lib/shareback/shop.sqlite3 and and/or")
    assert REGISTRY.search("pip install --index-url https://pypi.example.com/simple")
    assert not REGISTRY.search("serving http://127.0.0.1:8000/")


def test_a_rule_that_is_cited_and_not_written_is_found(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text('"""As R3.9 says."""\n', encoding="utf-8")
    assert cited_rules(tmp_path) == {"R3.9"}
    assert "r3.9" not in anchors(page(ECONOMY[0]))
