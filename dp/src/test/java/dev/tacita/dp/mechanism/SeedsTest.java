package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                GaussianMechanism.class,
                LaplaceMechanism.class,
                DiscreteLaplaceMechanism.class,
                DiscreteGaussianMechanism.class,
                ExponentialMechanism.class,
                PermuteAndFlip.class,
                ReportNoisyMax.class,
                AboveThreshold.class,
                RandomizedResponse.class,
                PoissonSampler.class
            })
    void nothingPublicTakesRandomBitsOrASeed(Class<?> mechanism) {
        assertThat(mechanism.getConstructors()).isEmpty();
        assertThat(Modifier.isPublic(RandomBits.class.getModifiers())).isFalse();
        assertThat(Arrays.stream(mechanism.getMethods())
                        .filter(method -> Modifier.isStatic(method.getModifiers()))
                        .flatMap(method -> Stream.of(method.getParameterTypes())))
                .doesNotContain(RandomBits.class, byte[].class, java.util.Random.class);
        assertThat(Arrays.stream(mechanism.getDeclaredMethods()).map(method -> method.getName()))
                .doesNotContain("toString");
    }
}
