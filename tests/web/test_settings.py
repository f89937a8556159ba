"""The settings come from the environment alone."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def setting(expression: str, folder: Path, **environment: str) -> str:
    """What the settings of a fresh process say."""
    run = subprocess.run(
        [sys.executable, "-c", f"from shareback.web import settings; print({expression})"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def test_the_environment_names_the_database(tmp_path: Path) -> None:
    name = "settings.DATABASES['default']['NAME']"

    assert setting(name, tmp_path, SHAREBACK_DATABASE="postgresql:///books") == "books"


def test_an_embedded_database_stands_in_the_folder_where_nothing_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "100% 商城 #1"
    folder.mkdir()

    found = setting("settings.DATABASES['default']['NAME']", folder, PYTHONUTF8="1")

    assert found == str(folder / "shareback.sqlite3")
    assert list(folder.iterdir()) == []


def test_a_key_is_kept_or_drawn_anew_at_each_start(tmp_path: Path) -> None:
    key = "settings.SECRET_KEY"

    assert setting(key, tmp_path, SHAREBACK_SECRET_KEY="kept") == "kept"
    drawn = {setting(key, tmp_path), setting(key, tmp_path)}
    assert len(drawn) == 2
    assert all(len(each) >= 50 for each in drawn)


def test_speaks_chinese_first_and_english(tmp_path: Path) -> None:
    codes = "settings.LANGUAGE_CODE, [code for code, name in settings.LANGUAGES]"

    assert setting(codes, tmp_path) == "zh-hans ['zh-hans', 'en']"


def test_answers_under_this_machines_names_unless_others_are_given(tmp_path: Path) -> None:
    hosts = "settings.ALLOWED_HOSTS"

    assert setting(hosts, tmp_path) == "['localhost', '127.0.0.1', '[::1]']"
    named = setting(hosts, tmp_path, SHAREBACK_ALLOWED_HOSTS="shop.example, www.shop.example")
    assert named == "['shop.example', 'www.shop.example']"


def test_statements_of_real_programmes_stay_closed_unless_opened(tmp_path: Path) -> None:
    opened = "settings.SHAREBACK_OPEN_STATEMENTS"

    assert setting(opened, tmp_path) == "False"
    assert setting(opened, tmp_path, SHAREBACK_OPEN_STATEMENTS="yes") == "False"
    assert setting(opened, tmp_path, SHAREBACK_OPEN_STATEMENTS="1") == "True"
