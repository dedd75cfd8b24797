import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gatewayShape } from './gateway/config.ts';
import { baseShape } from './kit/config.ts';
import { orderShape } from './order/config.ts';
import { paymentShape } from './payment/config.ts';
import { productShape } from './product/config.ts';
import { trafficShape } from './traffic/config.ts';

it('names every variable that a service reads', async () => {
  const text = await readFile(join(import.meta.dirname, 'README.md'), 'utf8');
  const shapes = { ...baseShape, ...gatewayShape, ...orderShape, ...paymentShape, ...productShape, ...trafficShape };
  for (const name of Object.keys(shapes)) expect(text).toContain(`\`${name}\``);
});
