package dev.tacita.kafkalocal;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Makes the broker speak TLS only and ask for a user and password (SASL_SSL, mechanism PLAIN). Not protected by it: the
 * controller's port, which listens on loopback in the clear, as programs on this machine are trusted.
 *
 * @param certificateChain the broker's certificate first, in PEM; must name localhost and 127.0.0.1
 * @param privateKey of the certificate, PKCS #8 in PEM, not encrypted
 * @param trustedCertificates what the chain ends in, in PEM
 * @param passwords by user, at least one
 */
public record BrokerSecurity(
        String certificateChain, String privateKey, String trustedCertificates, Map<String, String> passwords) {
    public BrokerSecurity {
        requireNonNull(certificateChain, "certificateChain is null");
        requireNonNull(privateKey, "privateKey is null");
        requireNonNull(trustedCertificates, "trustedCertificates is null");
        passwords = Map.copyOf(passwords);
        if (passwords.isEmpty()) {
            throw new IllegalArgumentException("passwords must name at least one user");
        }
    }

    /** Names the users, and no secret. */
    @Override
    public String toString() {
        return "BrokerSecurity[users=" + passwords.keySet() + "]";
    }
}
