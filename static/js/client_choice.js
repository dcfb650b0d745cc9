// Through whose eyes the text is seen: typing asks the server for clients (htmx), choosing one keeps it in the form.

/** Makes the part of the page work; its changes are told by `client-chosen` on the body. */
export function clientChoice(root) {
  const client = root.querySelector("[data-client]");
  const chosen = root.querySelector("[data-chosen]");
  const search = root.querySelector("[data-client-search]");
  const input = search.querySelector("input");
  const options = () => [...search.querySelectorAll("[data-choose-client]")];

  function choose(pk, name) {
    client.value = pk;
    root.querySelector("[data-chosen-name]").textContent = name;
    chosen.hidden = pk === "";
    search.hidden = pk !== "";
    search.querySelector("#client-choices").replaceChildren();
    input.value = "";
    (pk === "" ? input : chosen.querySelector("button")).focus();
    document.body.dispatchEvent(new Event("client-chosen"));
  }

  // Arrows walk from the field through the list and back.
  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [input, ...options()];
    const place = stops.indexOf(event.target);
    if (!step || place < 0 || !stops[place + step]) return;
    event.preventDefault();
    stops[place + step].focus();
  }

  root.addEventListener("click", (event) => {
    const option = event.target.closest("[data-choose-client]");
    if (option) choose(option.dataset.chooseClient, option.dataset.name);
    if (event.target.closest("[data-choose-nobody]")) choose("", "");
  });
  root.addEventListener("keydown", walk);
}
