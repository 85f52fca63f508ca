import type { Overlay } from '../overlay';
import { ChangePassword } from './ChangePassword';
import { Devices } from './Devices';
import { Find } from './Find';
import { Remove } from './Remove';
import { Rename } from './Rename';
import { Shortcuts } from './Shortcuts';
import { SignOut } from './SignOut';

interface Props {
  readonly overlay: Overlay;
  readonly onClose: () => void;
  readonly onSignOut: () => Promise<void>;
}

/** All dialogs: a chunk of their own, since none of them is there at first. */
export default function Overlays({ overlay, onClose, onSignOut }: Props) {
  switch (overlay.name) {
    case 'find':
      return <Find onClose={onClose} />;
    case 'rename':
      return <Rename onClose={onClose} />;
    case 'password':
      return <ChangePassword onClose={onClose} />;
    case 'devices':
      return <Devices onClose={onClose} />;
    case 'sign-out':
      return <SignOut onClose={onClose} onSignOut={onSignOut} />;
    case 'shortcuts':
      return <Shortcuts onClose={onClose} />;
    case 'remove':
      return <Remove conversation={overlay.conversation} of={overlay.of} onClose={onClose} />;
  }
}
