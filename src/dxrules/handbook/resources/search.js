// Finds rules by words, fact, outcome and deadline. Works on what the page says, in the order of the page.

const MOST_SHOWN = 60;

function plainText(text) {
  return text.normalize("NFKC").toLowerCase();
}

class Search {
  constructor(articles, {query, results, found, choices}) {
    Object.assign(this, {query, results, found, choices});
    this.rules = articles.map((article) => ({
      article, name: plainText(article.dataset.name), text: plainText(article.textContent),
      facts: new Set(article.dataset.facts.split(" ")),
      outcome: article.dataset.outcome, deadline: article.dataset.deadline,
    }));
    for (const each of [query, ...Object.values(choices)]) each.addEventListener("input", () => this.show());
    this.show();
  }

  matches() {
    const words = plainText(this.query.value).split(/\s+/).filter(Boolean);
    const {fact, outcome, deadline} = this.choices;
    const found = this.rules.filter((rule) => (
      words.every((word) => rule.text.includes(word))
      && (fact.value === "" || rule.facts.has(fact.value))
      && (outcome.value === "" || rule.outcome === outcome.value)
      && (deadline.value === "" || rule.deadline === deadline.value)
    ));
    if (words.length === 0) return found;
    const rank = (rule) => (words.every((word) => rule.name.includes(word)) ? 0 : 1);
    return [0, 1].flatMap((wanted) => found.filter((rule) => rank(rule) === wanted)); // those so named come first
  }

  show() {
    const asked = [this.query, ...Object.values(this.choices)].some((each) => each.value.trim() !== "");
    const found = asked ? this.matches() : [];
    const shown = found.slice(0, MOST_SHOWN);
    this.results.replaceChildren(...shown.map((rule) => this.entry(rule.article)));
    const count = asked ? say("found", found.length, this.rules.length) : say("all found", this.rules.length);
    this.found.textContent = found.length > shown.length ? `${count} ${say("first", shown.length)}` : count;
  }

  entry(article) {
    const name = make("a", {href: `#${article.id}`}, make("code", {}, article.dataset.name));
    const badges = article.querySelector(".badges").cloneNode(true);
    const said = make("p", {}, article.querySelector(".message").textContent);
    return make("li", {}, name, badges, said);
  }
}
