package dev.tacita.errorprone;

import java.net.URL;
import java.net.URLClassLoader;

/** The classes of one processor path; they outlive the compilations that use them. */
final class LoadedClasses extends URLClassLoader implements LoadedClassesMBean {
    LoadedClasses(URL[] path, ClassLoader parent) {
        super(path, parent);
    }

    /** Does nothing: a compiler closes what it was given. */
    @Override
    public void close() {}
}
