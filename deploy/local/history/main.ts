// A process of its own: generating keeps one core busy for seconds. `node main.ts <HistoryOptions as JSON>` prints
// what was generated as its last line.
import { generateHistory, type HistoryOptions } from './generate.ts';

const generated = await generateHistory(JSON.parse(process.argv[2] ?? '') as HistoryOptions);
process.stdout.write(`${JSON.stringify(generated)}\n`);
