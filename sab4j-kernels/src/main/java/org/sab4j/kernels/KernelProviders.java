package org.sab4j.kernels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Chooses the kernels once: the available provider of the highest rank, or the one that {@link #PROPERTY} names. */
public final class KernelProviders {

    /** The system property that asks for a provider by name. */
    public static final String PROPERTY = "sab4j.kernels";

    private static final String UNKNOWN = "unknown";
    private static final System.Logger LOG = System.getLogger(KernelProviders.class.getName());

    private KernelProviders() {}

    /** A provider that was not taken, and why, in one sentence. */
    public record Rejected(String name, String reason) {}

    /** What was chosen, and what was not. */
    public record Choice(Kernels kernels, List<Rejected> rejected) {
        /** Copies the list. */
        public Choice {
            rejected = List.copyOf(rejected);
        }
    }

    private static final class Holder {
        static final Supplier<Choice> CHOICE = once(System.getProperty(PROPERTY));

        /** What was chosen, or each time why nothing can be: an exception here would end as the error that the class has none. */
        private static Supplier<Choice> once(@Nullable String name) {
            try {
                Choice choice = choose(name);
                return () -> choice;
            } catch (UnusableKernelsException e) {
                return () -> {
                    throw new UnusableKernelsException(e);
                };
            }
        }
    }

    /**
     * The kernels of this process.
     *
     * @throws UnusableKernelsException each time, if those that {@link #PROPERTY} names can't be used
     */
    public static Kernels kernels() {
        return choice().kernels();
    }

    /**
     * The kernels of this process, with the providers that were passed over.
     *
     * @throws UnusableKernelsException each time, if those that {@link #PROPERTY} names can't be used
     */
    public static Choice choice() {
        return Holder.CHOICE.get();
    }

    /**
     * Chooses among all providers that can be found.
     *
     * @param name the provider to take, or null for the best
     * @throws UnusableKernelsException if {@code name} is not found or can't be taken; the message says which are there
     */
    public static Choice choose(@Nullable String name) {
        List<KernelProvider> found = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        found.add(new ScalarKernelProvider());
        var services = ServiceLoader.load(KernelProvider.class, KernelProviders.class.getClassLoader())
                .iterator();
        while (true) {
            try {
                if (!services.hasNext()) {
                    break;
                }
                found.add(services.next());
            } catch (ServiceConfigurationError e) {
                rejected.add(new Rejected(UNKNOWN, "a kernel provider could not be loaded: " + e.getMessage()));
            }
        }
        found.sort(Comparator.comparingInt(KernelProvider::rank).reversed());
        if (found.size() == 1 && rejected.isEmpty()) {
            String missing = "the library sab4j-kernels-vector is not on the module path or class path: add it";
            rejected.add(new Rejected("vector", missing));
            if (name == null) {
                LOG.log(System.Logger.Level.WARNING, "Slow kernels: {0}", missing);
            }
        }
        return take(found, rejected, name);
    }

    private static Choice take(List<KernelProvider> found, List<Rejected> rejected, @Nullable String name) {
        Kernels taken = null;
        for (KernelProvider provider : found) {
            Optional<String> reason = provider.unavailable();
            if (name != null && !provider.name().equals(name)) {
                rejected.add(new Rejected(provider.name(), "-D" + PROPERTY + "=" + name + " asks for another"));
            } else if (reason.isPresent()) {
                rejected.add(new Rejected(provider.name(), reason.get()));
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Slow kernels: the {0} kernels are not used: {1}",
                        provider.name(),
                        reason.get());
            } else if (taken == null) {
                taken = provider.kernels();
            } else {
                rejected.add(new Rejected(provider.name(), "the " + taken.name() + " kernels are faster"));
            }
        }
        if (taken == null) {
            String reasons = rejected.stream()
                    .filter(other -> other.name().equals(name) || other.name().equals(UNKNOWN))
                    .map(other -> " (" + other.reason() + ")")
                    .collect(Collectors.joining());
            String usable = found.stream()
                    .filter(provider -> provider.unavailable().isEmpty())
                    .map(KernelProvider::name)
                    .collect(Collectors.joining(" or "));
            throw new UnusableKernelsException(
                    "No kernels named '" + name + "' can be used" + reasons + ": -D" + PROPERTY + " takes " + usable);
        }
        return new Choice(taken, rejected);
    }
}
