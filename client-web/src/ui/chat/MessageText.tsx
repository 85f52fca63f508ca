import { memo } from 'react';
import { pieces } from '../../lib/links';

/** A text as it was written, with its links. Never markup: whatever it holds is text. */
export const MessageText = memo(function MessageText({ text }: { text: string }) {
  return pieces(text).map(({ text: piece, href }, index) =>
    href === null ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other name
      <a key={index} href={href} target="_blank" rel="noopener noreferrer ugc" tabIndex={-1}>
        {piece}
      </a>
    ),
  );
});
