package dev.tacita.client;

/** What a site makes of the rounds that ask it. One at a time. */
interface SiteWork {
    /**
     * The answer; whatever the work or the aggregator did wrong is a {@link Answer.Failed}.
     *
     * @throws dev.tacita.wire.TransportException if the model cannot be read
     * @throws InterruptedException if the thread is interrupted before the end
     */
    Answer answer(Judgement.Accepted accepted, AskedRound asked) throws InterruptedException;
}
