import type { BarSeriesOption, LineSeriesOption } from "echarts/charts";
import type { DataZoomComponentOption, GridComponentOption, TooltipComponentOption } from "echarts/components";
import type { ComposeOption } from "echarts/core";

import { grouped, type Name, type Series } from "./series";
import type { Theme } from "./theme";

export type Option = ComposeOption<
  BarSeriesOption | DataZoomComponentOption | GridComponentOption | LineSeriesOption | TooltipComponentOption
>;

const FONT_PX = 12;
const NEAR = 0.5;

interface Way {
  kind: "line" | "bar";
  colour: keyof Theme;
  unit: "money" | "count" | "per_cent";
}

const WAYS: Record<Name, Way> = {
  price: { kind: "line", colour: "brand", unit: "money" },
  reserve: { kind: "line", colour: "brand", unit: "money" },
  orders: { kind: "bar", colour: "brand", unit: "count" },
  dividends: { kind: "bar", colour: "gold", unit: "money" },
  coverage: { kind: "line", colour: "leaf", unit: "per_cent" },
};

/** Whether a series is drawn from zero on: unless it moves far above it. */
export function startsAtZero(values: readonly (string | null)[]): boolean {
  const numbers = values.filter((value) => value !== null).map(Number);
  return numbers.length === 0 || Math.min(...numbers) < NEAR * Math.max(...numbers);
}

function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** A value in full, as the server wrote it. */
function inFull(value: string | null, way: Way, sign: string): string {
  if (value === null) {
    return "–";
  }
  const shown = grouped(value);
  return way.unit === "money" ? `${sign}${shown}` : way.unit === "per_cent" ? `${shown}%` : shown;
}

function tooltip(name: Name, series: Series, theme: Theme): TooltipComponentOption {
  const way = WAYS[name];
  return {
    trigger: "axis",
    confine: true,
    backgroundColor: theme.card,
    borderColor: theme.line,
    padding: 0,
    axisPointer: { type: "line", lineStyle: { color: theme.soft, type: "dashed" } },
    formatter: (given) => {
      const first = Array.isArray(given) ? given[0] : given;
      const at = first?.dataIndex ?? 0;
      const day = series.days[at] ?? "";
      const box = element("div", "tip");
      const isOpen = at === series.days.length - 1;
      box.append(element("p", "tip-day", isOpen ? `${day} · ${series.open}` : day));
      const line = element("p", "tip-row");
      const dot = element("i", "");
      dot.style.backgroundColor = theme[way.colour];
      line.append(dot, element("span", "", series.labels[name]));
      line.append(element("b", "", inFull(series[name][at] ?? null, way, series.sign)));
      box.append(line);
      return box;
    },
  };
}

/** A mark of an axis, short: 12K rather than 12,000. */
function mark(way: Way, sign: string): (value: number) => string {
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
  const before = way.unit === "money" ? sign : "";
  const after = way.unit === "per_cent" ? "%" : "";
  return (value) => `${before}${short.format(value)}${after}`;
}

function zoom(theme: Theme): DataZoomComponentOption[] {
  return [
    { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false },
    {
      type: "slider",
      height: 20,
      bottom: 4,
      borderColor: theme.line,
      backgroundColor: "transparent",
      fillerColor: theme.brandFaint,
      dataBackground: { lineStyle: { color: theme.line }, areaStyle: { color: theme.line } },
      handleStyle: { color: theme.card, borderColor: theme.soft },
      moveHandleStyle: { color: theme.line },
      showDetail: false,
      brushSelect: false,
    },
  ];
}

function drawn(name: Name, series: Series, theme: Theme): LineSeriesOption | BarSeriesOption {
  const way = WAYS[name];
  const colour = theme[way.colour];
  const data = series[name].map((value) => (value === null ? null : Number(value)));
  if (way.kind === "bar") {
    return {
      type: "bar",
      name: series.labels[name],
      data,
      itemStyle: { color: colour, borderRadius: [2, 2, 0, 0] },
      barMaxWidth: 14,
    };
  }
  return {
    type: "line",
    name: series.labels[name],
    data,
    // A figure holds until the next close: the line goes in steps, it promises nothing between.
    step: series.days.length <= 60 ? "end" : false,
    sampling: "lttb",
    showSymbol: false,
    lineStyle: { color: colour, width: 2 },
    itemStyle: { color: colour },
    areaStyle: { color: colour, opacity: 0.08 },
  };
}

export function optionOf(name: Name, series: Series, theme: Theme): Option {
  const way = WAYS[name];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const hasZoom = name === "price";
  return {
    animationDuration: still ? 0 : 300,
    textStyle: { fontFamily: theme.font, color: theme.ink },
    grid: { left: 4, right: 28, top: 12, bottom: hasZoom ? 36 : 4, containLabel: true },
    tooltip: tooltip(name, series, theme),
    xAxis: {
      type: "category",
      data: series.days,
      boundaryGap: way.kind === "bar",
      axisLine: { lineStyle: { color: theme.line } },
      axisTick: { show: false },
      axisLabel: { color: theme.soft, fontSize: FONT_PX, hideOverlap: true, alignMaxLabel: "right" },
    },
    yAxis: {
      type: "value",
      scale: hasZoom && !startsAtZero(series.price),
      minInterval: way.unit === "count" ? 1 : 0,
      splitNumber: 4,
      axisLabel: { color: theme.soft, fontSize: FONT_PX, formatter: mark(way, series.sign) },
      splitLine: { lineStyle: { color: theme.line } },
    },
    ...(hasZoom ? { dataZoom: zoom(theme) } : {}),
    series: [drawn(name, series, theme)],
  };
}
