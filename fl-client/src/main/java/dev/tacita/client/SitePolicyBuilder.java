package dev.tacita.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Builds a {@link SitePolicy}. Nothing has a default; what is not set is an error that names every missing field. */
public final class SitePolicyBuilder {
    private final List<String> missing = new ArrayList<>();
    private Optional<Set<String>> algorithms = Optional.empty();
    private Optional<Set<String>> layers = Optional.empty();
    private Optional<ProtectionDemand> leastProtection = Optional.empty();
    private Optional<PrivacyDemand> privacy = Optional.empty();
    private Optional<Integer> smallestCohort = Optional.empty();
    private Optional<Set<String>> datasets = Optional.empty();
    private Optional<OptionalInt> largestRounds = Optional.empty();
    private Optional<Boolean> shareMetrics = Optional.empty();
    private Optional<ClassBalance> classBalance = Optional.empty();
    private Optional<Boolean> keepPersonalModels = Optional.empty();

    SitePolicyBuilder() {}

    /** Names of the algorithms allowed. */
    public SitePolicyBuilder algorithms(String... names) {
        algorithms = Optional.of(Set.of(names));
        return this;
    }

    /** Names of the layers that a model may have. */
    public SitePolicyBuilder layers(String... names) {
        layers = Optional.of(Set.of(names));
        return this;
    }

    /** The weakest protection under which a contribution may leave. */
    public SitePolicyBuilder leastProtection(ProtectionDemand demand) {
        leastProtection = Optional.of(demand);
        return this;
    }

    /** Updates may leave without noise, and none that adds some is taken part in. */
    public SitePolicyBuilder noPrivacyRequired() {
        privacy = Optional.of(new PrivacyDemand.NoneRequired());
        return this;
    }

    /** So much noise is asked for, within these budgets; the participant then needs a work folder for its ledger. */
    public SitePolicyBuilder privacy(PrivacyDemand.Required demand) {
        privacy = Optional.of(demand);
        return this;
    }

    /** How many sites must answer a round at least; at least 1. */
    public SitePolicyBuilder smallestCohort(int sites) {
        smallestCohort = Optional.of(sites);
        return this;
    }

    /** Names of the datasets that may be trained on. */
    public SitePolicyBuilder datasets(String... names) {
        datasets = Optional.of(Set.of(names));
        return this;
    }

    /** How many rounds a run may have; at least 1. */
    public SitePolicyBuilder largestRounds(int rounds) {
        largestRounds = Optional.of(OptionalInt.of(rounds));
        return this;
    }

    /** A run may have any number of rounds. */
    public SitePolicyBuilder anyNumberOfRounds() {
        largestRounds = Optional.of(OptionalInt.empty());
        return this;
    }

    /** Whether loss and accuracy on the site's own examples may leave. */
    public SitePolicyBuilder shareMetrics(boolean share) {
        shareMetrics = Optional.of(share);
        return this;
    }

    /** Class counts leave, but none below {@code smallestCount}, at least 2, nor metrics of fewer examples. */
    public SitePolicyBuilder shareClassBalance(int smallestCount) {
        classBalance = Optional.of(new ClassBalance.Shared(smallestCount));
        return this;
    }

    /** Class counts do not leave, nor do metrics of fewer than {@code smallestCount} examples. */
    public SitePolicyBuilder withholdClassBalance(long smallestCount) {
        classBalance = Optional.of(new ClassBalance.Withheld(OptionalLong.of(smallestCount)));
        return this;
    }

    /** Class counts do not leave; metrics, if they do, leave of any number of examples. */
    public SitePolicyBuilder withholdClassBalance() {
        classBalance = Optional.of(new ClassBalance.Withheld());
        return this;
    }

    /**
     * Whether a model of the site's own stays in its work folder when its run is over. To be set where an algorithm that makes
     * one is allowed.
     */
    public SitePolicyBuilder keepPersonalModels(boolean keep) {
        keepPersonalModels = Optional.of(keep);
        return this;
    }

    /**
     * The policy.
     *
     * @throws IllegalStateException if a field is not set; the message names every such field
     * @throws IllegalArgumentException if a value is out of range
     */
    public SitePolicy build() {
        missing.clear();
        need("algorithms", algorithms);
        need("layers", layers);
        need("leastProtection", leastProtection);
        need("noPrivacyRequired or privacy", privacy);
        need("smallestCohort", smallestCohort);
        need("datasets", datasets);
        need("largestRounds or anyNumberOfRounds", largestRounds);
        need("shareMetrics", shareMetrics);
        need("shareClassBalance or withholdClassBalance", classBalance);
        if (algorithms.orElse(Set.of()).stream().anyMatch(SitePolicy.PERSONAL::contains)) {
            need("keepPersonalModels", keepPersonalModels);
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("a policy has no defaults. Not set: " + String.join(", ", missing));
        }
        return new SitePolicy(
                algorithms.orElseThrow(),
                layers.orElseThrow(),
                leastProtection.orElseThrow(),
                privacy.orElseThrow(),
                smallestCohort.orElseThrow(),
                datasets.orElseThrow(),
                largestRounds.orElseThrow(),
                shareMetrics.orElseThrow(),
                classBalance.orElseThrow(),
                keepPersonalModels.orElse(false));
    }

    private void need(String name, Optional<?> field) {
        if (field.isEmpty()) {
            missing.add(name);
        }
    }
}
