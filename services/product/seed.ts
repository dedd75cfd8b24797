import type { Queryable } from '#kit/postgres.ts';

export interface SeedProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly priceMinor: number;
  readonly onHand: number;
}

const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  kitchen: ['Kettle', 'Skillet', 'Chopping board', 'Colander', 'Coffee grinder'],
  desk: ['Desk lamp', 'Notebook', 'Fountain pen', 'Monitor stand', 'Letter tray'],
  garden: ['Watering can', 'Trowel', 'Hose reel', 'Plant pot', 'Pruning shears'],
  audio: ['Headphones', 'Speaker', 'Turntable', 'Microphone', 'Radio'],
  travel: ['Rucksack', 'Suitcase', 'Flask', 'Travel pillow', 'Rain jacket'],
};
const STYLES = ['Oslo', 'Lisbon', 'Vienna', 'Bergen', 'Porto', 'Turin', 'Ghent', 'Malmo'] as const;
const MATERIALS = ['steel', 'oak', 'canvas', 'cork', 'wool', 'glass', 'copper'] as const;

/** The 200 products of the shop, the same on every machine. */
export function seedProducts(): SeedProduct[] {
  const products: SeedProduct[] = [];
  for (const [category, kinds] of Object.entries(CATEGORIES)) {
    for (const kind of kinds) {
      for (const style of STYLES) {
        const number = products.length + 1;
        const material = MATERIALS[(number * 5) % MATERIALS.length] as string;
        products.push({
          id: `prd_${String(number).padStart(4, '0')}`,
          sku: `${category.slice(0, 3).toUpperCase()}-${String(1000 + number)}`,
          name: `${style} ${kind.toLowerCase()}`,
          description: `${kind} in ${material}, from the ${style} series.`,
          category,
          priceMinor: 490 + ((number * 7_919) % 180) * 50,
          onHand: 200 + ((number * 104_729) % 800),
        });
      }
    }
  }
  return products;
}

/** Fills an empty catalogue; does nothing to one that has products. */
export async function seed(db: Queryable): Promise<void> {
  const products = seedProducts();
  await db.query(
    `INSERT INTO products (id, sku, name, description, category, price_minor, currency, on_hand)
     SELECT id, sku, name, description, category, "priceMinor", 'EUR', "onHand"
     FROM json_to_recordset($1) AS row (id text, sku text, name text, description text, category text, "priceMinor" int, "onHand" int)
     WHERE NOT EXISTS (SELECT 1 FROM products)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(products)],
  );
}
