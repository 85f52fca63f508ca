import type { Tables, Transaction } from '../../../src/sdk/ports';
import type { FakeTab } from './tab';

class Killed extends Error {}

/** A tab's way to the disk: it takes its time, may be full, and stops with the tab. */
export function wrapped(tables: Tables, tab: FakeTab): Tables {
  const { browser } = tab;
  return {
    durable: tables.durable,
    close: () => tables.close(),
    transact: (names, mode, work) =>
      tab.alive(async () => {
        await browser.seek();
        if (mode === 'readwrite' && browser.isFull) {
          throw new DOMException('The disk is full', 'QuotaExceededError');
        }
        const result = await tables.transact(names, mode, (transaction) => {
          const watched = whileAlive(transaction, tab);
          // Dead in between: all of it is taken back, as the browser would.
          return work(watched).then((result) => {
            if (!tab.isAlive) throw new Killed();
            return result;
          });
        });
        await browser.answered();
        return result;
      }),
  };
}

function whileAlive(transaction: Transaction, tab: FakeTab): Transaction {
  function alive(): Transaction {
    if (!tab.isAlive) throw new Killed();
    return transaction;
  }
  return {
    get: async (table, key) => alive().get(table, key),
    range: async (table, range) => alive().range(table, range),
    put: (table, row) => alive().put(table, row),
    delete: (table, key) => alive().delete(table, key),
    deleteRange: (table, range) => alive().deleteRange(table, range),
  };
}
