/** How a price curve is drawn: from zero, in the page's own colours. */

import type { LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import type { ComposeOption } from "echarts/core";

import type { CurvePoint } from "@/api/types";
import { priceText } from "@/i18n/format";

type Option = ComposeOption<GridComponentOption | LineSeriesOption | TooltipComponentOption>;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function element(name: string, className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** The chart's whole option. Its axis starts at zero: a slow rise looks slow. */
export function priceOption(curve: CurvePoint[]): Option {
  const font = getComputedStyle(document.body).fontFamily;
  const label = { color: colour("soft"), fontSize: 11, fontFamily: font };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animationDuration: still ? 0 : 350,
    grid: { left: 2, right: 14, top: 10, bottom: 2, containLabel: true },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: colour("card"),
      borderColor: colour("line"),
      padding: [6, 10],
      axisPointer: { type: "line", lineStyle: { color: colour("soft"), type: "dashed" } },
      formatter: (given) => {
        const at = (Array.isArray(given) ? given[0] : given)?.dataIndex ?? 0;
        const [day, price] = curve[at] ?? ["", "0"];
        const box = element("div", "price-tip", "");
        box.append(element("p", "", day), element("b", "", priceText(price)));
        return box;
      },
    },
    xAxis: {
      type: "category",
      data: curve.map(([day]) => day),
      boundaryGap: false,
      axisLine: { lineStyle: { color: colour("line") } },
      axisTick: { show: false },
      axisLabel: {
        ...label,
        hideOverlap: true,
        alignMinLabel: "left",
        alignMaxLabel: "right",
        interval: Math.max(0, Math.ceil(curve.length / 3) - 1),
        formatter: (day: string) => day.slice(2).replaceAll("-", "/"),
      },
    },
    yAxis: {
      type: "value",
      min: 0,
      splitNumber: 3,
      axisLabel: { ...label, formatter: (value: number) => `¥${String(value)}` },
      splitLine: { lineStyle: { color: colour("line") } },
    },
    series: [
      {
        type: "line",
        data: curve.map(([, price]) => Number(price)),
        // A price holds until the next one: steps promise nothing between.
        step: curve.length <= 40 ? "end" : false,
        showSymbol: false,
        lineStyle: { color: colour("brand"), width: 2 },
        itemStyle: { color: colour("brand") },
        areaStyle: { color: colour("brand-faint"), opacity: 0.6 },
      },
    ],
  };
}
