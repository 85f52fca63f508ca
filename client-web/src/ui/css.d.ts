import 'react';

declare module 'react' {
  interface CSSProperties {
    // Values that a style sheet uses: set through the CSSOM, which the content policy allows.
    [name: `--${string}`]: string | number | undefined;
  }
}
