export interface YamlToken {
  kind: 'plain' | 'key' | 'string' | 'comment';
  text: string;
}

const keyed = /^(\s*(?:- )*)((?:"[^"]*"|'[^']*'|[^\s#"'][^#"']*?))(:)(?=\s|$)/;

/**
 * One line of YAML in parts to be coloured: a key, a quoted string, a comment. It reads a line by itself, so the inside
 * of a block of text may be coloured as if it were YAML; the characters are always those of the line.
 */
export function yamlTokens(line: string): YamlToken[] {
  const tokens: YamlToken[] = [];
  const push = (kind: YamlToken['kind'], text: string) => text && tokens.push({ kind, text });
  let rest = line;
  const key = keyed.exec(line);
  if (key) {
    const [all, indent = '', name = ''] = key;
    push('plain', indent);
    push('key', name);
    push('plain', ':');
    rest = line.slice(all.length);
  }
  const comment = commentAt(rest);
  const value = rest.slice(0, comment);
  const quoted = /^(\s*)(".*"|'.*')(\s*)$/.exec(value);
  if (quoted) {
    push('plain', quoted[1] ?? '');
    push('string', quoted[2] ?? '');
    push('plain', quoted[3] ?? '');
  } else push('plain', value);
  push('comment', rest.slice(comment));
  return tokens;
}

/** Where a comment begins: a # at the start or after a space, outside quotes. */
function commentAt(text: string): number {
  let quote: string | null = null;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quote !== null) {
      if (char === quote) quote = null;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '#' && (i === 0 || /\s/.test(text[i - 1] as string))) return i;
  }
  return text.length;
}
