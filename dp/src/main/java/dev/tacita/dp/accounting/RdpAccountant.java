package dev.tacita.dp.accounting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The accountant of Rényi differential privacy (Mironov 2017): an upper bound, close for many steps, never below the truth.
 *
 * <p>It takes every event but mixtures of Gaussians, truncated samples and Poisson samples of anything but Gaussian events (one, or several
 * on the same sample). What is sampled without replacement or repeated must have no delta.
 */
public final class RdpAccountant implements Accountant {
    private static final double[] DEFAULT_ORDERS = DoubleStream.concat(
                    DoubleStream.concat(
                            DoubleStream.of(1.01, 1.02, 1.05),
                            IntStream.rangeClosed(11, 109).mapToDouble(tenths -> tenths / 10.0)),
                    DoubleStream.concat(
                            IntStream.rangeClosed(11, 63).asDoubleStream(),
                            DoubleStream.of(64, 80, 96, 128, 192, 256, 384, 512, 1024)))
            .toArray();

    private final NeighbouringRelation relation;
    private final RdpConversion conversion;
    private final double[] orders;

    /** The accountant with orders from 1.01 to 1024 and the tight conversion. */
    public RdpAccountant(NeighbouringRelation relation) {
        this(relation, RdpConversion.TIGHT, DEFAULT_ORDERS);
    }

    /**
     * The accountant with orders of one's own.
     *
     * @param orders each above 1; whole ones are the cheaper; an infinite one gives pure epsilon
     */
    public RdpAccountant(NeighbouringRelation relation, RdpConversion conversion, double... orders) {
        if (orders.length == 0) {
            throw new IllegalArgumentException("An RDP accountant needs at least one order.");
        }
        for (double order : orders) {
            if (!(order > 1)) {
                throw new IllegalArgumentException(
                        "An order of Rényi divergence must be above 1; it is " + order + ".");
            }
        }
        this.relation = relation;
        this.conversion = conversion;
        this.orders = orders.clone();
    }

    /** The orders used if none are given, ascending. */
    public static double[] defaultOrders() {
        return DEFAULT_ORDERS.clone();
    }

    @Override
    public String name() {
        return "RDP";
    }

    @Override
    public NeighbouringRelation relation() {
        return relation;
    }

    @Override
    public RdpLoss account(Event event) {
        double[] divergences = new double[orders.length];
        double[] logKept = {0};
        Leaves.forEach(event, this, (leaf, times) -> {
            if (leaf instanceof Event.EpsilonDelta guarantee) {
                logKept[0] += times * Math.log1p(-guarantee.delta());
            }
            List<String> refusals = new ArrayList<>();
            DoubleUnaryOperator divergence = divergence(leaf, refusals);
            if (refusals.isEmpty()) {
                for (int i = 0; i < orders.length; i++) {
                    divergences[i] += times * divergence.applyAsDouble(orders[i]);
                }
            }
            return String.join(" ", refusals);
        });
        return new RdpLoss(name(), relation, conversion, orders, divergences, -Math.expm1(logKept[0]));
    }

    private DoubleUnaryOperator divergence(Event event, List<String> refusals) {
        OptionalDouble gaussian = Gaussians.noiseMultiplier(event);
        if (event instanceof Event.NonPrivate) {
            return order -> Double.POSITIVE_INFINITY;
        } else if (gaussian.isPresent()) {
            return order -> RenyiDivergence.gaussian(gaussian.getAsDouble(), order);
        } else if (event instanceof Event.Laplace laplace) {
            return order -> RenyiDivergence.laplace(laplace.noiseMultiplier(), order);
        } else if (event instanceof Event.EpsilonDelta guarantee) {
            return order -> RenyiDivergence.pure(guarantee.epsilon(), order);
        } else if (event instanceof Event.PermuteAndFlipChoice choice) {
            return order -> RenyiDivergence.pure(choice.epsilon(), order);
        } else if (event instanceof Event.ExponentialChoice choice) {
            return order -> RenyiDivergence.boundedRange(choice.epsilon(), order);
        } else if (event instanceof Event.DiscreteLaplace laplace) {
            return order -> RenyiDivergence.discreteLaplace(laplace.epsilon(), laplace.sensitivity(), order);
        } else if (event instanceof Event.DiscreteGaussian discrete) {
            return order -> RenyiDivergence.gaussian(discrete.sigma() / discrete.sensitivity(), order);
        } else if (event instanceof Event.RandomizedResponse response) {
            return Outcomes.of(response, relation == NeighbouringRelation.ZERO_OUT_ONE)::divergence;
        } else if (event instanceof Event.ZeroConcentrated concentrated) {
            return order -> concentrated.rho() == 0 ? 0 : concentrated.rho() * order;
        } else if (event instanceof Event.PoissonSampled sampled) {
            return poisson(sampled, refusals);
        } else if (event instanceof Event.SampledWithoutReplacement sampled) {
            return new WithoutReplacement(sampled.rate(), inner(sampled.event(), "a sampled event", refusals))
                    ::divergence;
        } else if (event instanceof Event.RepeatAndSelect selected) {
            return new SelectedDivergence(selected, orders, inner(selected.event(), "a repeated event", refusals))::at;
        }
        refusals.add("It does not take " + event + "; the PLD accountant does.");
        return order -> 0;
    }

    private static DoubleUnaryOperator poisson(Event.PoissonSampled sampled, List<String> refusals) {
        OptionalDouble noise = Gaussians.sumNoiseMultiplier(sampled.event());
        if (noise.isEmpty()) {
            refusals.add("Of Poisson-sampled events it takes Gaussian ones, not " + sampled.event() + ".");
            return order -> 0;
        }
        return noise.getAsDouble() == Double.POSITIVE_INFINITY
                ? order -> 0
                : order -> RenyiDivergence.poissonGaussian(sampled.rate(), noise.getAsDouble(), order);
    }

    private DoubleUnaryOperator inner(Event event, String what, List<String> refusals) {
        DoubleUnaryOperator inner = order -> 0;
        for (Leaves.Leaf leaf : Leaves.of(event)) {
            if (leaf.event() instanceof Event.EpsilonDelta guarantee && guarantee.delta() > 0) {
                refusals.add("Of " + what + " it takes no delta, as that of " + leaf.event() + ".");
            }
            String wrongRelation = Relations.refusal(leaf.event(), relation);
            if (!wrongRelation.isEmpty()) {
                refusals.add(wrongRelation);
            }
            DoubleUnaryOperator sum = inner;
            DoubleUnaryOperator added = divergence(leaf.event(), refusals);
            inner = order -> sum.applyAsDouble(order) + leaf.times() * added.applyAsDouble(order);
        }
        return inner;
    }

    @Override
    public String toString() {
        return "RDP, " + relation + ", " + conversion + ", orders " + Arrays.toString(orders);
    }
}
