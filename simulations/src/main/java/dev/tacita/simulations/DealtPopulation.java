package dev.tacita.simulations;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Sites to which rows were dealt. */
final class DealtPopulation implements Population {
    private final Rows rows;
    private final int[][] places;
    private final Examples test;
    private final String pattern;

    DealtPopulation(Rows rows, int[][] places, Examples test) {
        this.rows = rows;
        this.places = places;
        this.test = test;
        this.pattern = "site-%0" + Integer.toString(places.length).length() + "d";
    }

    @Override
    public int size() {
        return places.length;
    }

    @Override
    public SiteId site(int index) {
        return new SiteId(String.format(Locale.ROOT, pattern, index + 1));
    }

    @Override
    public int rows(int index) {
        return places[index].length;
    }

    @Override
    public Examples train(int index) {
        return rows.at(places[index]);
    }

    @Override
    public List<Examples> tests() {
        return List.of(test);
    }

    @Override
    public boolean testsAreOfSites() {
        return false;
    }

    @Override
    public long fingerprint() {
        return 31 * (31 * rows.fingerprint() + Arrays.deepHashCode(places))
                + Rows.of(test, 0).fingerprint();
    }
}
