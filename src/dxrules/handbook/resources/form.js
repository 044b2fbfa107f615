// The form: reads what was filled in as the values of facts, and writes values into it.

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const LARGEST = 2n ** 53n - 1n;

const WORDS = new Map();

function say(key, ...parts) {
  return parts.reduce((text, part) => text.replace("{}", () => String(part)), WORDS.get(key));
}

// A field of the form: the value it holds, or what is wrong with it.
class Field {
  constructor(box, fact, lang) {
    Object.assign(this, {box, fact, lang, kind: fact.kind, fallback: JSON.parse(box.dataset.default)});
    const own = (selector) => box.querySelector(`:scope > ${selector}`); // a group has fields in it
    this.radios = [...box.querySelectorAll(":scope > .choices input")];
    this.boxes = [...box.querySelectorAll(":scope > .boxes input")];
    this.inner = own(".inner");
    this.input = own("select") ?? own(".control > input");
    this.empty = own(".aside > input");
    this.hint = own(".control > .hint");
    this.unit = this.hint?.textContent ?? "";
    this.error = own(".error");
    for (const each of this.boxes) { // to choose a member is to know the set
      each.addEventListener("change", () => this.choose("true"));
    }
    for (const each of this.radios) {
      if (this.boxes.length > 0 && each.value === "") {
        each.addEventListener("change", () => this.boxes.forEach((member) => { member.checked = false; }));
      }
    }
  }

  choose(value) {
    const radio = this.radios.find((each) => each.value === value) ?? this.radios[0];
    radio.checked = true;
  }

  chosen() {
    return this.radios.find((each) => each.checked)?.value ?? "";
  }

  // As data has it: JSON.
  write(value) {
    switch (this.kind) {
      case "bool": case "group": this.choose(value === null ? "" : String(value)); break;
      case "set":
        this.choose(value === null ? "" : "true");
        this.boxes.forEach((each) => { each.checked = value !== null && value.includes(each.value); });
        break;
      case "enum": this.input.value = value === null ? "" : String(this.members().indexOf(value)); break;
      case "text":
        this.input.value = value ?? "";
        this.empty.checked = value === "";
        break;
      default: this.input.value = value ?? "";
    }
  }

  members() {
    return [...this.fact.labels.keys()];
  }

  // The value, as data has it. Throws what is wrong with it, in words.
  read() {
    switch (this.kind) {
      case "bool": return {true: true, false: false}[this.chosen()] ?? null;
      case "group": return this.chosen() === "true" ? true : null;
      case "set":
        if (this.chosen() !== "true") return null;
        return this.boxes.filter((each) => each.checked).map((each) => each.value);
      case "enum": return this.input.value === "" ? null : this.members()[Number(this.input.value)];
      case "text": return this.input.value === "" ? (this.empty.checked ? "" : null) : this.input.value;
      default: return this.readInput();
    }
  }

  readInput() {
    const text = this.input.value.trim().normalize("NFKC");
    if (this.input.validity.badInput) throw say(`bad ${this.kind}`);
    if (text === "") return null;
    if (this.kind === "int") {
      if (!INTEGER.test(text)) throw say("bad int");
      const number = BigInt(text.replace(/^\+/, ""));
      if (number > LARGEST || number < -LARGEST) throw say("bad size");
      if (this.fact.minimum !== null && number < BigInt(this.fact.minimum)) throw say("bad minimum", this.fact.minimum);
      return String(number);
    }
    if (this.kind === "float") {
      if (!FLOAT.test(text) || !Number.isFinite(Number(text))) throw say("bad float");
      if (this.fact.minimum !== null && Number(text) < this.fact.minimum) throw say("bad minimum", this.fact.minimum);
      return text;
    }
    if (evaluator.decode(this.kind, text) === null) throw say(`bad ${this.kind}`);
    return text;
  }

