package io.parley.journal;

/**
 * What a node's journal has done since it started, and is doing now.
 *
 * @param queuedRows rows that wait or are in flight, now
 * @param queuedBytes their bytes, now
 * @param batchesInFlight now
 * @param batches statements that stored something
 * @param rows rows stored
 * @param rejected writes that found the queue full
 * @param dropped writes that waited too long to be sent
 * @param conflicts writes that were fenced off by another writer's
 * @param unknown writes that were sent and got no answer
 * @param failed writes that failed otherwise: the database didn't take them, or the one before them
 */
public record JournalCounters(
    long queuedRows,
    long queuedBytes,
    long batchesInFlight,
    long batches,
    long rows,
    long rejected,
    long dropped,
    long conflicts,
    long unknown,
    long failed) {}
