import { describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { ApiError } from '../../src/sdk/api';
import type { Person } from '../../src/sdk/state';
import { SignIn } from '../../src/ui/account/SignIn';
import { FakeAccount } from './fake-account';
import { ada } from './talk';

async function open(username = '') {
  const account = new FakeAccount(ada);
  const onSignedIn = vi.fn<(person: Person) => void>();
  await render(
    <SignIn
      account={account}
      username={username}
      notice={null}
      onRetryLink={null}
      onSignedIn={onSignedIn}
    />,
  );
  return { account, onSignedIn };
}

const username = () => page.getByLabelText('Username');
const password = () => page.getByRole('textbox', { name: 'Password', exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });

describe('signing in', () => {
  test('hands on who it is', async () => {
    const { account, onSignedIn } = await open();
    await username().fill('ada');
    await password().fill(account.password);
    await button('Sign in').click();
    await expect.poll(() => onSignedIn.mock.calls).toEqual([[ada]]);
  });

  test('says that both don’t match, and not which of them', async () => {
    const { onSignedIn } = await open();
    await username().fill('ada');
    await password().fill('wrong');
    await button('Sign in').click();
    await expect
      .element(page.getByRole('alert'))
      .toHaveTextContent('That username and password don’t match.');
    expect(onSignedIn).not.toHaveBeenCalled();
  });

  test('says how long to wait after too many tries', async () => {
    const { account } = await open('ada');
    account.failure = new ApiError('rate_limited', null, 42_000);
    await password().fill('wrong');
    await button('Sign in').click();
    await expect.element(page.getByRole('alert')).toHaveTextContent('Wait 42 seconds');
  });

  test('begins at the password when the name is known', async () => {
    await open('ada');
    await expect.element(password()).toHaveFocus();
  });

  test('marks the field that is wanting, and goes there', async () => {
    const { account } = await open();
    await username().fill('ada');
    await button('Sign in').click();
    await expect.element(password()).toHaveFocus();
    await button('Sign up').click();
    await password().fill(account.password);
    await button('Create account').click();
    await expect.element(username()).toHaveFocus();
    await expect
      .element(username())
      .toHaveAccessibleDescription('Somebody has this username already.');
  });
});
