package dev.tacita.keys;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What is wrong with a file of keys as a whole. */
final class KeyProblems {
    private KeyProblems() {}

    static ProblemsException of(Path file, String why, String fix) {
        return new ProblemsException(file + " has a problem", List.of(new Problem(file.toString(), why, fix)));
    }

    /** What the disk refused. */
    static ProblemsException of(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            Path folder = file.toAbsolutePath().getParent();
            return folder != null && Files.isDirectory(folder)
                    ? of(file, "there is no such file.", "")
                    : of(file, "there is no such folder.", "");
        }
        if (e instanceof AccessDeniedException) {
            return of(file, "this user may not read or write it.", "");
        }
        return of(
                file,
                Files.isDirectory(file) ? "this is a folder, not a file." : "it cannot be read or written: " + e + ".",
                "");
    }
}
