package dev.tacita.errorprone;

/** Makes {@link LoadedClasses} something that the whole process can find by a name. */
public interface LoadedClassesMBean {}
