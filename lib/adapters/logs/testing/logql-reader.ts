/** An entry as Loki has it: labels of the stream, the line, and what stands beside it. */
export interface Entry {
  timeNs: bigint;
  stream: Record<string, string>;
  beside: Record<string, string>;
  line: string;
}

export interface ReadQuery {
  matches(entry: Entry): boolean;
  /** Of `sum by (…) (count_over_time(…[…] offset …))`. */
  count?: { by: string[]; windowNs: bigint; offsetNs: bigint };
}

export class LogqlError extends Error {}

type Token = { kind: 'text' | 'word' | 'number' | 'sign'; value: string };

const simple: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** A literal in double quotes as Go reads it. */
export function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  return inner.replace(/\\(u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gsu, (_, all, unicode, byte, one) => {
    if (unicode ?? byte) return String.fromCharCode(Number.parseInt(unicode ?? byte, 16));
    const meant = simple[one as string];
    if (meant === undefined) throw new LogqlError(`parse error : invalid char escape ${all}`);
    return meant;
  });
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const pattern =
    /\s*(?:("(?:[^"\\\n]|\\[^\n])*")|([a-zA-Z_][a-zA-Z0-9_]*)|(\d+(?:\.\d+)?[a-z]*)|(\|~|\|=|!~|!=|=~|>=|<=|[{}()[\],|=<>]))/gy;
  let at = 0;
  while (at < text.trimEnd().length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw new LogqlError(`parse error at line 1, col ${at + 1}: literal not terminated`);
    const [whole, quoted, word, number, sign] = match;
    if (quoted !== undefined) found.push({ kind: 'text', value: unquote(quoted) });
    else if (word !== undefined) found.push({ kind: 'word', value: word });
    else if (number !== undefined) found.push({ kind: 'number', value: number });
    else found.push({ kind: 'sign', value: sign ?? '' });
    at += whole.length;
  }
  return found;
}

const units: Record<string, bigint> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n };

function duration(text: string): bigint {
  const [, amount = '', unit = ''] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  const factor = units[unit];
  if (factor === undefined) throw new LogqlError(`parse error : not a valid duration string: "${text}"`);
  return BigInt(amount) * factor;
}

/** RE2 in the dialect of JavaScript; Loki anchors patterns for labels and not those for lines. */
function regex(pattern: string, anchored: boolean): RegExp {
  const ignoresCase = pattern.startsWith('(?i)');
  const source = ignoresCase ? pattern.slice(4) : pattern;
  try {
    return new RegExp(anchored ? `^(?:${source})$` : source, ignoresCase ? 'isu' : 'su');
  } catch {
    throw new LogqlError(`parse error : error parsing regexp: ${pattern}`);
  }
}

type Test = (entry: Entry) => boolean;

function labelTest(
  name: string,
  operator: string,
  value: string,
  where: (entry: Entry) => Record<string, string>,
): Test {
  const of = (entry: Entry) => where(entry)[name] ?? '';
  switch (operator) {
    case '=':
      return (entry) => of(entry) === value;
    case '!=':
      return (entry) => of(entry) !== value;
    case '=~':
    case '!~': {
      const pattern = regex(value, true);
      return (entry) => pattern.test(of(entry)) === (operator === '=~');
    }
  }
  throw new LogqlError(`parse error : unexpected ${operator}`);
}

const everything = ({ stream, beside }: Entry) => ({ ...beside, ...stream });

/** Reads the part of LogQL that the adapter writes, and refuses what Loki refuses of it. */
export function readLogql(text: string): ReadQuery {
  const all = tokens(text);
  let at = 0;
  const peek = () => all[at]?.value ?? '';
  const take = (wanted?: string): Token => {
    const token = all[at];
    if (!token || (wanted !== undefined && token.value !== wanted)) {
      throw new LogqlError(`parse error : syntax error: unexpected ${token?.value ?? '$end'}, expecting ${wanted}`);
    }
    at += 1;
    return token;
  };
  const takeText = () => {
    const token = take();
    if (token.kind !== 'text') throw new LogqlError(`parse error : syntax error: unexpected ${token.value}`);
    return token.value;
  };

  function selector(): Test {
    take('{');
    const tests: Test[] = [];
    let narrows = false;
    while (peek() !== '}') {
      const name = take().value;
      const operator = take().value;
      const value = takeText();
      narrows ||= (operator === '=' && value !== '') || (operator === '=~' && !regex(value, true).test(''));
      tests.push(labelTest(name, operator, value, ({ stream }) => stream));
      if (peek() === ',') take(',');
    }
    take('}');
    if (!narrows) {
      throw new LogqlError(
        'parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value.',
      );
    }
    return (entry) => tests.every((test) => test(entry));
  }

  function labelFilter(): Test {
    if (peek() === '(') {
      take('(');
      const inner = disjunction();
      take(')');
      return inner;
    }
    const name = take();
    if (name.kind !== 'word') throw new LogqlError(`parse error : syntax error: unexpected ${name.value}`);
    const operator = take().value;
    if (operator === '>=') {
      const least = Number(take().value);
      return (entry) => {
        const value = everything(entry)[name.value];
        return value !== undefined && Number(value) >= least;
      };
    }
    return labelTest(name.value, operator, takeText(), everything);
  }

  function conjunction(): Test {
    const parts = [labelFilter()];
    while (peek() === 'and') {
      take();
      parts.push(labelFilter());
    }
    return (entry) => parts.every((part) => part(entry));
  }

  function disjunction(): Test {
    const parts = [conjunction()];
    while (peek() === 'or') {
      take();
      parts.push(conjunction());
    }
    return (entry) => parts.some((part) => part(entry));
  }

  function logQuery(): Test {
    const tests = [selector()];
    while (peek() === '|' || peek() === '|~') {
      if (take().value === '|~') {
        const pattern = regex(takeText(), false);
        tests.push(({ line }) => pattern.test(line));
      } else tests.push(disjunction());
    }
    return (entry) => tests.every((test) => test(entry));
  }

  if (peek() !== 'sum') {
    const matches = logQuery();
    if (at < all.length) throw new LogqlError(`parse error : syntax error: unexpected ${peek()}`);
    return { matches };
  }
  for (const word of ['sum', 'by', '(']) take(word);
  const by: string[] = [];
  while (peek() !== ')') {
    by.push(take().value);
    if (peek() === ',') take(',');
  }
  for (const word of [')', '(', 'count_over_time', '(']) take(word);
  const matches = logQuery();
  take('[');
  const windowNs = duration(take().value);
  take(']');
  let offsetNs = 0n;
  if (peek() === 'offset') {
    take();
    offsetNs = duration(take().value);
  }
  take(')');
  take(')');
  return { matches, count: { by, windowNs, offsetNs } };
}
