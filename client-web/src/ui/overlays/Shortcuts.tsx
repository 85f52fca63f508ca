import { strings } from '../../lib/strings';
import { SHORTCUTS } from '../../platform/shortcuts';
import css from './forms.module.css';
import { Modal } from './Modal';

/** The table of keys, as it is listened to. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Modal title={strings.shortcuts.title} onClose={onClose}>
      <dl className={css.keys}>
        {SHORTCUTS.flatMap(({ words, keys }) => [
          <dt key={words}>{words}</dt>,
          <dd key={`${words}:keys`}>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dd>,
        ])}
      </dl>
    </Modal>
  );
}
