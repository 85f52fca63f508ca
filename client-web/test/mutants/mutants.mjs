/**
 * Lies told to the SDK, one line each. `from` stands exactly once in the file under src/sdk.
 *
 * @typedef {{ file: string, from: string, to: string, breaks: string }} Mutant
 * @type {readonly Mutant[]}
 */
export const mutants = [
  // The log, and what it comes to.
  {
    file: 'log/timeline.ts',
    from: 'if (found !== undefined && !found.deleted) {',
    to: 'if (found !== undefined) {',
    breaks: 'an edit after a deletion brings the message back',
  },
  {
    file: 'log/timeline.ts',
    from: "'erased' in event ? erased(of) : { ...of, text: event.text, edited: true },",
    to: "'erased' in event ? of : { ...of, text: event.text, edited: true },",
    breaks: 'an erased edit leaves the text of before',
  },
  {
    file: 'log/timeline.ts',
    from: '.filter((user) => user !== by)',
    to: '',
    breaks: 'a reaction put on twice counts twice, and can’t be taken off',
  },
  {
    file: 'log/log.ts',
    from: 'if (first.seq !== high + 1 || !isDense(fresh)) {',
    to: 'if (!isDense(fresh)) {',
    breaks: 'a gap goes unnoticed',
  },
  {
    file: 'log/log.ts',
    from: 'last.seq !== shown.first - 1 || !isDense(events)',
    to: '!isDense(events)',
    breaks: 'a page that doesn’t join is put in front',
  },
  {
    file: 'log/log.ts',
    from: 'for (const event of early) {',
    to: 'for (const event of [] as LogEvent[]) {',
    breaks: 'what came before the summary isn’t counted',
  },
  {
    file: 'log/log.ts',
    from: 'this.isUncertain && first <= summary.mine.read + 1',
    to: 'this.isUncertain',
    breaks: 'unread is counted from a part of what is unread',
  },
  {
    file: 'log/summary.ts',
    from: 'if (held === null || heard.asOf >= held.asOf) {',
    to: 'if (held !== null || heard !== null) {',
    breaks: 'an old word of the server’s takes back what is known',
  },
  {
    file: 'log/summary.ts',
    from: 'const counts = byPeer && preview !== null;',
    to: 'const counts = byPeer;',
    breaks: 'an erased message counts as unread',
  },
  {
    file: 'log/summary.ts',
    from: 'if (!byPeer || of <= summary.mine.read) {',
    to: 'if (!byPeer) {',
    breaks: 'deleting what was read makes something else read',
  },
  {
    file: 'log/summary.ts',
    from: 'delivered: Math.max(one.delivered, other.delivered),',
    to: 'delivered: other.delivered,',
    breaks: 'a mark falls',
  },
  // What of it is kept.
  {
    file: 'log/records.ts',
    from: 'if (kept !== null && stretch.low <= kept.high + 1 && high >= kept.low - 1) {',
    to: 'if (kept !== null) {',
    breaks: 'a stretch with a hole is kept',
  },
  {
    file: 'log/records.ts',
    from: 'if (kept !== null && high < kept.low) {',
    to: 'if (kept === null && high < 0) {',
    breaks: 'an older stretch takes the place of the newer one',
  },
  {
    file: 'log/records.ts',
    from: 'const further = before !== undefined && before.summary.asOf > summary.asOf;',
    to: 'const further = false;',
    breaks: 'a slow tab takes the summary back',
  },
  {
    file: 'log/records.ts',
    from: "if (event.kind === 'delete') {",
    to: "if (event.kind === 'opened') {",
    breaks: 'deleted texts stay on the disk',
  },
  {
    file: 'log/records.ts',
    from: "return (await t.get<MetaRow>('meta', 'epoch'))?.value === epoch;",
    to: "return (await t.get<MetaRow>('meta', 'epoch')) !== undefined && epoch !== '';",
    breaks: 'a tab of another life writes into this one',
  },
  {
    file: 'history.ts',
    from: 'timeline.get(of)?.deleted ? withoutText(event) : event;',
    to: 'timeline.get(of)?.deleted ? event : event;',
    breaks: 'a page brings a deleted text back to the disk',
  },
  {
    file: 'history.ts',
    from: 'if (running !== undefined) {',
    to: 'if (running === null) {',
    breaks: 'the same page is fetched twice',
  },
  {
    file: 'disk.ts',
    from: 'if (this.unbegun) {',
    to: 'if (this.current === null) {',
    breaks: 'copies of another life are taken for this one’s',
  },
  // Following.
  {
    file: 'log/sync.ts',
    from: 'log.rebase(Math.max(Math.min(from, head), head - MOST_BROUGHT, 0));',
    to: 'log.rebase(head);',
    breaks: 'what was missed is neither delivered nor counted',
  },
  {
    file: 'log/sync.ts',
    from: '} else if (summary.head > log.high) {',
    to: '} else if (summary.head < 0) {',
    breaks: 'a head that is further on brings nothing',
  },
  {
    file: 'log/sync.ts',
    from: '.sort((a, b) => rank(b) - rank(a) || activity(b) - activity(a));',
    to: '.sort((a, b) => activity(b) - activity(a));',
    breaks: 'what is on the screen comes last',
  },
  {
    file: 'engine.ts',
    from: 'this.since = null;',
    to: 'this.since = this.since;',
    breaks: 'a place in the inbox of another life is used',
  },
  {
    file: 'engine.ts',
    from: 'void kept.then(() =>',
    to: 'void Promise.resolve().then(() =>',
    breaks: 'delivered is said before the disk has it',
  },
  // Sending.
  {
    file: 'outbox/lane.ts',
    from: 'if (!this.ready || !this.isRunning(now) || this.underWay.size >= window) {',
    to: 'if (!this.isRunning(now) || this.underWay.size >= window) {',
    breaks: 'it is sent before the conversation is caught up',
  },
  {
    file: 'outbox/lane.ts',
    from: 'this.underWay.size >= window) {',
    to: 'this.underWay.size > window) {',
    breaks: 'nine are under way',
  },
  {
    file: 'outbox/lane.ts',
    from: "return item.withdrawn !== null || item.settle === 'skip' ? { kind: 'skip' } : item.op;",
    to: "return item.settle === 'skip' ? { kind: 'skip' } : item.op;",
    breaks: 'what was called back is sent',
  },
  {
    file: 'outbox/lane.ts',
    from: '(!old || candidate.settle !== null)',
    to: '(!old || candidate.order > 0)',
    breaks: 'a new number overtakes one in doubt',
  },
  {
    file: 'outbox/lane.ts',
    from: 'this.pausedUntil = Math.max(',
    to: 'this.pausedUntil = Math.min(',
    breaks: 'it doesn’t wait as long as the server asks',
  },
  {
    file: 'outbox/lane.ts',
    from: 'expected !== null && this.spent().includes(expected)',
    to: 'expected !== null && this.spent().length < 0',
    breaks: 'a forgotten refusal holds the queue up for ever',
  },
  {
    file: 'outbox/lane.ts',
    from: 'this.copies.set(name(item.number), 1);',
    to: 'this.copies.set(name(item.number), 0);',
    breaks: 'what a dead tab sent is sent again under another number',
  },
  {
    file: 'outbox/records.ts',
    from: '[item.conversation]: n + 1 }',
    to: '[item.conversation]: n }',
    breaks: 'a number is given twice',
  },
  {
    file: 'outbox/records.ts',
    from: 'if (outcome.failure === null || kept?.withdrawn === CANCELLED) {',
    to: 'if (kept?.withdrawn === CANCELLED) {',
    breaks: 'what is stored comes back with the next tab',
  },
  {
    file: 'outbox/records.ts',
    from: 'const next: Item = inDoubt(item) ? { ...item, settle } : { ...item, ...UNNUMBERED };',
    to: 'const next: Item = { ...item, ...UNNUMBERED };',
    breaks: 'what may be stored gets another number',
  },
  {
    file: 'outbox/queue.ts',
    from: 'if (this.numbering.isOfAnotherLife) {',
    to: 'if (this.closed) {',
    breaks: 'numbers of another life are used',
  },
  {
    file: 'outbox/queue.ts',
    from: 'if (item.at < oldest && item.withdrawn === null) {',
    to: 'if (item.at < 0 && item.withdrawn === null) {',
    breaks: 'what waited for days goes out unasked',
  },
  {
    file: 'outbox/queue.ts',
    from: 'const strikes = protocolError ? (this.strikes.get(item.order) ?? 0) + 1 : 0;',
    to: 'const strikes = protocolError ? 0 : 0;',
    breaks: 'one bad operation ends every session',
  },
  {
    file: 'outbox/numbering.ts',
    from: 'records.adoptOutbox(t, disk.row.id, outbox, epoch)',
    to: 'records.adoptOutbox(t, disk.row.id, outbox, this.ports.epoch() ?? epoch)',
    breaks: 'an outbox of another life passes for one of this',
  },
  {
    file: 'outbox/numbering.ts',
    from: 'if (bare.length === 0 || lane.isSettlingOld) {',
    to: 'if (bare.length === 0) {',
    breaks: 'what is newer gets a lower number than what is in doubt',
  },
  {
    file: 'outbox/pool.ts',
    from: 'if (items.some((item) => item.failure === null)) {',
    to: 'if (items.length < 0) {',
    breaks: 'nobody takes over what a dead tab left',
  },
  {
    file: 'outbox/pool.ts',
    from: 'const release = await this.ports.locks.tryTake(this.lockName(row.id));',
    to: 'const release = () => {};',
    breaks: 'two tabs run one queue',
  },
  {
    file: 'outbox/text.ts',
    from: 'if (FORBIDDEN.test(text)) {',
    to: "if (text === '') {",
    breaks: 'a number is spent on what the server refuses',
  },
  // The line.
  {
    file: 'connection/machine.ts',
    from: '? [{ ...state, heard: now, probed: 0, due: silenceDue(state, now) }, []]',
    to: '? [{ ...state, heard: now, probed: 0 }, []]',
    breaks: 'a line that speaks is taken for a dead one',
  },
  {
    file: 'connection/machine.ts',
    from: "const lasted = state.phase === 'live' && now - state.since >= LASTED;",
    to: "const lasted = state.phase === 'live';",
    breaks: 'a server that drops everybody at once is dialled at full speed',
  },
  {
    file: 'connection/byes.ts',
    from: 'if (reconnect || code === UNAUTHENTICATED) {',
    to: 'if (reconnect) {',
    breaks: 'a late hello ends the sign-in',
  },
  {
    file: 'connection/connection.ts',
    from: 'const current = (): boolean => this.socket === socket;',
    to: 'const current = (): boolean => this.socket !== null || socket !== null;',
    breaks: 'what an earlier socket still says is heard',
  },
  // What is shown.
  {
    file: 'view.ts',
    from: 'if (same && changes.length === 0 && before.view.changes.length === 0) {',
    to: 'if (before?.message === message) {',
    breaks: 'a tick or a quote stays as it was',
  },
  {
    file: 'view.ts',
    from: 'if (item.failure !== null || result.deleted) {',
    to: 'if (result.deleted) {',
    breaks: 'an edit that was refused shows as if it were stored',
  },
  {
    file: 'view.ts',
    from: "theirs.read >= seq ? 'read'",
    to: "theirs.delivered >= seq ? 'read'",
    breaks: 'a tick tells more than is true',
  },
  {
    file: 'views.ts',
    from: '.filter((item) => !isInLog(log, item))',
    to: '',
    breaks: 'a message shows twice until its answer comes',
  },
  {
    file: 'views.ts',
    from: 'this.keys.set(conversation, keys);',
    to: '',
    breaks: 'a bubble changes its key when it is stored',
  },
  // Around it.
  {
    file: 'marks.ts',
    from: 'this.schedule(log, AGAIN_MILLIS);',
    to: '',
    breaks: 'a mark that got lost is never told again',
  },
  {
    file: 'ephemeral.ts',
    from: 'now - last >= TELL_AGAIN_MILLIS',
    to: 'now - last >= 0',
    breaks: 'every key is told',
  },
  {
    file: 'ephemeral.ts',
    from: 'const cancel = this.clock.after(millis, () => this.hear(conversation, 0));',
    to: 'const cancel = this.clock.after(millis, () => {});',
    breaks: 'the peer types for ever',
  },
  {
    file: 'account.ts',
    from: 'this.user === null ? {} : { [USER_HEADER]: this.user }',
    to: 'this.user === null ? {} : {}',
    breaks: 'a tab acts for whoever has the cookie',
  },
  {
    file: 'drafts.ts',
    from: 'await this.keep(conversation);',
    to: '',
    breaks: 'the last words of a draft go with the tab',
  },
  {
    file: 'client.ts',
    from: "if (reason === 'revoked') {",
    to: "if (reason === 'idle') {",
    breaks: 'a device that was signed out keeps everything',
  },
  {
    file: 'inbox.ts',
    from: 'this.cursor = page.cursor;',
    to: 'this.cursor = null;',
    breaks: 'conversations beyond the second hundred are never found',
  },
];
