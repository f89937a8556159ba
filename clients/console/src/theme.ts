/** The page's own colours, so that charts and words look alike in the light and in the dark. */
export interface Theme {
  card: string;
  ink: string;
  soft: string;
  line: string;
  brand: string;
  brandFaint: string;
  gold: string;
  leaf: string;
  plum: string;
  font: string;
}

/** Reads the colours that are in force. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    card: colour("card"),
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    brand: colour("brand"),
    brandFaint: colour("brand-faint"),
    gold: colour("gold-fill"),
    leaf: colour("leaf"),
    plum: colour("plum"),
    font: getComputedStyle(document.body).fontFamily,
  };
}
