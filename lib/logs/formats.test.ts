import { describe, expect, test } from 'vitest';
import { csvCell, formats } from './formats.ts';
import type { LogLine } from './schemas.ts';

const line: LogLine = {
  id: 'embedded:ab',
  source: 'embedded',
  at: '2026-11-21T12:00:00.123Z',
  timeNs: '1795262400123000000',
  environment: 'production',
  service: 'payment',
  level: 'error',
  severityText: 'ERROR',
  body: '=HYPERLINK("x")\nsecond, line',
  bodyIsJson: false,
  traceId: 'ab'.repeat(16),
  spanId: null,
  scope: null,
  attributes: { 'http.route': '/a b', n: 1, err: { stack: 'a\n b' } },
  resource: {},
};

describe('a cell of CSV', () => {
  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@x', "'@x"],
    ['\tx', "'\tx"],
    ['=a,b', '"\'=a,b"'],
  ])('%j', (text, cell) => expect(csvCell(text)).toBe(cell));
});

test('CSV has a head and as many cells in each line', () => {
  expect(formats.csv.head.trim().split(',')).toHaveLength(8);
  expect(formats.csv.line(line)).toContain(`,"'=HYPERLINK(""x"")\nsecond, line",${'ab'.repeat(16)},,`);
  expect(formats.csv.remark('Cut.')).toBe('# Cut.\r\n');
});

test('a line of text stays one to the eye: what follows is indented', () => {
  expect(formats.text.line(line)).toBe(
    `2026-11-21T12:00:00.123Z ERROR payment =HYPERLINK("x")\n  second, line trace_id=${'ab'.repeat(16)} http.route="/a b" n=1 err={"stack":"a\\n b"}\n`,
  );
});

test('each line of NDJSON is JSON, the remark too', () => {
  expect(JSON.parse(formats.ndjson.line(line))).toEqual(line);
  expect(JSON.parse(formats.ndjson.remark('Cut.'))).toEqual({ remark: 'Cut.' });
});
