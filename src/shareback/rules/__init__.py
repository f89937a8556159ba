"""The economy of a programme, in integers; pure, total, and compiled as it stands.

The leaves and operations of this room are plain functions over 64-bit integers, rows of
them, and NamedTuples. The same functions run in CPython and, compiled, in ``kernels``.
"""
