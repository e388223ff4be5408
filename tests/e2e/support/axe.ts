// Accessibility, by axe, in light and in dark.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const SCHEMES: readonly ('light' | 'dark')[] = ['light', 'dark'];

/** Expects no finding of any weight. `state` names the page in the report. */
export async function expectNoFindings(page: Page, state: string, schemes = SCHEMES): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    // In the page itself, which has no frames: a page of its own for every look takes twice as long.
    const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
    // Nothing but the colours differs between the two.
    const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze();
    const findings = violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id}: ${rule.help}\n  ${node.html}\n  ${node.failureSummary ?? ''}`),
    );
    expect(findings, `${state}, ${colorScheme}`).toEqual([]);
  }
}
