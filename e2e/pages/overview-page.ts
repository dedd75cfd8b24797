import type { Locator, Page } from '@playwright/test';

/** The overview as a person uses it. */
export class OverviewPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(search = ''): Promise<void> {
    await this.page.goto(`/${search}`);
    await this.row('gateway').waitFor();
  }

  /** A service's row of the table. */
  row(service: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('link', { name: service, exact: true }) });
  }

  /** Requests per second as the row shows them. */
  async rate(service: string): Promise<number> {
    const text = (await this.row(service).textContent()) ?? '';
    return Number(/([\d.,]+)\s*\/s/.exec(text)?.[1]?.replaceAll(',', ''));
  }
}
