import "../../design/tokens.css";
import "./frame.css";
import "./parts.css";
import "./forms.css";
import "./glance.css";
import "./door.css";
import "./unfold.css";

// On a low screen the menu's lower entries are out of sight, and with them where one is.
document.querySelector('.menu [aria-current="page"]')?.scrollIntoView({ block: "nearest" });

// The charts' library is fetched only where there is something to draw.
if (document.querySelector("[data-chart]") !== null) {
  void import("./charts").then(({ drawCharts }) => {
    drawCharts(document);
  });
}
