"""Passwords in tests: the site's own scrypt, at a cost that hundreds of tests can bear."""

from django.contrib.auth.hashers import ScryptPasswordHasher


class QuickScrypt(ScryptPasswordHasher):
    """Scrypt with little work; a server that checks such a hash hashes it anew at its own cost."""

    work_factor = 2**4
