import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// Where `npm run dev` finds a server; its socket is passed through as well.
const server = process.env.PARLEY_SERVER ?? 'http://127.0.0.1:8080';

/** Which layer wins, as src/ui/styles/index.css has it. */
const LAYERS = '@layer reset,tokens,base,primitives,views,motion;';

/**
 * The minifier drops the statement that orders the layers, and chunks are put together in an order
 * of their own: then whichever layer is met first would lose to all others.
 */
function layersInOrder(): Plugin {
  return {
    name: 'layers-in-order',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.css')) {
          file.source = LAYERS + String(file.source);
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), layersInOrder()],
  server: { proxy: { '/v1': { target: server, ws: true } } },
  build: {
    target: 'es2022',
    // The preload polyfill serves browsers older than the target; and the policy of content has
    // no room for `data:` but in images, so nothing is put inline.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // All of it is smaller than a picture, and a menu needs no second request for its looks.
    cssCodeSplit: false,
  },
});
