package dev.tacita.testkit;

import dev.tacita.wire.InMemoryTransport;

class InMemoryTransportTest extends TransportContract {
    @Override
    protected Connections emptyFederation() {
        InMemoryTransport logs = new InMemoryTransport(4);
        return logs::connect;
    }
}
