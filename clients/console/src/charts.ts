import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { optionOf, startsAtZero } from "./options";
import { readSeries, type Name, type Series } from "./series";
import { readTheme } from "./theme";

use([AriaComponent, BarChart, CanvasRenderer, DataZoomComponent, GridComponent, LineChart, TooltipComponent]);

const NAMES: readonly string[] = ["price", "reserve", "orders", "dividends", "coverage"];

/** Draws every chart of the page, and again when the colours or the room change. */
export function drawCharts(page: Document): void {
  const series = readSeries(page);
  if (series === null) {
    return;
  }
  for (const place of page.querySelectorAll<HTMLElement>("[data-chart]")) {
    const name = place.dataset.chart ?? "";
    if (NAMES.includes(name)) {
      drawChart(place, series, name as Name);
    }
  }
  for (const note of page.querySelectorAll<HTMLElement>("[data-note]")) {
    const { zero, above } = note.dataset;
    note.textContent = (startsAtZero(series.price) ? zero : above) ?? "";
  }
}

function drawChart(place: HTMLElement, series: Series, name: Name): void {
  const chart = init(place, null, { renderer: "canvas" });
  const draw = () => {
    chart.setOption(optionOf(name, series, readTheme()), true);
    place.dataset.drawn = "true";
  };
  draw();
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["class"] });
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth !== width) {
      width = place.clientWidth;
      chart.resize();
    }
  }).observe(place);
}
