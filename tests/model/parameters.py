"""The parameters of a programme, and the checks that they must pass (R2)."""

from dataclasses import dataclass
from itertools import pairwise

PPM = 10**6
SCALE = 10**12
RANGE = 2**62
UNITS_PER_POINT = 10**8
TOP_UYUAN_PER_UNIT = 10**4


@dataclass(frozen=True)
class Parameters:
    """One set of parameters; money in µ¥, points in 10⁻⁸ point, rates in ppm."""

    issue_price_uyuan: int = 1_000_000
    supply_cap_units: int = 10**16
    backing_ppm: int = 300_000
    award_ppm: int = 700_000
    referral_ppm: int = 100_000
    award_mode: str = "value"
    award_points_units: int = 0
    award_spend_uyuan: int = 0
    margin_ppm: int = 500_000
    dividend_ppm: int = 300_000
    quota_multiple_ppm: int = 2_000_000
    fee_ppm: int = 100_000
    goods_fee_ppm: int = 0
    maturity_days: int = 7
    tiers: tuple[tuple[int, int], ...] = ((0, PPM),)
    money_out: bool = True
    late_refund_limit_uyuan: int = 10**9

    @property
    def issue_price_scaled(self) -> int:
        """The issue price, per unit of points and times 10¹²: the first `last_price`."""
        return self.issue_price_uyuan * SCALE // UNITS_PER_POINT

    @property
    def dividend_in_force_ppm(self) -> int:
        """The share of profit that is paid out: none where no money may go out (D17)."""
        return self.dividend_ppm if self.money_out else 0

    @property
    def highest_multiplier_ppm(self) -> int:
        """The largest multiplier of any tier."""
        return max(multiplier for _, multiplier in self.tiers)

    def backing_fits(self, backing_ppm: int) -> bool:
        """Whether an order may contribute at this rate (R2: margin and quota bear it)."""
        dividends = self.dividend_in_force_ppm * self.margin_ppm
        return (
            0 < backing_ppm < self.quota_multiple_ppm
            and backing_ppm * PPM + dividends <= self.margin_ppm * PPM
        )

    def tier_of(self, points: int) -> int:
        """The row of `tiers` with the greatest threshold that `points` reach."""
        return max(row for row, (threshold, _) in enumerate(self.tiers) if threshold <= points)

    def hold(self) -> bool:
        """Whether all checks of R2 and R3.7 hold."""
        thresholds = [threshold for threshold, _ in self.tiers]
        per_spend = self.award_points_units > 0 and self.award_spend_uyuan > 0
        widest = self.supply_cap_units * max(PPM, self.highest_multiplier_ppm) // PPM
        return all(
            (
                0 < self.issue_price_uyuan <= TOP_UYUAN_PER_UNIT * UNITS_PER_POINT,
                self.supply_cap_units > 0,
                widest < RANGE,
                self.backing_fits(self.backing_ppm),
                self.award_ppm + self.referral_ppm <= PPM,
                self.award_mode == "value" or (self.award_mode == "per_spend" and per_spend),
                0 <= self.margin_ppm <= PPM,
                0 <= self.dividend_ppm <= PPM,
                0 <= self.fee_ppm <= PPM // 2,
                0 <= self.goods_fee_ppm <= PPM // 2,
                self.maturity_days >= 0,
                thresholds[0] == 0,
                self.tiers[0] == (0, PPM),
                all(low < high for low, high in pairwise(thresholds)),
                all(multiplier > 0 for _, multiplier in self.tiers),
            )
        )
