package dev.tacita.kafka;

import dev.tacita.kafkalocal.BrokerSecurity;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of one test, and the broker's certificate from it. */
final class TestAuthority {
    private static final X500Name AUTHORITY = new X500Name("CN=authority of a test");

    private final X509Certificate certificate;
    private final X509Certificate broker;
    private final KeyPair brokerKeys;

    TestAuthority() throws GeneralSecurityException, IOException, OperatorCreationException {
        KeyPair keys = keys();
        certificate = sign(
                keys,
                keys,
                AUTHORITY,
                new BasicConstraints(true),
                new GeneralNames(new GeneralName(GeneralName.dNSName, "authority.invalid")));
        brokerKeys = keys();
        broker = sign(
                keys,
                brokerKeys,
                new X500Name("CN=broker of a test"),
                new BasicConstraints(false),
                new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, "localhost"),
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
    }

    BrokerSecurity broker(Map<String, String> passwords) throws IOException {
        return new BrokerSecurity(
                pem(broker), pem(new JcaPKCS8Generator(brokerKeys.getPrivate(), null)), certificate(), passwords);
    }

    /** What a client trusts, in PEM. */
    String certificate() throws IOException {
        return pem(certificate);
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(
            KeyPair authority, KeyPair subject, X500Name name, BasicConstraints constraints, GeneralNames names)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                AUTHORITY,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(1, ChronoUnit.HOURS)),
                Date.from(now.plus(1, ChronoUnit.DAYS)),
                name,
                subject.getPublic());
        builder.addExtension(Extension.basicConstraints, true, constraints);
        builder.addExtension(Extension.subjectAlternativeName, false, names);
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate())));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
