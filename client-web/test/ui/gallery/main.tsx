// First, for it says in which order the layers lie.
import '../../../src/ui/styles/index.css';
import '@fontsource/noto-color-emoji/emoji-400.css';
import { createRoot } from 'react-dom/client';
import { strings } from '../../../src/lib/strings';
import { theme } from '../../../src/platform/theme';
import { SignIn } from '../../../src/ui/account/SignIn';
import { ClientProvider } from '../../../src/ui/client';
import { Shell } from '../../../src/ui/Shell';
import { Screen } from '../../../src/ui/status/Screen';
import { StoppedGate } from '../../../src/ui/status/StoppedGate';
import './gallery.css';
import { scenes } from './scenes';

// Every state of the app over a made-up client: ?scene=chat&theme=dark&dir=rtl. Without a scene,
// the names of all. It is served by `npm run dev` only.
const asked = new URLSearchParams(location.search);
const root = createRoot(document.getElementById('root') as HTMLElement);
const wanted = asked.get('theme');
if (wanted === 'light' || wanted === 'dark') theme.apply(wanted);
if (asked.get('dir') === 'rtl') document.documentElement.dir = 'rtl';

const make = scenes[asked.get('scene') ?? ''];
if (make === undefined) {
  root.render(
    <ul className="gallery">
      {Object.keys(scenes).map((name) => (
        <li key={name}>
          <a href={`?scene=${name}`}>{name}</a> · <a href={`?scene=${name}&theme=dark`}>dark</a>
        </li>
      ))}
    </ul>,
  );
} else {
  const scene = make();
  Object.assign(window, { client: scene.client });
  history.replaceState(null, '', scene.path);
  root.render(
    scene.signIn !== undefined ? (
      <SignIn
        account={scene.client.account}
        username={scene.signIn.username}
        notice={scene.signIn.notice}
        onRetryLink={null}
        onSignedIn={() => {}}
      />
    ) : asked.get('scene') === 'fatal' ? (
      <Screen title={strings.stopped.fatalTitle} text={strings.stopped.fatalText} />
    ) : (
      <ClientProvider client={scene.client}>
        <StoppedGate onSignIn={() => {}} onContinue={() => {}}>
          <Shell onSignOut={async () => {}} />
        </StoppedGate>
      </ClientProvider>
    ),
  );
}
