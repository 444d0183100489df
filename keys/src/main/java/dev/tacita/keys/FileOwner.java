package dev.tacita.keys;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import dev.tacita.core.ProblemsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/** What others than its owner may do with a file. Where the file system does not know, nothing is read or written. */
final class FileOwner {
    static final Set<PosixFilePermission> ALONE = PosixFilePermissions.fromString("rw-------");
    static final Set<PosixFilePermission> OTHERS_READ = PosixFilePermissions.fromString("rw-r--r--");

    private FileOwner() {}

    /**
     * Writes a new file, which has these permissions from its first moment and is on the disk when this returns.
     *
     * @throws FileAlreadyExistsException if there is one
     */
    static void create(Path file, Set<PosixFilePermission> permissions, byte[] content) throws IOException {
        requireKnownOwners(file);
        FileChannel created = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(permissions));
        try (FileChannel out = created) {
            write(out, content);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Writes an empty file; what was written is on the disk when this returns. */
    static void fill(Path file, byte[] content) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            write(out, content);
        }
    }

    private static void write(FileChannel out, byte[] content) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
            out.write(rest);
        }
        out.force(true);
    }

    static Set<PosixFilePermission> permissions(Path file) throws IOException {
        requireKnownOwners(file);
        return Files.getPosixFilePermissions(file);
    }

    /** @throws ProblemsException unless the file is its owner's alone */
    static void requireAlone(Path file) throws IOException {
        Set<PosixFilePermission> permissions = permissions(file);
        Set<PosixFilePermission> more = new HashSet<>(permissions);
        more.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!more.isEmpty()) {
            throw KeyProblems.of(
                    file,
                    "others than its owner may use this private key: its permissions are "
                            + PosixFilePermissions.toString(permissions) + ".",
                    "If nobody did, 'chmod 600' it; otherwise make a new key.");
        }
    }

    /** @throws ProblemsException if others than its owner may write the file */
    static void requireOnlyOwnerWrites(Path file) throws IOException {
        Set<PosixFilePermission> permissions = permissions(file);
        if (permissions.contains(GROUP_WRITE) || permissions.contains(OTHERS_WRITE)) {
            throw KeyProblems.of(
                    file,
                    "others than its owner may write this file of trusted keys: its permissions are "
                            + PosixFilePermissions.toString(permissions) + ".",
                    "Look at each key in it, then 'chmod go-w' it.");
        }
    }

    private static void requireKnownOwners(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path place = Files.exists(file) || folder == null ? file : folder;
        boolean known = file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && (!Files.exists(place)
                        || Files.getFileStore(place).supportsFileAttributeView(PosixFileAttributeView.class));
        if (!known) {
            throw KeyProblems.of(
                    file, "this file system does not know owners, so nobody can say who may read or write a key.", "");
        }
    }
}
