import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemSchema } from '#contracts/common.ts';
import { productListSchema, productSchema, reservationSchema } from '#contracts/product.ts';
import { createCache } from '#kit/cache.ts';
import { createPool, migrate, type Pool } from '#kit/postgres.ts';
import type { Server } from '#kit/server.ts';
import { createTestDatabase, type TestDatabase, withoutPostgres } from '#kit/testing/database.ts';
import { type TestTools, testTools } from '#kit/testing/server.ts';
import { buildApp } from './app.ts';
import { availableUnits, restock } from './catalogue-store.ts';
import { productMetrics } from './metrics.ts';
import { expireDue } from './reservation-store.ts';
import { seed } from './seed.ts';

describe.skipIf(withoutPostgres)(`product${withoutPostgres ? ` (${withoutPostgres})` : ''}`, () => {
  let database: TestDatabase;
  let pool: Pool;
  let tools: TestTools;
  let app: Server;

  beforeAll(async () => {
    database = await createTestDatabase(['product']);
    tools = await testTools();
    const { log, metrics } = tools;
    pool = createPool({ url: database.urlFor('product'), schema: 'product', service: 'product', log, metrics });
    await migrate(pool, 'product', `${import.meta.dirname}/migrations`, log);
    const cache = createCache({ name: 'product', metrics, log });
    const business = productMetrics(metrics, () => availableUnits(pool));
    app = await buildApp({ ...tools, pool, cache, cacheTtlMs: 60_000, business });
  });
  afterAll(async () => {
    await app?.close();
    await pool?.end();
    await database?.drop();
  });
  beforeEach(async () => {
    await pool.query('TRUNCATE products, reservations, reservation_items');
    await seed(pool);
    await app.inject({ method: 'PATCH', url: '/products/prd_0001', payload: { onHand: 10 } });
  });

  const get = (url: string) => app.inject(url);
  const put = (id: string, items: unknown, more: object = {}) =>
    app.inject({ method: 'PUT', url: `/reservations/${id}`, payload: { items, ...more } });
  const settle = (id: string, verb: 'commit' | 'release') =>
    app.inject({ method: 'POST', url: `/reservations/${id}/${verb}` });
  const available = async (id = 'prd_0001') => productSchema.parse((await get(`/products/${id}`)).json()).available;

  describe('the catalogue', () => {
    it('seeds the same 200 products once', async () => {
      await seed(pool);
      const list = productListSchema.parse((await get('/products?limit=500')).json());
      expect(list.items).toHaveLength(200);
      expect(list.nextCursor).toBeNull();
    });

    it.each(['name', 'price', '-price'])('pages through everything once, sorted by %s', async (sort) => {
      const seen: { id: string; key: string | number }[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const answer = await get(`/products?limit=37&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`);
        const list = productListSchema.parse(answer.json());
        seen.push(...list.items.map((item) => ({ id: item.id, key: sort === 'name' ? item.name : item.priceMinor })));
        cursor = list.nextCursor;
      }
      expect(new Set(seen.map((item) => item.id)).size).toBe(200);
      const keys = seen.map((item) => item.key);
      const sorted = [...keys].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
      expect(keys).toEqual(sort === '-price' ? sorted.reverse() : sorted);
    });

    it('is searched by words and by parts of names', async () => {
      const search = async (q: string) =>
        productListSchema.parse((await get(`/products?limit=500&q=${encodeURIComponent(q)}`)).json()).items;
      expect((await search('kettle')).every((item) => item.name.includes('kettle'))).toBe(true);
      expect(await search('kettle')).toHaveLength(8);
      expect((await search('headph')).length).toBe(8);
      expect(await search('oslo kettle')).toHaveLength(1);
      for (const odd of ["'; DROP TABLE products; --", '%', '_', '\\', '" OR 1', '<script>']) {
        expect((await get(`/products?q=${encodeURIComponent(odd)}`)).statusCode).toBe(200);
      }
      expect(await search('%')).toEqual([]);
    });

    it.each([
      ['limit=0', 'limit'],
      ['limit=501', 'limit'],
      ['limit=x', 'limit'],
      ['sort=colour', 'sort'],
      ['cursor=abc', 'cursor'],
      ['page=2', 'page'],
      [`q=${'x'.repeat(101)}`, 'q'],
      ['q=%00', 'q'],
    ])('refuses %s by name', async (query, path) => {
      const answer = await get(`/products?${query}`);
      expect(answer.statusCode).toBe(400);
      expect(problemSchema.parse(answer.json()).errors[0]?.path).toBe(path);
    });

    it('has no unknown product', async () => {
      for (const id of ['prd_9999', '%00', '..', "1'--"]) expect((await get(`/products/${id}`)).statusCode).toBe(404);
    });

    it('takes new products, and refuses a SKU twice', async () => {
      const payload = {
        sku: 'NEW-1',
        name: 'Tent',
        description: 'A tent.',
        category: 'travel',
        priceMinor: 9_900,
        onHand: 3,
      };
      const add = () => app.inject({ method: 'POST', url: '/products', payload });
      const added = await add();
      expect(added.statusCode).toBe(201);
      expect((await get(String(added.headers.location))).json()).toMatchObject({ name: 'Tent', availability: 'low' });
      expect((await add()).statusCode).toBe(409);
    });

    it('shows a change at once, in the product and in lists, though both are cached', async () => {
      await get('/products/prd_0002');
      await get('/products?limit=500');
      const change = await app.inject({ method: 'PATCH', url: '/products/prd_0002', payload: { priceMinor: 1 } });
      expect(change.statusCode).toBe(200);
      expect((await get('/products/prd_0002')).json().priceMinor).toBe(1);
      const { items } = productListSchema.parse((await get('/products?limit=500')).json());
      expect(items.find((item) => item.id === 'prd_0002')?.priceMinor).toBe(1);
    });
  });

  describe('reservations', () => {
    it('take stock once however often they are made', async () => {
      const first = await put('r1', [{ productId: 'prd_0001', quantity: 3 }]);
      expect(first.statusCode).toBe(201);
      expect(reservationSchema.parse(first.json())).toMatchObject({
        state: 'held',
        totalMinor: first.json().items[0].priceMinor * 3,
      });
      expect((await put('r1', [{ productId: 'prd_0001', quantity: 3 }])).statusCode).toBe(200);
      expect(await available()).toBe(7);
    });

    it('refuse another content under the same id', async () => {
      await put('r1', [{ productId: 'prd_0001', quantity: 3 }]);
      expect((await put('r1', [{ productId: 'prd_0001', quantity: 4 }])).statusCode).toBe(422);
      expect(await available()).toBe(7);
    });

    it('take all or nothing', async () => {
      const answer = await put('r1', [
        { productId: 'prd_0002', quantity: 1 },
        { productId: 'prd_0001', quantity: 11 },
      ]);
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'product.insufficient_stock']);
      expect(answer.json().errors[0].path).toBe('items[1].quantity');
      expect(await available()).toBe(10);
      expect((await get('/reservations/r1')).statusCode).toBe(404);
    });

    it('name the product that does not exist', async () => {
      const answer = await put('r1', [{ productId: 'prd_9999', quantity: 1 }]);
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, 'items[0].productId']);
    });

    it('never sell more than there is, under contention', async () => {
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          put(`r${index}`, [
            { productId: index % 2 ? 'prd_0001' : 'prd_0002', quantity: 1 },
            { productId: index % 2 ? 'prd_0002' : 'prd_0001', quantity: 1 },
          ]),
        ),
      );
      const statuses = answers.map((answer) => answer.statusCode);
      expect(statuses.filter((status) => status === 201)).toHaveLength(10);
      expect(statuses.filter((status) => status === 409)).toHaveLength(20);
      expect(await available()).toBe(0);
    });

    it('are committed or released once, and not both', async () => {
      await put('sold', [{ productId: 'prd_0001', quantity: 2 }]);
      await put('returned', [{ productId: 'prd_0001', quantity: 3 }]);
      for (let count = 0; count < 2; count++) {
        expect((await settle('sold', 'commit')).statusCode).toBe(200);
        expect((await settle('returned', 'release')).statusCode).toBe(200);
      }
      expect((await settle('sold', 'release')).statusCode).toBe(409);
      expect((await settle('returned', 'commit')).statusCode).toBe(409);
      expect((await put('returned', [{ productId: 'prd_0001', quantity: 3 }])).statusCode).toBe(409);
      expect(await available()).toBe(8);
      const { rows } = await pool.query(`SELECT on_hand, reserved FROM products WHERE id = 'prd_0001'`);
      expect(rows).toEqual([{ on_hand: 8, reserved: 0 }]);
    });

    it('that nobody completes expire, and may be made again', async () => {
      await put('late', [{ productId: 'prd_0001', quantity: 4 }]);
      await pool.query(`UPDATE reservations SET expires_at = now() - interval '1 second'`);
      expect((await expireDue(pool)).count).toBe(1);
      expect((await expireDue(pool)).count).toBe(0);
      expect((await settle('late', 'commit')).json().code).toBe('product.reservation_expired');
      expect((await put('late', [{ productId: 'prd_0001', quantity: 4 }])).json().state).toBe('held');
      expect((await settle('late', 'commit')).statusCode).toBe(200);
      const { rows } = await pool.query(`SELECT on_hand, reserved FROM products WHERE id = 'prd_0001'`);
      expect(rows).toEqual([{ on_hand: 6, reserved: 0 }]);
    });

    it('show in lists that a product has sold out', async () => {
      const inList = async () =>
        productListSchema.parse((await get('/products?limit=500')).json()).items.find((item) => item.id === 'prd_0001')
          ?.availability;
      expect(await inList()).toBe('low');
      await put('r1', [{ productId: 'prd_0001', quantity: 10 }]);
      expect(await inList()).toBe('sold_out');
    });

    it.each([
      [{}, 'items'],
      [{ items: [] }, 'items'],
      [{ items: [{ productId: 'prd_0001', quantity: 0 }] }, 'items[0].quantity'],
      [{ items: [{ productId: 'prd_0001', quantity: 1.5 }] }, 'items[0].quantity'],
      [{ items: [{ productId: 'prd_0001', quantity: '1' }] }, 'items[0].quantity'],
      [{ items: [{ productId: "x'; --", quantity: 1 }] }, 'items[0].productId'],
      [
        {
          items: [
            { productId: 'prd_0001', quantity: 1 },
            { productId: 'prd_0001', quantity: 1 },
          ],
        },
        'items[1].productId',
      ],
      [{ items: [{ productId: 'prd_0001', quantity: 1 }], ttlSeconds: 1 }, 'ttlSeconds'],
    ])('refuse %j by name', async (payload, path) => {
      const answer = await app.inject({ method: 'PUT', url: '/reservations/r1', payload });
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, path]);
    });
  });

  it('buys in what has run low', async () => {
    expect(await restock(pool, 11, 50)).toEqual({ ids: ['prd_0001'], units: 40 });
    expect(await restock(pool, 11, 50)).toEqual({ ids: [], units: 0 });
  });

  it('counts what happened', async () => {
    const { body } = await app.inject({ url: '/metrics', headers: { accept: 'application/openmetrics-text' } });
    for (const name of [
      'product_reservations_total{result="held"}',
      'product_stock_available_units',
      'cache_requests_total{cache="product",result="hit"}',
    ]) {
      expect(body).toContain(name);
    }
  });
});
