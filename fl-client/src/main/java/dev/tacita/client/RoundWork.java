package dev.tacita.client;

import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.Stage;
import java.util.List;

/** What a site does in a round. It runs on a thread of the agent's executor, and again when it has heard something new. */
interface RoundWork extends Runnable {
    RoundKey place();

    /** Whether it answers this round, not one of the same name. */
    boolean isOf(AskedRound other);

    /** The round is not open any more: nothing of it is sent from now on. */
    void withdraw();

    /** Takes what the aggregator has said in the round so far; whether it must run again. */
    boolean hear(List<StageMessage> said);

    /** The aggregator began this stage without the site. */
    void countedOut(Stage stage);
}
