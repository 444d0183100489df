package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an algorithm makes a site send, receive and keep besides updates and parameters, in words for the site's people; empty
 * words mean nothing.
 *
 * @param sent beside the update
 * @param received beside the parameters
 * @param kept at the site, from one of its rounds to the next
 */
public record BesideTheUpdate(String sent, String received, String kept) {
    /** Updates and parameters, and nothing else. */
    public static final BesideTheUpdate NOTHING = new BesideTheUpdate("", "", "");

    public BesideTheUpdate {
        requireNonNull(sent, "sent is null");
        requireNonNull(received, "received is null");
        requireNonNull(kept, "kept is null");
    }

    /** One sentence on a site's part in rounds of this algorithm, with a model of so many parameters. */
    public static String sentence(FederatedAlgorithm algorithm, int parameters) {
        BesideTheUpdate words = algorithm.besideTheUpdate();
        int update = algorithm.sendsUpdate() ? parameters : 0;
        List<String> parts = new ArrayList<>();
        parts.add("each round a site sends "
                + joined(update, "an update", algorithm.contributionSize(parameters) - update, words.sent()));
        if (algorithm.sharedSize(parameters) > 0) {
            parts.add("receives beside the model " + numbers(algorithm.sharedSize(parameters), words.received()));
        }
        parts.add("keeps "
                + (algorithm.siteMemorySize(parameters) == 0
                        ? "nothing"
                        : numbers(algorithm.siteMemorySize(parameters), words.kept()) + ", which never leaves it"));
        return String.join("; ", parts);
    }

    private static String joined(int update, String name, int added, String what) {
        List<String> sent = new ArrayList<>();
        if (update > 0) {
            sent.add(numbers(update, name));
        }
        if (added > 0) {
            sent.add(numbers(added, what));
        }
        return String.join(" and ", sent);
    }

    private static String numbers(int count, String what) {
        return what + String.format(Locale.ROOT, count == 1 ? " (%,d number)" : " (%,d numbers)", count);
    }
}
