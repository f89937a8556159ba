import "./style.css";

import { offerCopying } from "./copying";

offerCopying(document);

// The library that draws is large, so it comes only where there is something to draw, and late.
if (document.querySelector("[data-chart]") !== null) {
  void import("./charts").then(({ drawCharts }) => {
    drawCharts(document);
  });
}
