/**
 * Has every form say on which programme's page it stood: the server refuses it once another tab
 * has turned to another programme.
 */
export function markForms(page: Document): void {
  const { shown, field } = page.body.dataset;
  if (shown === undefined || field === undefined) {
    return;
  }
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") {
      return;
    }
    if (form.elements.namedItem(field) !== null) {
      return;
    }
    const mark = page.createElement("input");
    mark.type = "hidden";
    mark.name = field;
    mark.value = shown;
    form.append(mark);
  });
}
