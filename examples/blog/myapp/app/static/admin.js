// A field that refers to another table offers that table's rows, found by what is typed.
for (const input of document.querySelectorAll("[data-lookup]")) {
  let asked = 0;
  const offer = async () => {
    const mine = ++asked;
    const url = new URL(input.dataset.lookup, location);
    url.searchParams.set("q", input.value);
    const answer = await fetch(url);
    if (!answer.ok || mine !== asked) return;
    const { items } = await answer.json();
    input.list.replaceChildren(...items.map(({ key, label }) => new Option(label, key)));
  };
  input.addEventListener("input", offer);
  input.addEventListener("focus", offer, { once: true });
}

for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!confirm(button.dataset.confirm)) event.preventDefault();
  });
}