  // Shows what is wrong, if anything, and amounts in yuan.
  show(problem, value) {
    if (this.error !== null) {
      this.error.textContent = problem ?? "";
      this.error.hidden = problem === null;
      if (problem === null) this.input.removeAttribute("aria-invalid");
      else this.input.setAttribute("aria-invalid", "true");
    }
    if (this.inner !== null) this.inner.disabled = value !== true;
    if (this.empty !== null) this.empty.disabled = this.input.value !== "";
    if (this.hint !== null && /^fen(\/|$)/.test(this.fact.unit ?? "")) {
      const amount = value === null || problem !== null ? "" : say("amount", evaluator.yuan(BigInt(value), this.lang));
      this.hint.textContent = [this.unit, amount].filter(Boolean).join(" ");
    }
  }

  focus() {
    for (let place = this.box.parentElement; place !== null; place = place.parentElement) {
      if (place.tagName === "DETAILS") place.open = true;
    }
    const target = this.input ?? this.radios.find((each) => each.checked) ?? this.radios[0];
    this.box.scrollIntoView({block: "center"});
    target.focus({preventScroll: true});
  }
}

// The form of all fact types.
class CaseForm {
  constructor(form, rulebook, lang) {
    Object.assign(this, {form, rulebook});
    this.day = form.querySelector("#as-of");
    this.dayError = form.querySelector("#as-of-error");
    this.panels = new Map([...form.querySelectorAll(".panel")].map((panel) => {
      const facts = rulebook.types.get(panel.dataset.type).facts;
      const fields = [...panel.querySelectorAll("[data-fact]")].map((box) => (
        new Field(box, facts.get(box.dataset.fact), lang)
      ));
      return [panel.dataset.type, {panel, fields: new Map(fields.map((field) => [field.fact.name, field]))}];
    }));
    this.types = [...form.querySelectorAll("input[name=type]")];
    this.clear();
  }

  get type() {
    return this.types.find((each) => each.checked)?.value ?? this.panels.keys().next().value;
  }

  get fields() {
    return this.panels.get(this.type).fields;
  }

  clear() {
    for (const {fields} of this.panels.values()) {
      for (const field of fields.values()) field.write(field.fallback);
    }
    const now = new Date();
    const pad = (number, size) => String(number).padStart(size, "0");
    this.day.value = `${pad(now.getFullYear(), 4)}-${pad(now.getMonth() + 1, 2)}-${pad(now.getDate(), 2)}`;
    this.choosePanel();
  }

  choosePanel() {
    for (const [name, {panel}] of this.panels) panel.hidden = name !== this.type;
  }

  // A case as data: its fact type, its day, and its facts by name.
  write({type, as_of: asOf, card}) {
    if (!this.panels.has(type)) return;
    for (const each of this.types) each.checked = each.value === type;
    this.choosePanel();
    if (typeof asOf === "string" && evaluator.parseDate(asOf) !== null) this.day.value = asOf;
    for (const [name, field] of this.fields) {
      field.write(Object.hasOwn(card, name) ? card[name] : field.fallback);
    }
  }

  // The case as data, or null with what is wrong shown beside the fields.
  read() {
    const card = Object.create(null), problems = []; // no name of a fact means anything to it
    for (const [name, field] of this.fields) {
      let value = null, problem = null;
      try {
        value = field.read();
      } catch (found) {
        if (typeof found !== "string") throw found;
        problem = found;
        if (this.given(field)) problems.push(field.box.querySelector("label, legend").textContent);
      }
      field.show(problem, value);
      card[name] = value;
    }
    const day = evaluator.parseDate(this.day.value);
    this.dayError.textContent = day === null ? say("bad day") : "";
    this.dayError.hidden = day !== null;
    if (day === null) problems.push(this.form.querySelector("label[for=as-of]").textContent);
    return {case: problems.length > 0 ? null : {type: this.type, as_of: this.day.value, card}, problems};
  }

  given(field) {
    return field.fact.groups.every((name) => this.fields.get(name).read() === true);
  }
}
