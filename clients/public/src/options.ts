import type { BarSeriesOption, LineSeriesOption } from "echarts/charts";
import type {
  DataZoomComponentOption,
  GridComponentOption,
  TooltipComponentOption,
} from "echarts/components";
import type { ComposeOption } from "echarts/core";

import { grouped, type Series } from "./series";
import type { Theme } from "./theme";

export type Option = ComposeOption<
  | BarSeriesOption
  | DataZoomComponentOption
  | GridComponentOption
  | LineSeriesOption
  | TooltipComponentOption
>;

interface Row {
  label: string;
  value: string;
  colour: string;
}

const FONT_PX = 12;

function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** A tooltip made of elements: markup with styles of its own is what the pages forbid. */
function tooltip(series: Series, theme: Theme, rows: (at: number) => Row[]): TooltipComponentOption {
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
      const box = element("div", "tip");
      const isOpen = series.open !== "" && at === series.days.length - 1;
      box.append(element("p", "tip-day", isOpen ? `${dayAt(series, at)} · ${series.open}` : dayAt(series, at)));
      for (const row of rows(at)) {
        const line = element("p", "tip-row");
        const dot = element("i", "");
        dot.style.backgroundColor = row.colour;
        line.append(dot, element("span", "", row.label), element("b", "", row.value));
        box.append(line);
      }
      return box;
    },
  };
}

function dayAt(series: Series, at: number): string {
  return series.days[at] ?? "";
}

function dayAxis(series: Series, theme: Theme, narrow: boolean, gap: boolean): Option["xAxis"] {
  return {
    type: "category",
    data: series.days,
    boundaryGap: gap,
    axisLine: { lineStyle: { color: theme.line } },
    axisTick: { show: false },
    axisLabel: {
      color: theme.soft,
      fontSize: FONT_PX,
      hideOverlap: true,
      alignMaxLabel: "right",
      formatter: (day: string) => (narrow ? day.slice(5) : day),
    },
  };
}

function valueAxis(
  theme: Theme,
  format: (value: number) => string,
  fromZero: boolean,
  minInterval = 0,
): Option["yAxis"] {
  return {
    type: "value",
    minInterval,
    scale: !fromZero,
    splitNumber: 4,
    axisLabel: { color: theme.soft, fontSize: FONT_PX, formatter: format },
    splitLine: { lineStyle: { color: theme.line } },
  };
}

function zoom(theme: Theme): DataZoomComponentOption[] {
  return [
    { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false },
    {
      type: "slider",
      height: 22,
      bottom: 4,
      borderColor: theme.line,
      backgroundColor: "transparent",
      fillerColor: theme.brandFaint,
      dataBackground: { lineStyle: { color: theme.line }, areaStyle: { color: theme.line } },
      selectedDataBackground: {
        lineStyle: { color: theme.brand, opacity: 0.5 },
        areaStyle: { color: theme.brandFaint },
      },
      handleStyle: { color: theme.card, borderColor: theme.soft },
      moveHandleStyle: { color: theme.line },
      showDetail: false,
      brushSelect: false,
    },
  ];
}

function basis(theme: Theme, bottom: number): Option {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animationDuration: still ? 0 : 400,
    textStyle: { fontFamily: theme.font, color: theme.ink },
    grid: { left: 4, right: 20, top: 14, bottom, containLabel: true },
  };
}

/** A tick of a money axis, short: 12k rather than 12000. */
function tick(sign: string): (value: number) => string {
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
  return (value) => `${sign}${short.format(value)}`;
}

export function priceOption(series: Series, theme: Theme, narrow: boolean): Option {
  return {
    ...basis(theme, 40),
    tooltip: tooltip(series, theme, (at) => [
      {
        label: series.labels.price,
        value: `${series.sign}${grouped(series.price[at] ?? "")}`,
        colour: theme.brand,
      },
    ]),
    xAxis: dayAxis(series, theme, narrow, false),
    yAxis: valueAxis(theme, tick(series.sign), false),
    dataZoom: zoom(theme),
    series: [
      {
        type: "line",
        name: series.labels.price,
        data: series.price.map(Number),
        // A price holds until the next one: the line goes in steps, it promises nothing between.
        step: series.days.length <= 60 ? "end" : false,
        sampling: "lttb",
        showSymbol: false,
        symbolSize: 7,
        lineStyle: { color: theme.brand, width: 2.5 },
        itemStyle: { color: theme.brand },
        areaStyle: {
          color: {
            type: "linear",
            x: 0,
            y: 0,
            x2: 0,
            y2: 1,
            colorStops: [
              { offset: 0, color: theme.brandFaint },
              { offset: 1, color: "transparent" },
            ],
          },
        },
      },
    ],
  };
}

export function coverageOption(series: Series, theme: Theme, narrow: boolean): Option {
  const shown = (at: number) => {
    const value = series.coverage[at] ?? null;
    return value === null ? "–" : `${grouped(value)}%`;
  };
  return {
    ...basis(theme, 4),
    tooltip: tooltip(series, theme, (at) => [
      { label: series.labels.coverage, value: shown(at), colour: theme.brand },
    ]),
    xAxis: dayAxis(series, theme, narrow, false),
    // From zero: what is small is to look small.
    yAxis: valueAxis(theme, (value) => `${String(value)}%`, true),
    series: [
      {
        type: "line",
        name: series.labels.coverage,
        data: series.coverage.map((value) => (value === null ? null : Number(value))),
        connectNulls: false,
        showSymbol: false,
        symbolSize: 7,
        lineStyle: { color: theme.brand, width: 2.5 },
        itemStyle: { color: theme.brand },
        areaStyle: { color: theme.brandFaint },
      },
    ],
  };
}

export function dividendsOption(series: Series, theme: Theme, narrow: boolean): Option {
  return {
    ...basis(theme, 4),
    tooltip: tooltip(series, theme, (at) => [
      {
        label: series.labels.dividends,
        value: `${series.sign}${grouped(series.dividends[at] ?? "")}`,
        colour: theme.gold,
      },
    ]),
    xAxis: dayAxis(series, theme, narrow, true),
    yAxis: valueAxis(theme, tick(series.sign), true),
    series: [
      {
        type: "bar",
        name: series.labels.dividends,
        data: series.dividends.map(Number),
        itemStyle: { color: theme.gold, borderRadius: [2, 2, 0, 0] },
        barMaxWidth: 18,
      },
    ],
  };
}

export function exitsOption(series: Series, theme: Theme, narrow: boolean): Option {
  return {
    ...basis(theme, 4),
    tooltip: tooltip(series, theme, (at) => [
      { label: series.labels.exits, value: String(series.exits[at] ?? 0), colour: theme.plum },
      { label: series.labels.exits_total, value: String(series.exits_total[at] ?? 0), colour: theme.brand },
    ]),
    xAxis: dayAxis(series, theme, narrow, true),
    yAxis: valueAxis(theme, String, true, 1),
    series: [
      {
        type: "bar",
        name: series.labels.exits,
        data: series.exits,
        itemStyle: { color: theme.plum, borderRadius: [2, 2, 0, 0] },
        barMaxWidth: 18,
      },
      {
        type: "line",
        name: series.labels.exits_total,
        data: series.exits_total,
        step: "end",
        showSymbol: false,
        lineStyle: { color: theme.brand, width: 2 },
        itemStyle: { color: theme.brand },
      },
    ],
  };
}
