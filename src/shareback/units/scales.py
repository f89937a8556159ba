"""The units in which everything is counted, and the ranges they live in (R1, R3.7)."""

__compiled__ = True

UYUAN_PER_YUAN = 1_000_000
"""Money is counted in µ¥, 10⁻⁶ yuan."""

UNITS_PER_POINT = 100_000_000
"""Points are counted in units of 10⁻⁸ point."""

UCOIN_PER_COIN = 1_000_000
"""Coins are counted in 10⁻⁶ coin, so that one unit of coin buys 1 µ¥ of goods."""

PPM = 1_000_000
"""Rates and multipliers are counted in parts per million."""

SCALE = 1_000_000_000_000
"""Scaled prices, dividend indices and exit keys are µ¥·10¹² per unit of points."""

INT64_MAX = 9_223_372_036_854_775_807
"""The largest value that a column holds; an exit key that reaches it means "never" (R3.7)."""

RANGE = 4_611_686_018_427_387_904
"""2⁶²: prices, indices, supplies and money totals stay below it (R3.7)."""

TOP_UYUAN_PER_UNIT = 10_000
"""A price of a million yuan a point; what the reserve holds above it is bound (R3.5)."""

COARSE_UYUAN = 10_000
"""0.01 yuan: an award that rounding leaves further below its value waits (R3.6)."""

DUST_UNITS = 1_000_000
"""0.01 point: a redemption may not leave less (R3.6)."""

DUST_UYUAN = 1_000_000
"""1 yuan: a redemption may not leave points worth less (R3.6)."""
