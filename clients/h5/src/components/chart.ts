/** The pieces of ECharts that a price curve needs; loaded only where one is shown. */

import { LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([AriaComponent, CanvasRenderer, GridComponent, LineChart, TooltipComponent]);

export { init };
