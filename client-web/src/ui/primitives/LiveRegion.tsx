import { useEffect, useState } from 'react';

type Listener = (text: string) => void;

const listeners = new Set<Listener>();

/** Has something said to those who hear the page; it waits until they are spoken to no more. */
export function announce(text: string): void {
  for (const listener of listeners) listener(text);
}

/** The one place from which is spoken. It is emptied, so that the same can be said twice. */
export function LiveRegion() {
  const [text, setText] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const listener: Listener = (said) => {
      setText(said);
      clearTimeout(timer);
      timer = setTimeout(() => setText(''), 4000);
    };
    listeners.add(listener);
    return () => {
      clearTimeout(timer);
      listeners.delete(listener);
    };
  }, []);
  return (
    <div className="visually-hidden" aria-live="polite" data-live-region="">
      {text}
    </div>
  );
}
