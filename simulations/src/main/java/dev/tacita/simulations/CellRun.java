package dev.tacita.simulations;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.trees.BoostedTrees;
import dev.tacita.core.trees.TreeEnsemble;
import dev.tacita.core.trees.TreeText;
import dev.tacita.core.trees.XgboostJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Runs one cell and writes down what comes of it. For one thread. */
final class CellRun implements RoundListener {
    static final String ROUND_COLUMNS = "population,run,seed,round,asked,contributions,train_loss,train_accuracy,"
            + "test_rows,test_loss,test_accuracy,mean_site_accuracy,worst_site_accuracy,"
            + "dropped_out,late,virtual_seconds,backdoor_rows,backdoor_success,epsilon,"
            + "tenth_percentile_site_accuracy,variance_site_accuracy,update_cosine,"
            + "site_upload_bytes,site_download_bytes";
    static final String SITE_COLUMNS = "population,run,seed,round,site,test_rows,test_loss,test_accuracy";

    private final Cell cell;
    private final Population population;
    private final OptionalDouble target;
    private final List<String> features;
    private final StudyListener listener;
    private final List<String> rounds = new ArrayList<>();
    private final List<String> sites = new ArrayList<>();
    private SiteBytes bytes = new SiteBytes(0, 0);
    private final Map<String, String> models = new LinkedHashMap<>();
    private OptionalInt reached = OptionalInt.empty();
    private double last = Double.NaN;
    private double lastMeanOfSites = Double.NaN;
    private double best = Double.NaN;

    CellRun(Cell cell, Population population, Study study, StudyListener listener) {
        this.cell = cell;
        this.population = population;
        this.target = study.target();
        this.features = study.features();
        this.listener = listener;
    }

    CellResult run(Simulation simulation, CellBackend backend) throws InterruptedException {
        bytes = simulation.siteBytes();
        SimulationResult result = backend.run(cell, simulation, this);
        if (simulation.plan().algorithm() instanceof BoostedTrees trees) {
            TreeEnsemble ensemble = trees.ensemble(simulation.plan().loss(), result.parameters());
            models.put("txt", TreeText.of(ensemble, features));
            models.put("json", XgboostJson.of(ensemble, features));
        }
        return new CellResult(cell, ended(simulation, result), reached, last, lastMeanOfSites, best, rounds, sites);
    }

    /** The trained model in forms that people and programs read, by the ending of a file's name; empty for one of layers. */
    Map<String, String> models() {
        return models;
    }

    private String ended(Simulation simulation, SimulationResult result) {
        if (result.failure().isPresent()) {
            return "failed: " + result.failure().get().replaceAll("[\\r\\n]", " ");
        }
        if (target.isEmpty()) {
            return "did all " + simulation.plan().rounds() + " rounds";
        }
        return reached.isPresent()
                ? "reached accuracy " + target.getAsDouble() + " in round " + reached.getAsInt()
                : "did not reach accuracy " + target.getAsDouble() + " in "
                        + simulation.plan().rounds() + " rounds; its best was "
                        + String.format(Locale.ROOT, "%.4f", best);
    }

    @Override
    public boolean goesOnAfter(SimulatedRound round) {
        Evaluation test = round.pooledTest();
        rounds.add(start(round) + "," + round.asked() + "," + round.contributions() + ","
                + number(round.training().loss()) + ","
                + number(round.training().accuracy()) + "," + measured(test)
                + "," + number(round.meanAccuracy()) + "," + number(round.worstAccuracy()) + ","
                + round.droppedOut() + "," + round.late() + ","
                + number(round.seconds().orElse(Double.NaN)) + "," + backdoors(round.backdoors()) + ","
                + number(round.epsilon().orElse(Double.NaN)) + "," + fairness(round) + ","
                + number(round.updateCosine().orElse(Double.NaN)) + "," + bytes.upload() + "," + bytes.download());
        for (int i = 0; i < round.tests().size() && population.testsAreOfSites(); i++) {
            sites.add(start(round) + "," + population.site(i) + ","
                    + measured(round.tests().get(i)));
        }
        listener.done(cell, round);
        if (test.examples() == 0) {
            return true;
        }
        last = test.accuracy();
        lastMeanOfSites = round.meanAccuracy();
        best = Double.isNaN(best) ? last : Math.max(best, last);
        if (target.isPresent() && last >= target.getAsDouble()) {
            reached = OptionalInt.of(round.round());
        }
        return reached.isEmpty();
    }

    private String start(SimulatedRound round) {
        return cell.population() + "," + cell.run() + "," + cell.seed() + "," + round.round();
    }

    private static String measured(Evaluation test) {
        return test.examples() == 0
                ? ",,"
                : test.examples() + "," + number(test.loss()) + "," + number(test.accuracy());
    }

    private String fairness(SimulatedRound round) {
        return population.testsAreOfSites()
                ? number(round.tenthPercentileAccuracy()) + "," + number(round.varianceOfAccuracy())
                : ",";
    }

    private static String backdoors(Evaluation proof) {
        return proof.examples() == 0 ? "," : proof.examples() + "," + number(proof.accuracy());
    }

    /** Empty where there is no number. */
    static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }
}
