"""The leaves of the rules and the hashing, compiled; nothing is decided here.

Machine code is kept in a folder named after the sources that it was made from, so that a changed
rule never runs old code; `NUMBA_CACHE_DIR` overrides the place.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import numba

import shareback.kernels as _kernels
import shareback.rules as _rules
import shareback.units as _units


def _sources_digest() -> str:
    total = hashlib.sha256(numba.__version__.encode())
    for package in (_units, _rules, _kernels):
        for path in sorted(Path(package.__path__[0]).glob("*.py")):
            total.update(path.name.encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _cache_folder() -> Path:
    """A folder that this user may write: the user's cache, else a private temporary one."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for base in (home, Path(tempfile.gettempdir()) / f"cache-{os.getuid()}"):
        folder = base / "shareback" / _sources_digest()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid():
            return folder
    return Path(tempfile.mkdtemp(prefix="shareback-"))


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]
