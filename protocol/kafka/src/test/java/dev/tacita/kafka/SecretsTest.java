package dev.tacita.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private final Secrets secrets = new Secrets(Map.of(
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"anna\" password=\"hush \\\"1\\\"\";",
            "ssl.key.password",
            "hush-2",
            "bootstrap.servers",
            "example.org:9092"));

    @Test
    void passwordsAreHiddenAlsoOnTheirOwn() {
        assertThat(secrets.hide("user with hush \"1\" and hush-2 at example.org:9092"))
                .isEqualTo("user with [hidden] and [hidden] at example.org:9092");
    }

    @Test
    void aCauseWithASecretIsFound() {
        assertThat(secrets.isIn(new IllegalStateException("a", new IllegalStateException("hush-2"))))
                .isTrue();
        assertThat(secrets.isIn(new IllegalStateException("a", new IllegalStateException("b"))))
                .isFalse();
    }
}
