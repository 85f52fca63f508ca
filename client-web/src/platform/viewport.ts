/**
 * Safari lays its keyboard over the page instead of making it smaller. The visual viewport tells
 * what is left; the app is as high as that.
 */
export function followViewport(): () => void {
  const { visualViewport } = window;
  // `interactive-widget=resizes-content` does it elsewhere, and pinch zoom must not.
  if (visualViewport == null || !/^((?!chrome|android).)*safari/i.test(navigator.userAgent)) {
    return () => {};
  }
  const follow = () => {
    if (visualViewport.scale !== 1) return;
    document.documentElement.style.setProperty('--app-height', `${visualViewport.height}px`);
    window.scrollTo(0, 0);
  };
  visualViewport.addEventListener('resize', follow);
  follow();
  return () => visualViewport.removeEventListener('resize', follow);
}
