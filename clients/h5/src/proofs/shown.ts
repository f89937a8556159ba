/** Amounts of a proof, which are whole units, as decimal strings like those of the API. */

const POINT = 8;
const MICRO = 6;

function decimal(units: bigint, places: number): string {
  const digits = units.toString().padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Units of 10⁻⁸ point. */
export const pointsOf = (units: bigint | undefined): string => decimal(units ?? 0n, POINT);

/** µ¥, or units of 10⁻⁶ coin. */
export const microOf = (units: bigint | undefined): string => decimal(units ?? 0n, MICRO);
