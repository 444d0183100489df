package dev.tacita.dp.audit;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.dp.accounting.NeighbouringRelation;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditReportTest {
    private static final Claim CLAIM = new Claim(1, 1e-5, ADD_OR_REMOVE_ONE);

    private static LowerBound bound(double epsilon, double delta, NeighbouringRelation relation, String assumption) {
        return new LowerBound(epsilon, delta, 0.01, relation, "a method", assumption);
    }

    private static AuditReport report(LowerBound... bounds) {
        return new AuditReport("a model", List.of(), List.of(bounds));
    }

    @Test
    void theStrongestProvenBoundDecides() {
        LowerBound high = bound(1.5, 1e-5, ADD_OR_REMOVE_ONE, "");
        AuditReport report =
                report(bound(0.5, 1e-5, ADD_OR_REMOVE_ONE, ""), high, bound(9, 1e-5, ADD_OR_REMOVE_ONE, "something"));

        assertThat(report.strongest()).contains(high);
        assertThat(report.falseAlarm()).isEqualTo(0.02);
        assertThat(report.decide(CLAIM)).isEqualTo(new ReleaseDecision.Refused(CLAIM, high, 1, 0.02));
        assertThat(report.decide(new Claim(1.5, 1e-5, ADD_OR_REMOVE_ONE))).isInstanceOf(ReleaseDecision.Allowed.class);
    }

    @Test
    void aBoundForAReplacementIsHeldAgainstTwiceTheEpsilon() {
        Claim replaced = CLAIM.forReplacing();

        assertThat(replaced.epsilon()).isEqualTo(2);
        assertThat(replaced.delta()).isCloseTo((1 + Math.E) * 1e-5, within(1e-15));
        assertThat(report(bound(1.9, 1e-4, REPLACE_ONE, "")).decide(CLAIM)).isInstanceOf(ReleaseDecision.Allowed.class);
        assertThat(report(bound(2.1, 1e-4, REPLACE_ONE, "")).decide(CLAIM)).isInstanceOf(ReleaseDecision.Refused.class);
    }

    @Test
    void boundsThatSayNothingAboutTheClaimAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> report(bound(2, 1e-6, ADD_OR_REMOVE_ONE, ""), bound(2, 1e-5, REPLACE_ONE, ""))
                        .decide(CLAIM))
                .withMessageContaining("a bound at delta 1.0E-6 says nothing about a claim that allows 1.0E-5")
                .withMessageContaining("a bound at delta 1.0E-5 says nothing about a claim that allows 3.7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> report(bound(2, 1e-5, ADD_OR_REMOVE_ONE, "")).decide(new Claim(1, 1e-5, REPLACE_ONE)))
                .withMessage("the claim cannot be judged: a bound for neighbours that add or remove one says nothing"
                        + " about a claim for those that replace one.");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        report(bound(2, 1e-5, ADD_OR_REMOVE_ONE, "something")).decide(CLAIM))
                .withMessage("the claim cannot be judged: the audit has no proven bound.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Claim(Double.NaN, 1e-5, REPLACE_ONE))
                .withMessage("the claimed epsilon must be >= 0 and finite. Provided value: NaN");
    }
}
