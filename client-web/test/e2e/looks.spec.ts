import { expect, test } from './fixtures';

/** Layers are ordered by their first mention, and a build may lose the line that mentions them. */
test('a button keeps its looks in what was built', async ({ town }) => {
  const stranger = await town.tab(await town.device(null));
  const button = stranger.page.getByRole('button', { name: 'Sign in', exact: true });
  await expect(button).toBeVisible();
  await expect(button).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
});
