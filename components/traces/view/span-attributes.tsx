'use client';
import type { AttributeGroup } from '#lib/traces/group-attributes-rules.ts';
import type { Attributes } from '#lib/traces/schemas.ts';
import { cx } from '../../ui/cx.ts';
import { Link } from '../../ui/link.tsx';
import { toast } from '../../ui/toast.ts';
import { filterText, searchHref, valueText } from './links.ts';

export interface SpanAttributesProps {
  /** In the order in which they are shown. */
  entries: AttributeGroup['entries'];
  service: string;
  range: { from?: string; to?: string };
  /** Nothing to search by: attributes of events and links. */
  plain?: boolean;
}

const longest = 2_000;

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast.good('Copied');
  } catch {
    toast.bad('The browser did not let it be copied.');
  }
}

/** Whether a value tells of a failure by itself. */
function isBad(key: string, value: unknown): boolean {
  if (/^http\.(response\.)?status_code$/.test(key)) return Number(value) >= 500;
  return /^(error|error\.type|exception\.(type|message))$/.test(key) && value !== false && value !== '';
}

/** Attributes, each with what can be done with its value. */
export function SpanAttributes({ entries, service, range, plain }: SpanAttributesProps) {
  return (
    <dl className="attrs">
      {entries.map(({ scope, key, value }) => {
        const text = valueText(value);
        const filter = plain ? null : filterText(scope, key, value);
        return (
          <div className="attr" key={`${scope} ${key}`}>
            <dt>{key}</dt>
            <dd className={cx(isBad(key, value) && 'bad')}>
              {text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text || '“”'}
              <span className="do">
                <button type="button" aria-label={`Copy ${key}`} title="Copy the value" onClick={() => void copy(text)}>
                  copy
                </button>
                {filter ? (
                  <Link
                    href={searchHref({ service, attr: [filter], ...range })}
                    aria-label={`Find traces with this ${key}`}
                    title="Find traces with this value"
                  >
                    find
                  </Link>
                ) : null}
              </span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Attributes of an event or a link, which are not grouped. */
export const plainEntries = (attributes: Attributes): AttributeGroup['entries'] =>
  Object.entries(attributes).map(([key, value]) => ({ scope: 'span', key, value }));
