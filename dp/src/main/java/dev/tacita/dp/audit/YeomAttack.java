package dev.tacita.dp.audit;

/** The smaller the loss, the more likely a member (Yeom et al. 2018, adversary 2, for every threshold). It needs no other models. */
public final class YeomAttack implements MembershipAttack {
    @Override
    public String name() {
        return "loss threshold (Yeom)";
    }

    @Override
    public double[] scores(double[] losses) {
        Checks.noNaN("losses", losses);
        double[] scores = new double[losses.length];
        for (int i = 0; i < losses.length; i++) {
            scores[i] = -losses[i];
        }
        return scores;
    }
}
