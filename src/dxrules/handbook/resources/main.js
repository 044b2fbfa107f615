// Puts the page together: nothing here runs on what rules say, which is data and text throughout.

const page = JSON.parse(document.getElementById("data").textContent);
document.documentElement.classList.add("js");
for (const [key, text] of Object.entries(page.words)) WORDS.set(key, text);

const byId = (id) => document.getElementById(id);

// The form
const rulebook = evaluator.load(page.rulebook);
const form = new CaseForm(byId("form"), rulebook, page.lang);
const view = new DecisionView(byId("decision"), byId("summary"), form, page.lang, page.called);

function decide() {
  const found = form.read();
  if (found.case === null) view.problems(found.problems);
  else view.show(rulebook, found.case);
}

function tryCase(found) {
  form.write(found);
  decide();
}

byId("form").addEventListener("input", () => {
  form.choosePanel();
  decide();
});
byId("form").addEventListener("submit", (event) => event.preventDefault());
byId("form").addEventListener("reset", (event) => {
  event.preventDefault();
  form.clear();
  decide();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-case]");
  if (button === null) return;
  tryCase(JSON.parse(button.dataset.case));
  byId("try").scrollIntoView();
  byId("as-of").focus({preventScroll: true});
});

// A case goes along to the same page in another language; personal data stays behind.
for (const other of document.querySelectorAll("a.language")) {
  const file = other.getAttribute("href");
  other.addEventListener("click", () => {
    const found = form.read().case;
    if (found === null) return;
    for (const [name, field] of form.fields) {
      if (field.fact.personal) delete found.card[name];
    }
    other.setAttribute("href", `${file}#case=${encodeURIComponent(JSON.stringify(found))}`);
  });
}

function caseOfAddress() {
  if (!location.hash.startsWith("#case=")) return null;
  try {
    const found = JSON.parse(decodeURIComponent(location.hash.slice("#case=".length)));
    form.write(found);
    return found;
  } catch {
    form.clear(); // the address was typed by hand, or cut short
    return null;
  }
}

function followAddress() {
  if (caseOfAddress() !== null) byId("try").scrollIntoView();
  decide();
}

addEventListener("hashchange", () => {
  if (location.hash.startsWith("#case=")) followAddress();
});
followAddress();

// The search
byId("search").addEventListener("submit", (event) => event.preventDefault());
const search = new Search([...document.querySelectorAll("article.rule")], {
  query: byId("query"), results: byId("results"), found: byId("found"),
  choices: {fact: byId("by-fact"), outcome: byId("by-outcome"), deadline: byId("by-deadline")},
});

// The picture: what hangs together with what is pointed at
for (const picture of document.querySelectorAll("svg.picture")) {
  const paths = [...picture.querySelectorAll("path[data-from]")];
  const nodes = [...picture.querySelectorAll("[data-key]")];
  const point = (key) => {
    const keys = new Set([key]), lines = new Set();
    const follow = (from, to) => {
      const waiting = [key], seen = new Set();
      while (waiting.length > 0) {
        const each = waiting.pop();
        if (seen.has(each)) continue;
        seen.add(each);
        for (const path of paths.filter((one) => one.dataset[from] === each)) {
          lines.add(path);
          keys.add(path.dataset[to]);
          waiting.push(path.dataset[to]);
        }
      }
    };
    follow("from", "to");
    follow("to", "from");
    picture.classList.add("pointing");
    for (const each of nodes) each.classList.toggle("on", keys.has(each.dataset.key));
    for (const each of paths) each.classList.toggle("on", lines.has(each));
  };
  const rest = () => picture.classList.remove("pointing");
  for (const node of nodes) {
    node.addEventListener("mouseenter", () => point(node.dataset.key));
    node.addEventListener("mouseleave", rest);
    node.addEventListener("focus", () => point(node.dataset.key));
    node.addEventListener("blur", rest);
  }
}
