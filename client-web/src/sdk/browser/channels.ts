import type { Channel, Channels } from '../ports';

/** BroadcastChannels; where there are none, each tab is alone. */
export const browserChannels: Channels = {
  open(name, heard): Channel {
    if (typeof BroadcastChannel === 'undefined') {
      return { post: () => undefined, close: () => undefined };
    }
    const channel = new BroadcastChannel(name);
    let isOpen = true;
    channel.addEventListener('message', ({ data }) => {
      if (isOpen) heard(data);
    });
    return {
      post(message) {
        if (isOpen) channel.postMessage(message);
      },
      close() {
        isOpen = false;
        channel.close();
      },
    };
  },
};
