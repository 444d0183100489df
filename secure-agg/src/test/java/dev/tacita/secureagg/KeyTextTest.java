package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Keys as people send and compare them. The texts and fingerprints are of version 1 and stay as they are. */
class KeyTextTest {
    /** RFC 8032, 7.1, test 1. */
    private static final SigningIdentity SITE =
            SigningIdentity.of(bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

    /** RFC 7748, 6.1, Alice. */
    private static final AggregatorKey AGGREGATOR =
            AggregatorKey.of(bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void theKeysOfPublishedVectorsHaveTheseTexts() {
        assertThat(SITE.publicKey().bytes())
                .isEqualTo(Octets.copyOf(bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")));
        assertThat(AGGREGATOR.publicKey())
                .isEqualTo(Octets.copyOf(bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")));
        assertThat(SITE.publicKey().text()).isEqualTo("tacita-site-1.11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURqeC_iq");
        assertThat(SITE.publicKey().fingerprint()).isEqualTo("da9a-546e-94a4-0b2c-adef-b8d5-0452-a2d5");
        assertThat(SITE.secretText())
                .isEqualTo("tacita-site-secret-1.nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2BtLofg");
        assertThat(AGGREGATOR.knownAs().text())
                .isEqualTo("tacita-aggregator-1.hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmptmDR3");
        assertThat(AGGREGATOR.knownAs().fingerprint()).isEqualTo("3645-c0ef-51c6-8dab-38a8-93fa-87a7-658b");
        assertThat(AGGREGATOR.secretText())
                .isEqualTo("tacita-aggregator-secret-1.dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCrfqPJc");
    }

    @Test
    void textsAreReadAgainAsTheKeysThatTheyAre() {
        assertThat(PublicKey.parse(SITE.publicKey().text())).isEqualTo(SITE.publicKey());
        assertThat(PublicKey.parse(AGGREGATOR.knownAs().text())).isEqualTo(AGGREGATOR.knownAs());
        assertThat(SigningIdentity.parse(SITE.secretText()).secretBytes()).isEqualTo(SITE.secretBytes());
        assertThat(AggregatorKey.parse(AGGREGATOR.secretText()).secretBytes()).isEqualTo(AGGREGATOR.secretBytes());
    }

    @Test
    void everyMistypedLetterIsNoticed() {
        String text = SITE.publicKey().text();
        for (int i = 0; i < text.length(); i++) {
            String mistyped = text.substring(0, i) + (text.charAt(i) == 'x' ? 'y' : 'x') + text.substring(i + 1);
            assertThatThrownBy(() -> PublicKey.parse(mistyped))
                    .as(mistyped)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a site's public key ");
        }
        for (String broken : new String[] {"", "tacita-site-1.", text + "A", text.substring(1), " " + text}) {
            assertThatThrownBy(() -> PublicKey.parse(broken))
                    .as(broken)
                    .hasMessageContaining("must be tacita-site-1. and 48 letters");
        }
    }

    @Test
    void aKeyOfAnotherKindIsRefusedAndAPrivateOneIsNotShown() {
        assertThatThrownBy(() -> IdentityKey.parse(AGGREGATOR.knownAs().text()))
                .hasMessageStartingWith("a site's public key must be");
        for (String secret : new String[] {SITE.secretText(), AGGREGATOR.secretText()}) {
            String word = secret.substring(secret.indexOf('.') + 1);
            assertThatThrownBy(() -> PublicKey.parse(secret))
                    .hasMessageContaining("this is a private key")
                    .hasMessageNotContaining(word);
            assertThatThrownBy(() -> SigningIdentity.parse(secret + "A")).hasMessageNotContaining(word);
            assertThatThrownBy(() -> AggregatorKey.parse(secret + "A")).hasMessageNotContaining(word);
        }
    }

    @Test
    void pointsThatMakeNoSecretAreNoKeysOfAnAggregator() {
        String zero = KeyText.AGGREGATOR.write(new byte[32]);
        assertThatThrownBy(() -> AggregatorPublicKey.parse(zero)).hasMessageContaining("not of a small order");
    }
}
