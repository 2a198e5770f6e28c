/** A `ref` that gives the focus to what comes into a dialog later than the dialog; with `data-autofocus`, if at once. */
export function focusWhenThere(element: HTMLElement | null): void {
  element?.focus()
}
