// What the SQL editor completes: tables, columns after a table, its alias or its schema, functions, and parameters.
export const KEYWORDS = `all and any as asc between by case cast cross desc distinct else end escape except exists false
  first from full group grouping having hint in inner intersect is join last lateral left like like_regexpr limit minus
  not null nulls offset on or order outer over partition preceding right rollup row rows select sets then top true
  unbounded union when where with within`;
export const TYPES = `alphanum bigint binary blob boolean char clob date decimal double float int integer nchar nclob
  nvarchar real seconddate smalldecimal smallint time timestamp tinyint varbinary varchar`;

const NAME = String.raw`(?:"[^"\n]*"|[\p{L}_][\p{L}\p{N}_$#]*|\{\w+\})`;
const TABLES = new RegExp(
  String.raw`(?:\b(?:from|join)|,)\s*(?:${NAME}\s*\.\s*)*(${NAME})(?:\s+(?:as\s+)?(${NAME}))?`,
  "giu",
);
const OWNER = new RegExp(String.raw`(${NAME})\s*\.\s*$`, "u");
const WORD = /[\p{L}\p{N}_$#]*$/u;
const STILL_WORD = /^[\p{L}\p{N}_$#]*$/u;
const RESERVED = new Set(KEYWORDS.trim().split(/\s+/));
const ASK_AGAIN = 30_000;
const MOST_TABLES = 20;

const bare = (name) => name.replaceAll('"', "");

// The names of each source, asked for once.
export class Names {
  #kept = new Map();

  constructor(address) {
    this.address = address;
  }

  tables(source) {
    return this.#once(source, async () => {
      const found = await this.#ask("", source);
      if (found.why) setTimeout(() => this.#kept.delete(source), ASK_AGAIN);
      return { ...found, tables: new Map(found.tables) };
    });
  }

  columns(source, table) {
    const path = `/${encodeURIComponent(table)}`;
    return this.#once(source + path, async () => (await this.#ask(path, source)).columns);
  }

  #once(key, ask) {
    if (!this.#kept.has(key)) this.#kept.set(key, ask().catch(() => this.#kept.delete(key) && undefined));
    return this.#kept.get(key);
  }

  async #ask(path, source) {
    const answer = await fetch(`${this.address}${path}?source=${encodeURIComponent(source)}`);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }
}

// A source of completions over these names, for the source that `chosen` returns.
export function completing(names, chosen, parameters) {
  return async (context) => {
    const place = placeOf(context);
    if (!place) return null;
    if (place.isParameter) return result(place, parameters().map((label) => ({ label, type: "variable" })));
    if (!chosen()) return null;
    const found = await names.tables(chosen());
    if (!found || context.aborted) return null;
    const used = tablesIn(context.state.doc.toString(), found.tables);
    const options = place.owner
      ? await afterOwner(place, used, found, names, chosen())
      : await anywhere(place, used, found, names, chosen());
    return result(place, options);
  };
}

// Where the cursor is: in which word, within quotes or not, and after whose dot. Null in texts and comments.
function placeOf(context) {
  const line = context.state.doc.lineAt(context.pos);
  const cut = line.text.slice(0, context.pos - line.from);
  const code = cut.replace(/'[^']*'/g, "");
  if (code.includes("'") || code.includes("--")) return null;
  const isQuoted = (code.match(/"/g) ?? []).length % 2 === 1;
  const word = isQuoted ? cut.slice(cut.lastIndexOf('"') + 1) : WORD.exec(cut)[0];
  const rest = cut.slice(0, cut.length - word.length - (isQuoted ? 1 : 0));
  const owner = OWNER.exec(rest)?.[1];
  const isParameter = !isQuoted && rest.endsWith(":");
  if (!word && !isQuoted && !owner && !isParameter && !context.explicit) return null;
  return { from: context.pos - word.length, isQuoted, owner, isParameter };
}

const result = ({ from }, options) => ({ from, options, validFor: STILL_WORD });

// Tables of the text by what they are called in it: their own name, and their alias.
function tablesIn(text, known) {
  const used = new Map();
  for (const [, table, alias] of text.matchAll(TABLES)) {
    if (!known.has(bare(table))) continue;
    used.set(bare(table), bare(table));
    if (alias && !RESERVED.has(alias.toLowerCase())) used.set(bare(alias), bare(table));
  }
  return used;
}

async function afterOwner(place, used, found, names, source) {
  const owner = bare(place.owner);
  const table = used.get(owner) ?? (found.tables.has(owner) ? owner : undefined);
  if (table) return columnOptions(place, table, names, source);
  return owner.startsWith("{") || owner === found.schema ? tableOptions(place, found) : [];
}

async function anywhere(place, used, found, names, source) {
  const mentioned = [...new Set(used.values())].slice(0, MOST_TABLES);
  const columns = await Promise.all(mentioned.map((table) => columnOptions(place, table, names, source, 2)));
  const options = [...columns.flat(), ...tableOptions(place, found)];
  if (place.isQuoted) return options;
  const aliases = [...used].filter(([name, table]) => name !== table);
  return [
    ...aliases.map(([label, detail]) => ({ label, detail, type: "constant", boost: 3 })),
    ...options,
    ...(found.functions ?? []).map((label) => ({ label, type: "function", boost: -1 })),
  ];
}

const tableOptions = (place, { tables }) =>
  [...tables].map(([label, detail]) => ({ label, detail, type: "type", apply: quoted(label, place) }));

async function columnOptions(place, table, names, source, boost = 0) {
  const columns = (await names.columns(source, table)) ?? [];
  return columns.map(([label, detail]) => ({ label, detail, boost, type: "property", apply: quoted(label, place) }));
}

// A name with its quotes; those that are there already are not written twice.
const quoted = (name, { isQuoted }) => (isQuoted ? (view, _, from, to) => complete(view, `${name}"`, from, to) : `"${name}"`);

function complete(view, insert, from, to) {
  const end = view.state.sliceDoc(to, to + 1) === '"' ? to + 1 : to;
  view.dispatch({ changes: { from, to: end, insert }, selection: { anchor: from + insert.length }, userEvent: "input.complete" });
}
