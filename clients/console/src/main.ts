import "../../design/tokens.css";
import "./frame.css";
import "./parts.css";
import "./forms.css";
import "./glance.css";
import "./door.css";
import "./unfold.css";

// The charts' library is fetched only where there is something to draw.
if (document.querySelector("[data-chart]") !== null) {
  void import("./charts").then(({ drawCharts }) => {
    drawCharts(document);
  });
}
