import { parser } from '@prometheus-io/lezer-promql';

type Match = (labels: Record<string, string>) => boolean;

/** Whether a series (its name among the labels as `__name__`) is selected by a selector such as `up{job="order"}`. */
export function selects(selector: string): Match {
  const matches: Match[] = [];
  let label = '';
  let operator = '';
  parser.parse(selector).iterate({
    enter: ({ name, from, to }) => {
      const text = selector.slice(from, to);
      if (name === 'Identifier') matches.push(({ __name__ }) => __name__ === text);
      if (name === 'LabelName') label = text;
      if (name === 'MatchOp') operator = text;
      if (name === 'StringLiteral') matches.push(matcher(label, operator, JSON.parse(text) as string));
    },
  });
  return (labels) => matches.every((match) => match(labels));
}

function matcher(label: string, operator: string, value: string): Match {
  const pattern = operator.endsWith('~') ? new RegExp(`^(?:${value})$`, 's') : null;
  const wanted = operator.startsWith('=');
  return (labels) => {
    const actual = labels[label] ?? '';
    return (pattern ? pattern.test(actual) : actual === value) === wanted;
  };
}
