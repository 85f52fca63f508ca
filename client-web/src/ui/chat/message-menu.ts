/** A chunk of its own: nobody opens a menu in the first second. */
export const loadMessageMenu = () => import('../overlays/MessageMenu');
