// <sql-editor>: CodeMirror over a textarea, which stays what the form sends. Without this script the textarea is the
// editor. All is within a shadow root, since only there CodeMirror may bring its styles under our policy.
class SqlEditor extends HTMLElement {
  async connectedCallback() {
    this.textarea = this.querySelector("textarea");
    const [library, completion] = await Promise.all([import(this.dataset.library), import(this.dataset.completion)]);
    if (!this.isConnected || this.view) return;
    this.leaving = new AbortController();
    this.textarea.required = false; // the server says so; a browser cannot point at what is not shown
    this.view = viewOf(this, library, completion);
    this.#listen();
  }

  disconnectedCallback() {
    this.leaving?.abort();
    this.view?.destroy();
    this.view = undefined;
  }

  #listen() {
    const { signal } = this.leaving;
    // The letters typed here are not the keys of the page.
    this.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
    document.addEventListener("htmx:after:swap", (event) => this.#take(event.detail.ctx?.target), { signal });
    document.addEventListener("click", (event) => this.#follow(event), { signal });
  }

  // An answer may bring a text that is laid out, and names the places of what is wrong.
  #take(target) {
    if (target?.id !== "sql-answer") return;
    const laidOut = target.querySelector("template[data-sql]");
    if (laidOut) replaceText(this.view, laidOut.content.textContent);
    this.view.dispatch({ effects: this.mark.of([...target.querySelectorAll("[data-line]")].map((one) => this.#offset(one))) });
  }

  #follow(event) {
    const link = event.target.closest('[data-line], a[href="#field-sql"], label[for="field-sql"]');
    if (!link) return;
    event.preventDefault();
    if (link.dataset.line) this.view.dispatch({ selection: { anchor: this.#offset(link) }, scrollIntoView: true });
    this.view.focus();
  }

  #offset({ dataset }) {
    const { doc } = this.view.state;
    const line = doc.line(Math.min(Math.max(1, dataset.line), doc.lines));
    const before = [...line.text].slice(0, dataset.column - 1).join(""); // the server counts characters
    return line.from + before.length;
  }
}

function viewOf(host, library, completion) {
  const { EditorView, EditorState } = library;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const extensions = [...basics(library), colours(library), marks(host, library), keys(host, library), completions(host, library, completion)];
  extensions.push(
    EditorView.domEventHandlers({ beforeinput: (event, view) => typeOver(event, view, EditorView.inputHandler) }),
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": host.dataset.label, "aria-invalid": host.textarea.ariaInvalid ?? "false" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) host.textarea.value = update.state.doc.toString();
    }),
  );
  return new EditorView({ state: EditorState.create({ doc: host.textarea.value, extensions }), parent: root, root });
}

// Typed over a selection, a browser would keep its look by an inline style, which our policy blocks aloud.
function typeOver(event, view, handlers) {
  const { main } = view.state.selection;
  if (event.inputType !== "insertText" || !event.data || view.composing || main.empty) return false;
  event.preventDefault();
  const typed = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  if (!view.state.facet(handlers).some((handle) => handle(view, main.from, main.to, event.data, typed))) view.dispatch(typed());
  return true;
}

const words = (text) => text.trim().replace(/\s+/g, " ");

function basics(library) {
  return [
    library.lineNumbers(),
    library.highlightActiveLineGutter(),
    library.highlightActiveLine(),
    library.highlightSpecialChars(),
    library.history(),
    library.drawSelection(),
    library.bracketMatching(),
    library.closeBrackets(),
    library.EditorState.tabSize.of(4),
  ];
}

function keys(host, library) {
  const press = (what) => () => {
    host.closest("form").querySelector(`[data-ask=${what}]`).click();
    return true;
  };
  return library.keymap.of([
    { key: "Mod-Enter", run: press("preview") },
    { key: "Ctrl-Enter", run: press("preview") },
    { key: "Mod-Shift-f", run: press("format") },
    { key: "Ctrl-Shift-f", run: press("format") },
    { key: "Escape", run: (view) => view.setTabFocusMode(2000) }, // so that Tab leaves, a list of completions or not
    ...library.closeBracketsKeymap,
    ...library.completionKeymap,
    ...library.historyKeymap,
    ...library.defaultKeymap,
    library.indentWithTab,
  ]);
}

function completions(host, library, { KEYWORDS, TYPES, Names, completing }) {
  const dialect = library.SQLDialect.define({ keywords: words(KEYWORDS), types: words(TYPES), specialVar: ":" });
  const names = new Names(host.dataset.names);
  const select = host.closest("form").elements.source;
  const tell = async () => {
    const why = select.value && (await names.tables(select.value))?.why;
    const note = host.parentElement.querySelector("[data-names-why]");
    note.hidden = !why;
    note.textContent = `${note.dataset.namesWhy} ${why ?? ""}`;
  };
  select.addEventListener("change", tell, { signal: host.leaving.signal });
  tell();
  const sources = [
    completing(names, () => select.value, () => parameterNames(host.closest("form"))),
    library.keywordCompletionSource(dialect, true),
  ];
  return [dialect.extension, library.autocompletion({ override: sources, defaultKeymap: false, icons: false, maxRenderedOptions: 80 })];
}

// A range and a month are two names, as the page tells.
function parameterNames(form) {
  return [...form.querySelectorAll(".parameter-row")].flatMap((row) => {
    const name = row.querySelector('[name$="-name"]').value.trim();
    const isSpan = ["date_range", "month", "since_last_success"].includes(row.querySelector('[name$="-type"]').value);
    return name ? (isSpan ? [`${name}_from`, `${name}_to`] : [name]) : [];
  });
}

function replaceText(view, text) {
  const { doc, selection } = view.state;
  if (doc.toString() === text) return;
  const anchor = Math.min(selection.main.head, text.length);
  view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, selection: { anchor }, userEvent: "input.format" });
}

// Wavy lines below the words at which something is wrong, until the text changes there.
function marks(host, { StateEffect, StateField, Decoration, EditorView }) {
  host.mark = StateEffect.define();
  const wrong = Decoration.mark({ class: "cm-wrong" });
  const wordAt = ({ doc }, at) => {
    const from = Math.min(at, doc.length - 1);
    const word = /^(?:"[^"\n]*"|[\p{L}\p{N}_]+|.)/su.exec(doc.sliceString(from, doc.lineAt(from).to)) ?? [" "];
    return wrong.range(from, from + word[0].length);
  };
  return StateField.define({
    create: () => Decoration.none,
    update(found, change) {
      const effect = change.effects.find((one) => one.is(host.mark));
      if (!effect) return found.map(change.changes);
      return change.state.doc.length ? Decoration.set(effect.value.map((at) => wordAt(change.state, at)), true) : Decoration.none;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

// The colours are the page's: its custom properties reach into the shadow root, and so does its theme.
function colours({ EditorView, HighlightStyle, syntaxHighlighting, tags }) {
  const style = HighlightStyle.define([
    { tag: tags.keyword, color: "var(--color-accent)", fontWeight: "600" },
    { tag: tags.typeName, color: "var(--color-accent)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--color-warning)" },
    { tag: tags.string, color: "var(--color-succeeded)" },
    { tag: tags.special(tags.string), color: "var(--color-text)" },
    { tag: tags.special(tags.name), color: "var(--color-failed)" },
    { tag: tags.comment, color: "var(--color-muted)", fontStyle: "italic" },
  ]);
  return [EditorView.theme(LOOK), syntaxHighlighting(style)];
}

const LOOK = {
  "&": { height: "100%", color: "var(--color-text)", backgroundColor: "var(--color-surface)", fontSize: "0.93em" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--color-text)", padding: "6px 0" },
  ".cm-cursor": { borderLeftColor: "var(--color-text)" },
  ".cm-gutters": { color: "var(--color-muted)", backgroundColor: "var(--color-surface-2)", borderRight: "1px solid var(--color-line)" },
  ".cm-activeLineGutter": { color: "var(--color-text)", backgroundColor: "var(--color-accent-back)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--color-accent-back) 55%, transparent)" },
  "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--color-accent) 28%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--color-accent-back)", outline: "1px solid var(--color-accent)" },
  ".cm-wrong": { textDecoration: "underline wavy var(--color-failed)", textUnderlineOffset: "3px" },
  ".cm-tooltip": { border: "1px solid var(--color-line)", borderRadius: "7px", color: "var(--color-text)", backgroundColor: "var(--color-surface)", boxShadow: "var(--shadow-raised)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em", maxWidth: "min(600px, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--color-on-accent)", backgroundColor: "var(--color-accent)" },
  ".cm-completionDetail": { color: "var(--color-muted)", fontFamily: "var(--sans)", fontStyle: "normal" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { fontWeight: "600", textDecoration: "none" },
};

customElements.define("sql-editor", SqlEditor);
