// First, for it says in which order the layers lie.
import '../ui/styles/index.css';
import { createRoot } from 'react-dom/client';
import { lastUser } from '../platform/last-user';
import { theme } from '../platform/theme';
import { followViewport } from '../platform/viewport';
import { createAccountApi, createChatClient } from '../sdk';
import { browserPorts } from '../sdk/browser';
import { App } from './App';
import { boot } from './boot';
import { ErrorBoundary } from './ErrorBoundary';
import { takeLink } from './link';
import { Session } from './session';

const link = takeLink();
theme.apply();
followViewport();

const ports = browserPorts();
const session = new Session({
  account: createAccountApi(ports),
  createClient: (me) => createChatClient(ports, me),
  lastUser,
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <ErrorBoundary>
    <App session={session} />
  </ErrorBoundary>,
);
void boot(session, link);
