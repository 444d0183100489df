package dev.tacita.wire;

/** Everything that travels. Each kind is a record with a version of its own; golden bytes are kept for each. */
public sealed interface Message permits SiteMessage, AggregatorMessage {}
