package dev.tacita.dl4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The two entries that matter, unpacked within limits.
 *
 * @param configuration JSON in UTF-8
 * @param coefficients the parameters as ND4J writes an array
 */
record Entries(byte[] configuration, byte[] coefficients) {
    static final String CONFIGURATION = "configuration.json";
    static final String COEFFICIENTS = "coefficients.bin";

    private static final String UPDATER = "updaterState.bin";
    private static final int MOST_ENTRIES = 8;
    private static final int WIDEST_NUMBER = 8;
    private static final int LONGEST_HEADER = 1024;

    static Entries read(byte[] zip, String subject, Dl4jLimits limits) throws IOException {
        Map<String, byte[]> found = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        try (var stream = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = stream.getNextEntry(); entry != null; entry = stream.getNextEntry()) {
                read(entry.getName(), stream, limits, found, problems);
                if (found.size() + problems.size() > MOST_ENTRIES) {
                    problems.add(Problem.of("", "there must be at most " + MOST_ENTRIES + " entries."));
                    break;
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(subject + " is no zip that can be read: " + e.getMessage(), e);
        }
        for (String needed : List.of(CONFIGURATION, COEFFICIENTS)) {
            if (problems.isEmpty() && !found.containsKey(needed)) {
                problems.add(Problem.of(needed, "there must be such an entry."));
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException(subject, problems);
        }
        return new Entries(
                Optional.ofNullable(found.get(CONFIGURATION)).orElseThrow(),
                Optional.ofNullable(found.get(COEFFICIENTS)).orElseThrow());
    }

    private static void read(
            String name, ZipInputStream stream, Dl4jLimits limits, Map<String, byte[]> found, List<Problem> problems)
            throws IOException {
        String place = "entry '" + Printable.of(name) + "'";
        if (!name.equals(CONFIGURATION) && !name.equals(COEFFICIENTS) && !name.equals(UPDATER)) {
            problems.add(new Problem(
                    place,
                    "it is none of " + CONFIGURATION + ", " + COEFFICIENTS + " and " + UPDATER + ".",
                    "Write the network without it; a normalizer or preprocessor is no part of a model."));
            return;
        }
        if (found.containsKey(name)) {
            problems.add(Problem.of(place, "it must be there once."));
            return;
        }
        if (name.equals(UPDATER)) {
            found.put(name, new byte[0]);
            return;
        }
        long most = name.equals(CONFIGURATION)
                ? limits.configurationBytes()
                : (long) WIDEST_NUMBER * limits.parameters() + LONGEST_HEADER;
        byte[] bytes = stream.readNBytes((int) Math.min(most, Integer.MAX_VALUE - LONGEST_HEADER));
        if (stream.read() >= 0) {
            problems.add(Problem.of(place, "it must unpack to at most " + most + " bytes."));
        }
        found.put(name, bytes);
    }
}
