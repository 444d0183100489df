package dev.tacita.errorprone;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Error Prone with all its checks and plugins, loaded once for all compilations of a process. javac loads a plugin anew
 * for each compilation, and Maven compiles twice in every module: most of the time went into classes that were not
 * compiled by the JVM yet. If this JDK's compiler does not let itself be told, Error Prone is loaded as ever.
 */
public final class LoadedOnce implements Plugin {
    @Override
    public String getName() {
        return "ErrorProneLoadedOnce";
    }

    @Override
    public void init(JavacTask task, String... arguments) {
        ClassLoader own = LoadedOnce.class.getClassLoader();
        try {
            plugin(useFor(task, own)).init(task, arguments);
        } catch (ReflectiveOperationException | JMException e) {
            throw new IllegalStateException("Error Prone must be on the processor path", e);
        }
    }

    private static Plugin plugin(ClassLoader loader) throws ReflectiveOperationException {
        return Class.forName("com.google.errorprone.ErrorProneJavacPlugin", true, loader)
                .asSubclass(Plugin.class)
                .getConstructor()
                .newInstance();
    }

    /** Error Prone asks the compiler where its plugins are: there, too, they must be the same classes. */
    private static ClassLoader useFor(JavacTask task, ClassLoader own) throws JMException {
        if (!(own instanceof URLClassLoader path)) {
            return own;
        }
        try {
            Object context = task.getClass().getMethod("getContext").invoke(task);
            Class<?> environment = Class.forName("com.sun.tools.javac.processing.JavacProcessingEnvironment");
            Field loader = environment.getDeclaredField("processorClassLoader");
            loader.setAccessible(true);
            ClassLoader shared = shared(path.getURLs(), own.getParent());
            loader.set(environment.getMethod("instance", context.getClass()).invoke(null, context), shared);
            return shared;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return own;
        }
    }

    private static ClassLoader shared(URL[] path, ClassLoader parent) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(
                "dev.tacita.errorprone:type=LoadedClasses,path=" + ObjectName.quote(Arrays.toString(path)));
        try {
            server.registerMBean(new LoadedClasses(path, parent), name);
        } catch (InstanceAlreadyExistsException e) {
            // Another compilation was first.
        }
        return server.getClassLoader(name);
    }
}
