import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { coverageOption, dividendsOption, exitsOption, priceOption, type Option } from "./options";
import { readSeries, type Series } from "./series";
import { readTheme, type Theme } from "./theme";

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  DataZoomComponent,
  GridComponent,
  LineChart,
  TooltipComponent,
]);

const OPTIONS: Record<string, (series: Series, theme: Theme, narrow: boolean) => Option> = {
  coverage: coverageOption,
  price: priceOption,
  dividends: dividendsOption,
  exits: exitsOption,
};
const NARROW_PX = 480;

/** Draws every chart of the page, and again when the colours or the room change. */
export function drawCharts(page: Document): void {
  const series = readSeries(page);
  if (series === null) {
    return;
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  for (const place of page.querySelectorAll<HTMLElement>("[data-chart]")) {
    const option = OPTIONS[place.dataset.chart ?? ""];
    if (option !== undefined) {
      drawChart(place, series, option, dark);
    }
  }
}

function drawChart(
  place: HTMLElement,
  series: Series,
  option: (series: Series, theme: Theme, narrow: boolean) => Option,
  dark: MediaQueryList,
): void {
  const chart = init(place, null, { renderer: "canvas" });
  const draw = () => {
    chart.setOption(option(series, readTheme(), place.clientWidth < NARROW_PX), true);
    place.dataset.drawn = "true";
  };
  draw();
  dark.addEventListener("change", draw);
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth !== width) {
      width = place.clientWidth;
      chart.resize();
      draw();
    }
  }).observe(place);
}
