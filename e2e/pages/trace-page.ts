import type { Locator, Page } from '@playwright/test';

/** One trace as a person reads it. */
export class TracePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(traceId: string, search = ''): Promise<void> {
    await this.page.goto(`/traces/${traceId}${search}`);
    await this.grid().waitFor();
  }

  grid(): Locator {
    return this.page.getByRole('treegrid', { name: 'Spans' });
  }

  /** Rows that are in the page; only those in view are. */
  rows(): Locator {
    return this.grid().getByRole('row');
  }

  /** The part beside the waterfall that tells of the chosen span. */
  detail(): Locator {
    return this.page.getByRole('complementary', { name: 'Detail' });
  }

  tab(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Ways of looking at the trace' }).getByRole('link', { name });
  }
}
