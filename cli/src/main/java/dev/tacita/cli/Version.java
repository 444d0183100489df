package dev.tacita.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of this code and of the JVM that runs it. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(Tacita.class.getPackage().getImplementationVersion())
                .orElse("development");
        return new String[] {"tacita " + version, "Java " + Runtime.version()};
    }
}
