import type { Rule, RuleGroup } from './model.ts';

/**
 * Rule groups as YAML. Written for this one shape: a thousand SLOs make five megabytes, for which a general writer
 * takes seconds. Texts are JSON strings, which YAML 1.2 reads as its own, or blocks where they have several lines.
 */
export function groupsToYaml(groups: readonly RuleGroup[], indent = ''): string {
  if (groups.length === 0) return `${indent}groups: []\n`;
  return `${indent}groups:\n${groups.map((group) => groupText(group, `${indent}  `)).join('')}`;
}

function groupText({ name, intervalMs, rules }: RuleGroup, indent: string): string {
  const inner = `${indent}  `;
  const head = `${indent}- name: ${scalar(name)}\n${inner}interval: ${intervalMs / 1_000}s\n${inner}rules:\n`;
  return head + rules.map((rule) => ruleText(rule, `${inner}  `)).join('');
}

function ruleText(rule: Rule, indent: string): string {
  const inner = `${indent}  `;
  const isAlert = 'alert' in rule;
  const lines = [
    `${indent}- ${isAlert ? `alert: ${scalar(rule.alert)}` : `record: ${scalar(rule.record)}`}\n`,
    `${inner}expr: ${text(rule.expr, inner)}\n`,
    isAlert && rule.for ? `${inner}for: ${rule.for}\n` : '',
    mapping('labels', rule.labels, inner),
    isAlert ? mapping('annotations', rule.annotations, inner) : '',
  ];
  return lines.join('');
}

function mapping(name: string, entries: Record<string, string>, indent: string): string {
  const lines = Object.entries(entries).map(([key, value]) => `${indent}  ${scalar(key)}: ${scalar(value)}\n`);
  return lines.length === 0 ? '' : `${indent}${name}:\n${lines.join('')}`;
}

const isPlainBlock = (value: string) =>
  value.includes('\n') && /^[\x20-\x7e\n]+$/.test(value) && !/^\s|\s$/.test(value);

function text(value: string, indent: string): string {
  if (!isPlainBlock(value)) return scalar(value);
  return `|-\n${value
    .split('\n')
    .map((line) => `${indent}  ${line}`)
    .join('\n')}`;
}

/** Words that some version of YAML takes for something else than text. */
const isAmbiguous = (value: string) => /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i.test(value);

function scalar(value: string): string {
  if (/^[A-Za-z_][\w:/-]*$/.test(value) && !value.endsWith(':') && !isAmbiguous(value)) return value;
  return JSON.stringify(value.toWellFormed()).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
