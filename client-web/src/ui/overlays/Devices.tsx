import { useEffect, useState } from 'react';
import { callFailure } from '../../lib/failures';
import { strings } from '../../lib/strings';
import { useMinute } from '../../platform/now';
import type { Device } from '../../sdk/api';
import { useClient } from '../client';
import { clock } from '../clock';
import { Button } from '../primitives/Button';
import css from './forms.module.css';
import { Modal } from './Modal';
import { useCall } from './use-call';

/** Where this person is signed in, this device first. */
export function Devices({ onClose }: { onClose: () => void }) {
  const { account } = useClient();
  const [devices, setDevices] = useState<readonly Device[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const words = strings.profile;

  useEffect(() => {
    let left = false;
    account.devices().then(
      (found) => {
        if (!left) setDevices([...found].sort(byUse));
      },
      (error) => {
        if (!left) setFault(callFailure(error));
      },
    );
    return () => {
      left = true;
    };
  }, [account]);

  return (
    <Modal title={words.devices} onClose={onClose}>
      <p className={css.text}>{words.devicesHint}</p>
      {fault !== null && (
        <p className={css.warning} role="alert">
          {fault}
        </p>
      )}
      {devices === null && fault === null && (
        <p role="status" className={css.text}>
          {strings.account.working}
        </p>
      )}
      <ul className={css.devices}>
        {devices?.map((device) => (
          <DeviceRow
            key={device.id}
            device={device}
            onGone={() => setDevices((now) => now?.filter(({ id }) => id !== device.id) ?? null)}
          />
        ))}
      </ul>
    </Modal>
  );
}

function DeviceRow({ device, onGone }: { device: Device; onGone: () => void }) {
  const { account } = useClient();
  const call = useCall();
  const now = useMinute();
  const words = strings.profile;
  const name = device.device ?? words.unnamedDevice;
  const signOut = async () => {
    if (await call.run(() => account.signOutDevice(device.id))) onGone();
  };
  return (
    <li className={css.device}>
      <div>
        <p>
          <bdi>{name}</bdi>
        </p>
        <p>
          {device.current
            ? words.thisDevice
            : words.lastUsed(
                `${clock.day(device.lastUsedAt, now)}, ${clock.time(device.lastUsedAt)}`,
              )}
          {device.address !== null && ` · ${device.address}`}
        </p>
        {call.errorOf() !== null && <p role="alert">{call.errorOf()}</p>}
      </div>
      {!device.current && (
        <Button
          small
          aria-label={words.signOutDeviceNamed(name)}
          aria-disabled={call.busy}
          onClick={signOut}
        >
          {words.signOutDevice}
        </Button>
      )}
    </li>
  );
}

function byUse(a: Device, b: Device): number {
  return Number(b.current) - Number(a.current) || b.lastUsedAt - a.lastUsedAt;
}
