import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Where `npm run dev` finds a server; its socket is passed through as well.
const server = process.env.PARLEY_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/v1': { target: server, ws: true } } },
  build: {
    target: 'es2022',
    // The preload polyfill serves browsers older than the target; and the policy of content has
    // no room for `data:` but in images, so nothing is put inline.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // One file: the order of the cascade's layers is that of their first mention, and of several
    // files nobody knows which comes first. All of it is smaller than a picture.
    cssCodeSplit: false,
  },
});
