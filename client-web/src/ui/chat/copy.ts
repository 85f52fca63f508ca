import { strings } from '../../lib/strings';
import { announce } from '../primitives/LiveRegion';

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  announce(strings.message.copied);
}
